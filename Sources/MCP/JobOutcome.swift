import HootWire
import Tools

/// What came of a job, or how it stands: the same whether it was waited for or asked for later.
struct JobOutcome: Sendable {
  /// As the daemon shows it.
  let job: JSONValue
  var region: JSONValue = nil
  /// What is known of each of its artifacts.
  var artifacts: [JSONValue] = []
  var summary = ""

  var isFinal: Bool { job["is_final"]?.bool == true }
  var hasFailed: Bool { isFinal && job["state"]?.string != "succeeded" }
  var id: String { job["id"]?.string ?? "" }

  /// Of a job that has ended; asks for its region and its artifacts.
  init(job: JSONValue, _ server: MCPServer) async {
    self.job = job
    guard job["state"]?.string == "succeeded" else { return }
    if let id = job["region_id"]?.string { region = await server.region(id) }
    for hash in (job["artifacts"]?.array ?? []).prefix(MCPLimits.described) {
      artifacts.append(await server.artifact(hash.string ?? ""))
    }
    summary = Self.sentence(job, region, artifacts)
  }

  init(waiting job: JSONValue) { self.job = job }

  /// What a result holds; the schema of it is `schema`.
  var structured: JSONValue {
    var members: [(String, JSONValue)] = [
      ("status", job["status"] ?? nil), ("job_id", .string(id)), ("tool", job["tool"] ?? nil),
      ("region_id", job["region_id"] ?? nil), ("region", region),
      ("artifacts", .array(artifacts)), ("value", job["value"] ?? nil), ("seconds", job["seconds"] ?? nil),
      ("host", job["host"] ?? nil),
    ]
    if !summary.isEmpty { members.append(("summary", .string(summary))) }
    if hasFailed { members.append(("error", .array(lines.map { .string($0) }))) }
    return JSONValue(members)
  }

  /// Of a job that did not succeed.
  var lines: [String] {
    let said = (job["error"]?.array ?? []).compactMap(\.string)
    let what = "\(job["tool"]?.string ?? "The job") \(job["state"]?.string ?? "failed")"
    return said.isEmpty
      ? [what, job["message"]?.string ?? "", "job_retry asks anew, job_logs tells what happened"] : said
  }

  /// Links to what it has made.
  var links: [JSONValue] {
    artifacts.compactMap { artifact in
      guard let uri = artifact["uri"] else { return nil }
      let label = artifact["label"]?.string ?? ""
      return [
        "type": "resource_link", "uri": uri,
        "name": label.isEmpty ? artifact["hash"] ?? "artifact" : .string(label),
        "mimeType": artifact["type"] ?? "application/octet-stream",
      ]
    }
  }

  // MARK: While it works

  func processing(_ detail: ResponseWishes.Detail, how: JSONValue = nil) -> JSONValue {
    var members: [(String, JSONValue)] = [("status", job["status"] ?? nil), ("job_id", .string(id))]
    guard detail != .minimal else { return JSONValue(members) }
    members += [
      ("tool", job["tool"] ?? nil), ("region_id", job["region_id"] ?? nil),
      ("progress", job["progress"] ?? nil),
      ("message", job["message"] ?? nil), ("submitted", job["submitted"] ?? nil),
      ("started", job["started"] ?? nil), ("eta_seconds", job["ends_in"] ?? nil),
      ("next", .string("job_poll with job \(id) waits for it; job_cancel ends it")),
    ]
    guard detail == .full else { return JSONValue(members) }
    members += [
      ("position", job["position"] ?? nil), ("host", job["host"] ?? nil),
      (
        "retry",
        [
          "attempt": job["attempt"] ?? nil, "failures": job["failures"] ?? nil,
          "next_in": job["next_in"] ?? nil,
        ]
      ),
      ("expected_schema", Self.schema),
    ]
    return JSONValue(members)
  }

  /// `16 beats (8 s), 37 notes, in A minor, on lead at 5:1`
  private static func sentence(_ job: JSONValue, _ region: JSONValue, _ artifacts: [JSONValue]) -> String {
    var parts: [String] = []
    if let first = artifacts.first {
      func number(_ name: String) -> String? {
        first[name]?.double.map { shownNumber(($0 * 100).rounded() / 100) }
      }
      if let beats = number("beats") { parts.append("\(beats) beats") }
      if let seconds = number("seconds") { parts.append("\(seconds) s") }
      if let notes = first["notes"]?.int { parts.append("\(notes) notes") }
      if let level = number("integrated_lufs") { parts.append("\(level) LUFS") }
      if artifacts.count > 1 { parts.append("\(artifacts.count) takes") }
    }
    if let key = job["parameters"]?["key"]?.string {
      parts.append("in \(key) \(job["parameters"]?["scale"]?.string ?? "major")")
    }
    if let track = region["track"]?.string, let place = region["position"]?.string {
      parts.append("on \(track) at \(place)")
    }
    return parts.joined(separator: ", ")
  }

  static let schema: JSONValue = {
    func of(_ types: JSONValue, _ words: String) -> JSONValue {
      ["type": types, "description": .string(words)]
    }
    let text: JSONValue = ["string", "null"]
    let number: JSONValue = ["number", "null"]
    return ObjectSchema.of(
      [
        ("status", of(text, "pending, processing, complete, failed or cancelled")),
        ("job_id", of(text, "for job_poll, job_cancel and job_retry")),
        ("tool", of(text, "what was asked for")),
        ("region_id", of(text, "the region that it is for")),
        ("region", of(["object", "null"], "where it is: track, position, length_beats, …")),
        (
          "artifacts",
          of(["array", "null"], "what it made: hash, uri, type, beats, notes, seconds, integrated_lufs")
        ),
        ("value", of(ObjectSchema.anything, "of a tool that answers with a value")),
        ("summary", of("string", "the music in a line")), ("seconds", of(number, "how long it took")),
        ("host", of(text, "who did it")), ("error", of("array", "three lines of a job that failed")),
        ("progress", of(number, "0 to 100")), ("message", of(text, "how far it is, in words")),
        ("submitted", of(text, "when")), ("started", of(text, "when")),
        ("eta_seconds", of(number, "until it ends, as far as can be told")),
        ("position", of(["integer", "null"], "in the queue")), ("next", of("string", "what to call next")),
        ("retry", of("object", "attempt, failures, next_in")),
        ("expected_schema", of("object", "the schema of the result")),
      ], isClosed: false)
  }()
}
