import Media
import RealtimeEngine

extension SynthBankContent {
  /// Checks a font and makes a track's bank of it. Loader thread.
  static func load(
    _ settings: SynthSettings,
    together: Together = { count, piece in for index in 0..<count { piece(index) } }
  ) throws(Refusal) -> SynthBankContent {
    do {
      // FluidSynth trusts the file; a hostile one must not get that far.
      _ = try SoundFontInfo.read(path: settings.soundfont)
    } catch { throw Refusal(error) }
    do {
      return try SynthBankContent(settings, together: together)
    } catch { throw Refusal(error) }
  }
}
