import HootWire
import Tools

// hootenanny's words for parameters of tools that it has by the same name: each stands beside ours, and says the same.
extension AgentTool {
  /// How their value becomes ours.
  enum Turning: Sendable {
    case same
    /// One, where ours takes several.
    case list
    case seconds
    /// `any` or `all`, as a flag of ours.
    case isAny
    /// What the content itself says here.
    case nothing
  }

  struct Word: Sendable {
    let theirs: String
    let ours: String
    var turning = Turning.same
    /// nil: as ours.
    var schema: JSONValue?
  }

  static func words(_ tool: Tool) -> [Word] {
    let creator = Word(theirs: "creator", ours: ParameterName.client.rawValue)
    let takesClient = tool.job != nil && tool.usage.parameters.contains { $0.name == .client }
    return own(tool.name) + (takesClient ? [creator] : [])
  }

  private static func own(_ name: ToolName) -> [Word] {
    switch name {
    case .seek: [Word(theirs: "beat", ours: "position")]
    case .jobPoll:
      [
        Word(theirs: "job_ids", ours: "job"),
        Word(
          theirs: "timeout_ms", ours: "wait", turning: .seconds,
          schema: [
            "type": "integer", "minimum": 0, "maximum": 30_000, "description": "milliseconds, 24 s at most",
          ]),
        Word(
          theirs: "mode", ours: "any", turning: .isAny,
          schema: ["type": "string", "enum": ["any", "all"], "description": "which of them are waited for"]),
      ]
    case .jobCancel:
      [Word(theirs: "job_id", ours: "job", turning: .list, schema: said("the job's id", 36))]
    case .artifactShow: [Word(theirs: "id", ours: "hash")]
    case .artifactAdd:
      [
        Word(theirs: "file_path", ours: "file"),
        Word(
          theirs: "mime_type", ours: "mime_type", turning: .nothing,
          schema: said("what the file is; the file itself says so too", 128)),
      ]
    case .soundfontInspect: [Word(theirs: "soundfont_hash", ours: "font")]
    case .midiInfo, .audioInfo:
      [Word(theirs: "artifact_id", ours: "file"), Word(theirs: "hash", ours: "file")]
    case .abcToMIDI: [Word(theirs: "tempo_override", ours: "tempo")]
    default: []
    }
  }

  private static func said(_ words: String, _ most: Int64) -> JSONValue {
    [
      "type": "string", "minLength": 1, "maxLength": .integer(most),
      "description": .string(words),
    ]
  }

  /// Members of the schema for those words.
  static func members(_ words: [Word], of tool: Tool) -> [(String, JSONValue)] {
    words.compactMap { word in
      if let schema = word.schema { return (word.theirs, schema) }
      let parameter = tool.usage.parameters.first { $0.name.rawValue == word.ours }
      return parameter.map { (word.theirs, $0.schema) }
    }
  }

  /// Our words in place of theirs.
  static func translate(_ arguments: inout JSONObject, _ words: [Word]) throws(ToolError) {
    for word in words {
      guard let value = arguments[word.theirs] else { continue }
      arguments[word.theirs] = nil
      guard word.turning != .nothing, !value.isNull else { continue }
      guard arguments[word.ours] == nil else {
        throw ToolError(
          code: "given_twice", what: "`\(word.ours)` is given twice",
          why: "`\(word.theirs)` is another word for it.", next: "tools/list")
      }
      arguments[word.ours] = try turned(value, word)
    }
  }

  private static func turned(_ value: JSONValue, _ word: Word) throws(ToolError) -> JSONValue {
    switch word.turning {
    case .same, .nothing: return value
    case .list: return .array([value])
    case .seconds:
      guard let milliseconds = value.double, (0...30_000).contains(milliseconds) else {
        throw refusal(word, value, "0 to 30000")
      }
      return .number(min(milliseconds / 1_000, 24))
    case .isAny:
      guard value == "any" || value == "all" else { throw refusal(word, value, "any, all") }
      return .bool(value == "any")
    }
  }

  private static func refusal(_ word: Word, _ value: JSONValue, _ allowed: String) -> ToolError {
    ToolError(
      code: "bad_arguments", what: "`\(word.theirs)` cannot be that",
      why: "Seen \(quoted(value.text)), allowed \(allowed).", next: "tools/list")
  }
}
