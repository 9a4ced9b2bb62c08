import TOMLKit
import Tools

/// A workflow as a file says it, with the lines that a refusal is about.
package struct WorkflowFile {
  package let path: String
  /// `{name, description, phases: [{id, name, depends_on, tasks: […]}]}`.
  package let definition: [String: ToolValue]
  private let lines: [String]

  /// Reads the file; errors have exit status 65, or 66 where it is not there.
  package init(path: String) throws(ToolError) {
    let text: String
    do throws(SettingsFile.Unreadable) {
      guard let found = try SettingsFile.readText(path) else {
        throw SettingsFile.Unreadable(what: "is not there", why: "No file has this name.")
      }
      text = found
    } catch {
      throw ToolError(
        code: "file_missing", exit: .fileMissing, what: "\(path) \(error.what)", why: error.why,
        next: "ls -l \(path)")
    }
    try self.init(path: path, text: text)
  }

  package init(path: String, text: String) throws(ToolError) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    func invalid(_ line: Int?, _ why: String) -> ToolError {
      ToolError(
        code: "bad_toml", exit: .badData, what: "\(path)\(line.map { ":\($0)" } ?? ""): not valid TOML",
        why: why,
        next: "garden help workflow run")
    }
    guard !text.utf8.contains(0) else { throw invalid(nil, "It holds a zero byte.") }
    if let fault = ParserTraps(text).fault {
      throw invalid(fault.line, "Column \(fault.column): \(fault.why)")
    }
    let root: TOMLTable
    do { root = try TOMLTable(string: text) } catch let error as TOMLParseError {
      throw invalid(
        error.source.begin.line,
        "Column \(error.source.begin.column): \(SettingsFile.printable(error.description))")
    } catch { throw invalid(nil, "\(error)") }
    guard case .object(var members)? = Self.value(of: root) else { throw invalid(nil, "It holds no table.") }
    Self.rename("phase", to: "phases", &members)
    if case .list(let phases)? = members["phases"] {
      members["phases"] = .list(
        phases.map { phase in
          guard case .object(var fields) = phase else { return phase }
          Self.rename("task", to: "tasks", &fields)
          return .object(fields)
        })
    }
    definition = members
  }

  private static func rename(_ one: String, to other: String, _ members: inout [String: ToolValue]) {
    guard members[other] == nil, let value = members.removeValue(forKey: one) else { return }
    members[other] = value
  }

  /// nil of dates and times, which nothing here takes.
  private static func value(of node: any TOMLValueConvertible) -> ToolValue? {
    switch node.type {
    case .string: return node.string.map { .text($0) }
    case .bool: return node.bool.map { .bool($0) }
    case .int: return node.int.map { .integer(Int64($0)) }
    case .double: return node.double.map { .number($0) }
    case .array: return node.array.map { .list($0.map { value(of: $0) ?? .null }) }
    case .table:
      guard let table = node.table else { return nil }
      var members: [String: ToolValue] = [:]
      for key in table.keys { members[key] = table[key].flatMap { value(of: $0) } ?? .null }
      return .object(members)
    case .date, .time, .dateTime: return nil
    }
  }

  /// The line, from 1, of a field of a phase or a task, or else where that begins; nil where it cannot be told.
  package func line(phase: String?, task: String?, field: String?) -> Int? {
    let header = task != nil ? "[[phase.task]]" : phase != nil ? "[[phase]]" : nil
    let (name, key) = task != nil ? (task, "name") : (phase, "id")
    guard let header, let name else { return field.flatMap { line(of: $0, in: 0..<lines.count) } }
    for (start, line) in lines.enumerated() where Self.isHeader(line, header) {
      let rest = lines[(start + 1)...]
      let end = rest.firstIndex { $0.drop { $0 == " " || $0 == "\t" }.hasPrefix("[") } ?? lines.count
      let block = start + 1..<end
      let said = self.line(of: key, in: block).map { Self.text(in: lines[$0 - 1]) } ?? ""
      guard said == name else { continue }
      return field.flatMap { self.line(of: $0, in: block) } ?? start + 1
    }
    return nil
  }

  private func line(of key: String, in block: Range<Int>) -> Int? {
    block.first { index in
      let line = lines[index].drop { $0 == " " || $0 == "\t" }
      guard line.hasPrefix(key) else { return false }
      return line.dropFirst(key.count).drop { $0 == " " || $0 == "\t" }.first == "="
    }.map { $0 + 1 }
  }

  private static func isHeader(_ line: String, _ header: String) -> Bool {
    let plain = line.filter { $0 != " " && $0 != "\t" && $0 != "\r" }
    let names = [header, header.split(separator: ".").count == 2 ? "[[phases.tasks]]" : "[[phases]]"]
    return names.contains { plain == $0 || plain.hasPrefix($0 + "#") }
  }

  /// What stands between the first quotes of a line.
  private static func text(in line: String) -> String {
    guard let quote = line.first(where: { $0 == "\"" || $0 == "'" }), let start = line.firstIndex(of: quote)
    else { return "" }
    return String(line[line.index(after: start)...].prefix { $0 != quote })
  }
}
