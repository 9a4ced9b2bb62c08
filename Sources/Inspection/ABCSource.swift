import Generators
import Tools

/// An ABC text and where it comes from.
package struct ABCSource: Sendable {
  /// How messages call it: a path, or `abc`.
  package let name: String
  package let text: String
  package let book: ABCBook

  /// Refused where it is no text. What is wrong with the notation is in `book`.
  package init(name: String, bytes: [UInt8]) throws(ToolError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ToolError(
        code: "bad_abc", exit: .badData, what: "\(shownText(name)) is not text",
        why: "ABC notation is UTF-8.",
        next: "file \(shownText(name))")
    }
    self.name = name
    self.text = text
    book = ABCParser.parse(bytes)
  }

  /// Where the text is one file's bytes at most.
  package static let maximumBytes = GeneratorLimits.abcBytes

  func requireValid() throws(ToolError) {
    guard let error = book.diagnostics.first(where: { $0.severity == .error }) else {
      guard !book.isValid else { return }
      throw ToolError(
        code: "bad_abc", exit: .badData, what: "\(shownText(name)) has errors",
        why: "\(book.errorCount) of them, behind \(book.diagnostics.count) warnings.",
        next: "garden abc validate FILE")
    }
    throw ToolError(
      code: "bad_abc", exit: .badData,
      what: "\(shownText(name)): line \(error.line), column \(error.column): not ABC",
      why: error.message + ".", next: "garden abc validate FILE")
  }

  /// The tune of this number; the first one without.
  func tune(_ number: Int?) throws(ToolError) -> ABCTune {
    let found = number.map { wanted in book.tunes.first { $0.number == wanted } } ?? book.tunes.first
    if let found { return found }
    let numbers = book.tunes.compactMap(\.number).prefix(12).map(String.init).joined(separator: ", ")
    throw ToolError(
      code: "no_tune", exit: .badData,
      what: "\(shownText(name)) has no tune \(number.map(String.init) ?? "")",
      why: "It has: \(numbers.isEmpty ? "none with a number" : numbers).", next: "garden abc parse FILE")
  }
}
