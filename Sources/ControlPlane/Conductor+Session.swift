import Arrangement
import HootWire

extension Conductor {
  /// The running session as `chaosgarden render --session` reads it.
  func exportSession() throws(Refusal) -> Answer {
    let font = FontLibrary.name(of: defaultFont)
    let document = SessionDocument(
      timeline, soundfont: font, effects: settings.effects, limiter: settings.limiter,
      ceilingDB: settings.ceiling, voices: settings.voices)
    do {
      return .reply(.ok(["session": try JSONValue.parse(document.encode())]))
    } catch {
      throw Refusal(
        "export", .internalError, "the session could not be written down", "\(error)", "garden status")
    }
  }
}
