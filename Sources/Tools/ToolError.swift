/// A refused request: three plain lines, a word for programs and the exit status for the command line.
package struct ToolError: Error, Equatable, Sendable {
  /// A stable word in snake_case, such as `out_of_range`.
  package var code: String
  package var exit: ExitCode
  /// What failed.
  package var what: String
  /// Why: the value seen and the values allowed.
  package var why: String
  /// What to type next.
  package var next: String

  package init(code: String, exit: ExitCode = .usage, what: String, why: String, next: String) {
    self.code = code
    self.exit = exit
    self.what = what
    self.why = why
    self.next = next
  }

  /// The three lines in the order they are printed.
  package var lines: [String] { [what, why, next] }
}
