import HootWire
import Tools

/// Hosts as people read them.
enum HostReport {
  static func table(_ hosts: [JSONValue], _ painter: Painter) -> [String] {
    var table = TextTable(headings: ["NAME", "KIND", ">SLOTS", "STATE", "TOOLS", "LABELS, FACTS"])
    for host in hosts {
      table.rows.append([
        JobReport.cut(Field.text(host["name"]), 24), Field.text(host["kind"]), slots(host), state(host),
        tools(host), marks(host),
      ])
    }
    return table.lines(painter)
  }

  /// Its labels, then what is to be known of it: `gpu, VRAM 8 GB`.
  static func marks(_ host: JSONValue) -> String {
    let labels = (host["labels"]?.array ?? []).compactMap(\.string).map { Console.clean($0) }
    let facts = (host["facts"]?.object?.members ?? []).map {
      Console.clean($0.key) + " " + Field.text($0.value)
    }
    let all = labels + facts
    return all.isEmpty ? Field.missing : JobReport.cut(all.joined(separator: ", "), 40)
  }

  /// Used, of those there are now, of all: `1/2`, or `1/1/2` while they differ.
  static func slots(_ host: JSONValue) -> String {
    let (used, now, all) = (
      Field.text(host["used"]), Field.text(host["slots_now"]), Field.text(host["slots"])
    )
    return now == all ? "\(used)/\(all)" : "\(used)/\(now)/\(all)"
  }

  static func state(_ host: JSONValue) -> String {
    var words: [String] = []
    switch host["up"]?.bool {
    case true?: words.append("up")
    case false?: words.append("away")
    case nil: words.append("ready")
    }
    if host["draining"]?.bool == true { words.append("draining") }
    switch host["breaker"]?.string {
    case "open"?: words.append("left alone: it failed too often")
    case "half-open"?: words.append("tried with one call")
    default: break
    }
    if let busy = JobReport.seconds(host["busy_for"]), (host["busy_for"]?.double ?? 0) > 0 {
      words.append("busy for \(busy)")
    }
    if let load = host["gpu_load"]?.double { words.append("GPU \(Field.percent(.number(load)))") }
    if let memory = host["gpu_memory"]?.double {
      words.append("memory \(Field.percent(.number(memory)))")
    }
    return words.joined(separator: ", ")
  }

  /// The first of its tools, and how many more there are.
  static func tools(_ host: JSONValue, width: Int = 36) -> String {
    let tools = Set(
      (host["services"]?.array ?? []).flatMap { $0["tools"]?.array ?? [] }.compactMap(\.string)
    ).sorted()
    if tools.contains("*") { return "all" }
    var shown: [String] = []
    for tool in tools.map({ Console.clean($0) }) {
      guard shown.isEmpty || (shown + [tool]).joined(separator: " ").count <= width else { break }
      shown.append(JobReport.cut(tool, width))
    }
    let rest = tools.count - shown.count
    return shown.isEmpty ? Field.missing : shown.joined(separator: " ") + (rest > 0 ? " +\(rest)" : "")
  }

  /// What the table has no room for.
  static func notes(_ host: JSONValue) -> [String] {
    var rows: [(String, String)] = []
    for service in host["services"]?.array ?? [] where service["url"]?.string?.isEmpty == false {
      rows.append((Field.text(service["url"]), Field.text(service["tools"])))
    }
    for fact in host["facts"]?.object?.members ?? [] {
      rows.append((Console.clean(fact.key), Field.text(fact.value)))
    }
    if let note = host["note"]?.string, !note.isEmpty { rows.append(("says", Console.clean(note))) }
    return JobReport.aligned(rows, columns: 200)
  }
}
