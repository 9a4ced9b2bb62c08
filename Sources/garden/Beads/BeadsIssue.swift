import ContentStore
import HootWire
import Tools

/// A task of a list: what is known of it that matters for having it done.
struct BeadsIssue: Sendable {
  /// The kinds that are told from words.
  static let kinds = ["code", "text", "reasoning", "summarize", "general"]

  let id: String
  let status: String
  /// 0 is critical, 3 is low; a list may go further down.
  let priority: Int
  let created: Timestamp?
  let blockers: [String]
  /// nil: at once.
  let runAt: Timestamp?
  /// It is said when it is to run, and nobody can read it.
  let hasUnreadableTime: Bool
  let kind: String
  let prompt: String
  /// Jobs that have ended for it.
  let attempts: Int
  /// The job that was begun for it.
  let job: String?

  init?(_ object: JSONValue) {
    guard let id = object["id"]?.string, !id.isEmpty else { return nil }
    self.id = id
    status = object["status"]?.string ?? "open"
    priority = Int(min(3, max(0, object["priority"]?.int ?? 2)))
    created = object["created_at"]?.string.flatMap { Timestamp(text: $0) }
    blockers = Self.blockers(object)
    let time = object["run_at"].flatMap { $0.isNull ? nil : $0 }
    runAt = time.flatMap(Self.time)
    hasUnreadableTime = time != nil && runAt == nil
    prompt = Self.prompt(object)
    kind = Self.kind(object)
    attempts = Int(min(1_000_000, max(0, object["garden_attempts"]?.int ?? 0)))
    job = object["garden_job"]?.string
  }

  /// What has to be closed before: dependencies of the type `blocks` or of none, as objects or as bare ids.
  private static func blockers(_ object: JSONValue) -> [String] {
    let listed = ["dependencies", "deps", "depends_on", "blocked_by"].flatMap { object[$0]?.array ?? [] }
    return listed.compactMap { entry in
      if let id = entry.string { return id }
      guard entry["type"]?.string ?? "blocks" == "blocks" else { return nil }
      return entry["depends_on_id"]?.string ?? entry["id"]?.string
    }
  }

  /// RFC 3339, or seconds since 1970.
  private static func time(_ value: JSONValue) -> Timestamp? {
    if let text = value.string { return Timestamp(text: text) }
    guard let seconds = value.double, seconds.isFinite, abs(seconds) < 1e12 else { return nil }
    return Timestamp(seconds: Int64(seconds.rounded(.up)), nanoseconds: 0)
  }

  private static func prompt(_ object: JSONValue) -> String {
    let parts = ["title", "description", "design", "acceptance_criteria"].compactMap { object[$0]?.string }
    let whole = object["prompt"]?.string ?? parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    var bytes = Array(whole.utf8.prefix(ToolLimits.promptBytes))
    // The limit may fall into a character.
    while String(validating: bytes, as: UTF8.self) == nil { bytes.removeLast() }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.isEmpty ? (object["id"]?.string ?? "") : text
  }

  // MARK: Kind

  private static let otherNames = [
    "code-generation": "code", "code_generation": "code", "coding": "code", "text-processing": "text",
    "text_processing": "text", "chat": "text", "summary": "summarize", "summarise": "summarize",
  ]

  /// The kind that the task names, else the one that its labels name, else the one that its words are about.
  private static func kind(_ object: JSONValue) -> String {
    for name in ["kind", "task_type"] {
      if let kind = object[name]?.string, !kind.isEmpty {
        return otherNames[kind.lowercased()] ?? (kinds.contains(kind.lowercased()) ? kind.lowercased() : kind)
      }
    }
    for label in (object["labels"]?.array ?? []).compactMap({ $0.string?.lowercased() }) {
      let word = label.hasPrefix("kind:") ? String(label.dropFirst(5)) : label
      if let kind = otherNames[word] ?? kinds.first(where: { $0 == word }) { return kind }
    }
    return kind(ofText: [object["title"]?.string ?? "", object["description"]?.string ?? ""])
  }

  private static let words: [(kind: String, words: Set<String>)] = [
    (
      "summarize",
      ["summarize", "summarise", "summary", "summarizes", "condense", "digest", "tldr", "abridge", "shorten"]
    ),
    (
      "code",
      [
        "code", "implement", "function", "refactor", "bug", "fix", "compile", "script", "class", "api",
        "debug",
        "program", "module", "test", "tests", "build", "parser", "crash", "sql", "python", "swift", "rust",
        "javascript",
      ]
    ),
    (
      "reasoning",
      [
        "reason", "reasoning", "analyze", "analyse", "analysis", "why", "prove", "plan", "compare", "decide",
        "evaluate", "think", "explain", "solve", "design", "strategy", "investigate",
      ]
    ),
    (
      "text",
      [
        "write", "text", "draft", "translate", "document", "documentation", "email", "essay", "describe",
        "rewrite", "proofread", "article", "letter", "readme", "blog",
      ]
    ),
  ]

  /// The kind with most of its words in the first text that has any; the order above decides between equals.
  static func kind(ofText texts: [String]) -> String {
    for text in texts {
      let found = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
      var best: (count: Int, kind: String)?
      for (kind, words) in words {
        let count = found.count(where: words.contains)
        if count > (best?.count ?? 0) { best = (count, kind) }
      }
      if let best { return best.kind }
    }
    return "general"
  }

  // MARK: Job

  /// Of the attempt that comes next or runs: the same task of the same list gives the same id, whoever asks and however
  /// often, so that nothing is done twice.
  func jobID(list path: String) -> String {
    var hash = BLAKE3()
    for text in ["garden beads", path, id, String(attempts + 1)] {
      hash.update(Array(text.utf8) + [0])
    }
    var bytes = Array(hash.digest().prefix(16))
    // RFC 9562: version 8, made by a rule of one's own.
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }.joined(separator: "-")
  }

  /// The request for it.
  func request(list path: String) throws(ToolError) -> (tool: Tool, arguments: Arguments) {
    var values: [(String, ToolValue)] = [
      ("priority", .integer(Int64(priority))), ("job_id", .text(jobID(list: path))), ("fresh", .bool(true)),
      ("no_region", .bool(true)), ("client", .text("beads")),
    ]
    if Self.kinds.contains(kind), let tool = Catalogue.jobTool(kind) {
      values.append(("prompt", .text(prompt)))
      return (tool, try tool.validate(values))
    }
    let tool = Catalogue.tool(.generate)
    // As JSON, so that a prompt like 12 stays a text.
    values += [("tool", .text(kind)), ("param", .list([.text("prompt=" + JSONValue.string(prompt).text)]))]
    return (tool, try tool.validate(values))
  }
}
