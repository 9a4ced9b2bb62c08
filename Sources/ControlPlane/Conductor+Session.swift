import Arrangement
import HootWire

extension Conductor {
  /// The running session as `chaosgarden render --session` reads it.
  func exportSession() throws(Refusal) -> Answer {
    let font = FontLibrary.name(of: defaultFont)
    let document = SessionDocument(
      timeline, soundfont: font, effects: settings.effects, limiter: settings.limiter,
      voices: settings.voices,
      timing: Track.Timing(rawValue: settings.timing)
    )
    do {
      return .reply(.ok(["session": try JSONValue.parse(document.encode())]))
    } catch {
      throw Refusal(
        "export", .internalError, "the session could not be written down", "\(error)", "garden status")
    }
  }
}
