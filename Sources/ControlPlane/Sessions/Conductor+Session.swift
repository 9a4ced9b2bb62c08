import Arrangement
import HootWire
import Settings

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

  var sessionDocument: SessionDocument { Self.document(of: timeline, font: defaultFont, settings) }

  /// Any thread.
  static func document(of timeline: Timeline, font: String, _ settings: Settings) -> SessionDocument {
    SessionDocument(
      timeline, soundfont: FontLibrary.name(of: font), effects: settings.effects,
      limiter: settings.limiter, ceilingDB: settings.ceiling, voices: settings.voices,
      timing: Track.Timing(rawValue: settings.timing))
  }
}
