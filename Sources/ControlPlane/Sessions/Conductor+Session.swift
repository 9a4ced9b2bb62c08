import Arrangement
import HootWire

extension Conductor {
  /// The running session as `chaosgarden render --session` reads it.
  func exportSession() throws(Refusal) -> Answer {
    do {
      return .reply(.ok(["session": try JSONValue.parse(sessionDocument.encode())]))
    } catch {
      throw Refusal(
        "export", .internalError, "the session could not be written down", "\(error)", "garden status")
    }
  }

  var sessionDocument: SessionDocument {
    SessionDocument(
      timeline, soundfont: FontLibrary.name(of: defaultFont), effects: settings.effects,
      limiter: settings.limiter, ceilingDB: settings.ceiling, voices: settings.voices,
      timing: Track.Timing(rawValue: settings.timing))
  }
}
