/// Every request and every command, in the order help lists them.
package enum Catalogue {
  /// What the daemon answers.
  package static let all: [Tool] =
    stateTools + transportTools + cueTools + regionTools + trackTools + busTools + auditionTools
    + automationTools + materialTools + contentTools + generatorTools + deviceTools + sessionTools + midiTools
    + portTools
    + inputTools + captureTools + jobControlTools + jobTools + workflowTools + decisionTools + hostTools
    + artifactTools
    + webhookTools
    + stageTools + graphTools + controlTools

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The declaration of a request; every name has one.
  package static func tool(_ name: ToolName) -> Tool {
    guard let tool = byName[name] else { preconditionFailure("\(name.rawValue) is not declared") }
    return tool
  }

  private static let byAlias = Dictionary(
    uniqueKeysWithValues: all.flatMap { tool in tool.aliases.map { ($0, tool) } })

  /// The declaration by its wire name or another it goes by, or nil.
  package static func tool(named name: String) -> Tool? {
    ToolName(rawValue: name).map { tool($0) } ?? byAlias[name]
  }

  /// The declaration by the words a person types, or nil.
  package static func tool(words: [String]) -> Tool? {
    words.isEmpty ? nil : all.first { $0.usage.words == words }
  }

  /// A refusal for a `type` nobody declared.
  package static func unknownTool(_ name: String) -> ToolError {
    ToolError(
      code: "unknown_tool", what: "There is no request \(shownText(name))",
      why: Suggestion.sentence(for: name, in: ToolName.allCases.map(\.rawValue), noun: "request"),
      next: "garden help")
  }
}
