/// What a content store's files are called: how people and programs name immutable content in place of a path.
package enum ContentName: Hashable, Sendable {
  /// The first 16 bytes of the BLAKE3 digest, as 32 lower-case hexadecimal digits.
  case hash(String)
  /// The whole digest, 64 digits.
  case digest(String)
  /// `artifact_…`: hootenanny's name for an entry of its list, which knows the hash.
  case artifact(String)

  package static let artifactPrefix = "artifact_"

  /// Nil when the text is no such name. Digits may be of either case; nothing that could lead out of a folder passes.
  package init?(_ text: String) {
    if text.hasPrefix(Self.artifactPrefix) {
      let id = text.dropFirst(Self.artifactPrefix.count)
      guard (1...ToolLimits.artifactLength).contains(id.utf8.count),
        id.utf8.allSatisfy({ Self.isWord($0) })
      else { return nil }
      self = .artifact(text)
      return
    }
    guard [32, 64].contains(text.utf8.count), text.utf8.allSatisfy({ Self.isDigit($0) }) else { return nil }
    self = text.utf8.count == 32 ? .hash(text.lowercased()) : .digest(text.lowercased())
  }

  /// The 32 digits that the store goes by; nil of an artifact, whose are in a list.
  package var hash: String? {
    switch self {
    case .hash(let text), .digest(let text): String(text.prefix(32))
    case .artifact: nil
    }
  }

  package var text: String {
    switch self {
    case .hash(let text), .digest(let text), .artifact(let text): text
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
