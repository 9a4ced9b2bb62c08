import HootWire
import Tools

/// A workflow's way, a line for each step. Pure: what was seen gives the lines.
struct WorkflowReport: Sendable {
  let painter: Painter
  /// By task and try.
  private var states: [String: String] = [:]
  /// A look that comes behind an event may have been taken before it.
  private static let ranks = ["waiting": 0, "blocked": 0, "queued": 1, "running": 2]

  init(painter: Painter) { self.painter = painter }

  static func hasEnded(_ workflow: JSONValue) -> Bool {
    ["succeeded", "failed", "cancelled"].contains(workflow["state"]?.string)
  }

  func opening(_ workflow: JSONValue) -> String {
    let phases = (workflow["phases"]?.array ?? []).map { Field.text($0["id"]) }
    return "\(Field.text(workflow["name"])) \(JobReport.short(workflow["id"])): "
      + "\(Field.count(workflow["tasks"], "task")) in \(phases.joined(separator: ", "))"
  }

  /// Those tasks whose state is another one than when they were last told of.
  mutating func changes(_ tasks: [JSONValue]) -> [String] {
    var lines: [String] = []
    for task in tasks {
      let (name, state) = (Field.text(task["name"]), Field.text(task["state"]))
      let key = "\(name) \(Field.text(task["tries"]))"
      guard states[key] != state,
        Self.ranks[state, default: 3] >= states[key].map({ Self.ranks[$0, default: 3] }) ?? 0
      else { continue }
      let isNew = states[key] == nil
      states[key] = state
      // What waits says nothing that its phase does not say.
      if isNew, state == "waiting" { continue }
      lines.append(line(task))
    }
    return lines
  }

  private func line(_ task: JSONValue) -> String {
    let state = Field.text(task["state"])
    var line = "  \(padded(Field.text(task["phase"]), 10)) \(padded(Field.text(task["name"]), 12)) "
    line += painter.paint(padded(state, 9), style(state))
    if let hash = task["artifacts"]?.array?.first?.string { line += " \(hash.prefix(12))" }
    if state == "failed", let why = task["error"]?.array?.first { line += " \(Field.text(why))" }
    return line
  }

  private func style(_ state: String) -> Style {
    switch state {
    case "succeeded": .good
    case "failed", "blocked": .bad
    default: .quiet
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// `succeeded: 7 of 7 tasks`.
  static func summary(_ workflow: JSONValue) -> String {
    let counts = workflow["counts"] ?? nil
    var parts = ["\(counts["succeeded"]?.int ?? 0) of \(Field.count(workflow["tasks"], "task"))"]
    for state in ["running", "queued", "waiting", "failed", "cancelled", "blocked"] {
      if let count = counts[state]?.int, count > 0 { parts.append("\(count) \(state)") }
    }
    return "\(Field.text(workflow["state"])): \(parts.joined(separator: ", "))"
  }
}
