/// How a command is typed and explained. Tools and the command line's own commands both have one.
package struct Usage: Sendable {
  /// `["region", "add"]`; empty for a request that has no command of its own.
  package var words: [String]
  /// One line, lower case, no full stop.
  package var summary: String
  package var discussion: String
  /// Whole command lines that work when pasted.
  package var examples: [String]
  package var parameters: [Parameter]

  package init(
    _ words: String, _ summary: String, discussion: String = "", examples: [String] = [],
    parameters: [Parameter] = []
  ) {
    self.words = words.split(separator: " ").map(String.init)
    self.summary = summary
    self.discussion = discussion
    self.examples = examples
    self.parameters = parameters
  }

  package var command: String { words.isEmpty ? "this request" : words.joined(separator: " ") }

  /// What to type to read more.
  package var helpCommand: String {
    words.isEmpty ? "garden help" : "garden help \(command)"
  }

  /// Holds `values` against the declared parameters.
  ///
  /// Nothing is taken over unless everything passes. `null` counts as not given. Parameters that only the
  /// command line answers are unknown here unless `client` is true.
  package func validate(
    _ values: [(String, ToolValue)], client: Bool = false
  ) throws(ToolError) -> Arguments {
    var arguments = Arguments()
    for (name, value) in values {
      guard let parameter = parameters.first(where: { $0.name.rawValue == name }),
        client || !parameter.isClientOnly
      else { throw unknownParameter(name) }
      if value == .null { continue }
      guard !arguments.has(parameter.name) else { throw givenTwice(parameter) }
      arguments.values[parameter.name] = try parameter.check(value, in: self)
    }
    for parameter in parameters where parameter.isRequired && !arguments.has(parameter.name) {
      throw missing(parameter)
    }
    return arguments
  }

  private func unknownParameter(_ name: String) -> ToolError {
    ToolError(
      code: "unknown_parameter", what: "\(command) has no parameter \(shownText(name))",
      why: Suggestion.sentence(for: name, in: parameters.map(\.name.rawValue), noun: "parameter"),
      next: helpCommand)
  }

  private func givenTwice(_ parameter: Parameter) -> ToolError {
    ToolError(
      code: "given_twice", what: "\(parameter.label) is given twice",
      why: "\(command) takes it once.", next: helpCommand)
  }

  private func missing(_ parameter: Parameter) -> ToolError {
    ToolError(
      code: "missing_parameter", what: "\(command) needs \(parameter.label)",
      why: "\(parameter.label): \(parameter.help).", next: examples.first ?? helpCommand)
  }
}
