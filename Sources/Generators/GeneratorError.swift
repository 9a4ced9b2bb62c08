/// Why nothing was made. Three lines: what failed, why, and what to do next.
package struct GeneratorError: Error, Sendable, Equatable {
  /// A stable word in snake_case.
  package var code: String
  package var what: String
  package var why: String
  package var next: String

  package init(_ code: String, _ what: String, why: String, next: String) {
    self.code = code
    self.what = what
    self.why = why
    self.next = next
  }
}

extension GeneratorError {
  /// A parameter outside its range.
  static func range(_ name: String, seen: some CustomStringConvertible, allowed: String) -> GeneratorError {
    GeneratorError(
      "out_of_range", "\(name): \(seen) is out of range", why: "Seen \(seen), allowed \(allowed).",
      next: "give \(name) within \(allowed)")
  }
}
