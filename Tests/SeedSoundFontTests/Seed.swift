@testable import SeedSoundFont

/// The font under test, made and read back once.
enum Seed {
  static let bytes = SeedSoundFont.bytes()
  private static let parsed = Result { try ParsedSoundFont(bytes) }

  static func font() throws -> ParsedSoundFont { try parsed.get() }
}
