import Foundation
import HootWire
import Testing

/// Recorded and canonical messages: `Fixtures/vectors.jsonl`, one JSON object a line.
struct Vector: CustomTestStringConvertible {
  let name: String
  let frames: [[UInt8]]
  let meaning: JSONValue

  var testDescription: String { name }

  static let all: [Vector] = {
    guard let url = Bundle.module.url(forResource: "Fixtures/vectors", withExtension: "jsonl"),
      let data = FileManager.default.contents(atPath: url.path)
    else { return [] }
    return data.split(separator: 0x0a).compactMap { line in
      guard let value = try? JSONValue.parse(Array(line)),  // An unreadable line fails the count below.
        let name = value["name"]?.string, let meaning = value["meaning"]
      else { return nil }
      let frames = (value["frames_hex"]?.array ?? []).map { bytes(hex: $0.string ?? "") }
      return Vector(name: name, frames: frames, meaning: meaning)
    }
  }()

  /// Those that are HOOT01 messages; the others are older pings.
  static let hoot: [Vector] = all.filter { $0.meaning["legacy"] == nil }

  /// Those with a JSON body that holds a message.
  static let messages: [Vector] = hoot.filter {
    $0.meaning["content_type"]?.string == "json" && $0.meaning["command"]?.string != "ready"
  }
}

func bytes(hex: String) -> [UInt8] {
  let digits = Array(hex.utf8).map { UInt8(Character(UnicodeScalar($0)).hexDigitValue ?? 0) }
  return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// A small seeded generator (xorshift), so that a failure can be repeated.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
