/// A driver that could not be made or started, or something that was asked of it in vain. Nothing was changed by trying.
package struct DriverError: Error, Equatable, CustomStringConvertible {
  /// What failed.
  package let what: String
  /// Why: the value seen, the value allowed.
  package let why: String
  /// What to type next.
  package let next: String

  package init(_ what: String, why: String, next: String) {
    self.what = what
    self.why = why
    self.next = next
  }

  package var lines: [String] { [what, why, next] }
  package var description: String { lines.joined(separator: "\n") }
}
