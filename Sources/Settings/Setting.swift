import Tools

/// One setting, declared once: file key, environment variable and flag all come from here.
package struct Setting: Sendable {
  package var name: SettingName
  package var kind: Kind
  package var builtIn: SettingValue
  /// The flag without dashes: `rate` is `--rate` and `GARDEN_RATE`.
  package var word: String
  /// One line, lower case, no full stop.
  package var help: String

  package enum Kind: Equatable, Sendable {
    case text(maxLength: Int)
    /// `~/` and a leading `$NAME` are expanded.
    case path(maxBytes: Int)
    case boolean
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
  }

  package var flag: String { "--" + word }

  package var environment: String {
    "GARDEN_" + String(word.uppercased().map { $0 == "-" ? "_" : $0 })
  }

  /// The allowed values, for help, the example file and errors.
  package var allowed: String {
    switch kind {
    case .text(let length): "text of at most \(length) characters"
    case .path(let bytes): "a path of at most \(bytes) bytes"
    case .boolean: "true or false"
    case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .choice(let words): words.joined(separator: ", ")
    }
  }
}

extension Setting {
  /// Why a value does not fit: line two of an error.
  struct Misfit: Error {
    var reason: String
  }

  /// A typed value from a file: the type must fit, a whole number does for a number.
  func fit(_ value: SettingValue) throws(Misfit) -> SettingValue {
    switch (kind, value) {
    case (.text(let length), .text(let text)):
      guard text.count <= length else { throw misfit("\(text.count) characters") }
      return .text(try oneLine(text))
    case (.path(let bytes), .text(let text)):
      guard text.utf8.count <= bytes else { throw misfit("\(text.utf8.count) bytes") }
      return .text(try oneLine(text))
    case (.boolean, .bool): return value
    case (.integer(let range), .integer(let number)):
      guard range.contains(number) else { throw misfit(String(number)) }
      return value
    case (.number(let range), .integer(let number)):
      guard range.contains(Double(number)) else { throw misfit(String(number)) }
      return .number(Double(number))
    case (.number(let range), .number(let number)):
      guard number.isFinite, range.contains(number) else { throw misfit(number.description) }
      return value
    case (.choice(let words), .text(let text)):
      guard words.contains(text) else {
        throw Misfit(
          reason: "Seen \(shownText(text)). " + Suggestion.sentence(for: text, in: words, noun: "value"))
      }
      return value
    default: throw misfit(value.toml)
    }
  }

  /// A value from the environment or a flag: text, read as the setting's type.
  func parse(_ text: String) throws(Misfit) -> SettingValue {
    switch kind {
    case .text, .path, .choice: return try fit(.text(text))
    case .boolean:
      switch text.lowercased() {
      case "true", "on", "yes", "1": return .bool(true)
      case "false", "off", "no", "0": return .bool(false)
      default: throw misfit(shownText(text))
      }
    case .integer:
      guard let number = Int(text) else { throw misfit(shownText(text)) }
      return try fit(.integer(number))
    case .number:
      guard let number = Double(text) else { throw misfit(shownText(text)) }
      return try fit(.number(number))
    }
  }

  private func oneLine(_ text: String) throws(Misfit) -> String {
    guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw misfit(shownText(text))
    }
    return text
  }

  private func misfit(_ seen: String) -> Misfit {
    Misfit(reason: "Seen \(seen), allowed \(allowed).")
  }
}
