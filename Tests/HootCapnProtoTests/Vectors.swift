import Foundation
import HootWire
import Testing

@testable import HootCapnProto

/// Recorded exchanges: `Fixtures/vectors.jsonl`, one JSON object a line.
struct Vector: CustomTestStringConvertible {
  let name: String
  let frames: [[UInt8]]
  let meaning: JSONValue

  var testDescription: String { name }
  var body: [UInt8] { frames.last ?? [] }

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

  /// Those with an envelope.
  static let envelopes = all.filter { $0.meaning["envelope"] != nil }
  static let broadcasts = all.filter { $0.meaning["broadcast"] != nil }
}

func bytes(hex: String) -> [UInt8] {
  let digits = Array(hex.utf8).map { UInt8(Character(UnicodeScalar($0)).hexDigitValue ?? 0) }
  return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

extension JSONValue {
  /// The schema's names as ours, and what the two ways of writing a message down disagree in made alike: an empty text,
  /// list or struct is the same as none, numbers are doubles, bytes are hexadecimal.
  var canonical: JSONValue {
    switch self {
    case .array(let values): return .array(values.map(\.canonical))
    case .object(let object):
      var members: [(String, JSONValue)] = []
      for member in object.members {
        let value = member.value.canonical
        if value == "" || value == [] || value == [:] { continue }
        members.append((member.key.snakeCase, value))
      }
      return .object(JSONObject(members))
    case .integer(let value): return .number(Double(value))
    case .unsigned(let value): return .number(Double(value))
    case .string(let text): return Double(text).map(JSONValue.number) ?? .string(text.snakeCase)
    default: return self
    }
  }
}

extension String {
  var snakeCase: String {
    reduce(into: "") { text, letter in
      if letter.isASCII, letter.isUppercase { text += "_" + letter.lowercased() } else { text.append(letter) }
    }
  }
}
