import HootWire
import Tools

extension JobReport {
  /// What `-q` prints: the ids of the jobs, hosts or artifacts a reply is about; nil of other requests.
  static func ids(_ tool: Tool, _ result: JSONValue) -> [String]? {
    switch tool.name {
    case _ where tool.job != nil, .generate, .vary, .jobRetry:
      result["job_id"]?.string.map { [$0] } ?? []
    case .jobLs, .jobPoll: (result["jobs"]?.array ?? []).map { Field.text($0["id"]) }
    case .jobShow, .jobSet: [Field.text(result["job"]?["id"])]
    case .hostLs: (result["hosts"]?.array ?? []).map { Field.text($0["name"]) }
    case .hostAdd, .hostSet, .hostDrain, .hostProbe: [Field.text(result["host"]?["name"])]
    case .artifactLs: (result["artifacts"]?.array ?? []).map { Field.text($0["hash"]) }
    case .artifactShow, .artifactAdd: [Field.text(result["artifact"]?["hash"])]
    default: nil
    }
  }

  /// The reply of a request about jobs, hosts or artifacts; nil of other requests.
  static func lines(_ tool: Tool, _ result: JSONValue, _ painter: Painter, columns: Int) -> [String]? {
    if tool.job != nil || tool.name == .generate || tool.name == .vary { return asked(result) }
    switch tool.name {
    case .jobLs: return table(result["jobs"]?.array ?? [], painter)
    case .jobPoll: return table(result["jobs"]?.array ?? [], painter)
    case .jobShow: return shown(result, painter, columns: columns)
    case .jobSet: return result["job"].map { [line($0, painter)] }
    case .jobRetry:
      return ["asked anew as job \(short(result["job_id"])); \(standing(result["job"] ?? nil))"]
    case .jobCancel: return ["\(Field.count(result["cancelled"], "job")) cancelled"]
    case .jobLogs: return logs(result, painter)
    case .jobParts: return parts(result)
    case .hostLs: return HostReport.table(result["hosts"]?.array ?? [], painter)
    case .hostAdd, .hostSet, .hostDrain, .hostProbe:
      return result["host"].map { HostReport.table([$0], painter) + HostReport.notes($0) }
    case .hostRm: return ["host \(Field.text(result["removed"])) is forgotten"]
    case .artifactLs: return artifacts(result["artifacts"]?.array ?? [], painter)
    case .artifactShow: return result["artifact"].map { artifact($0, columns: columns) }
    case .artifactAdd:
      if let job = result["job_id"] {
        return ["job \(short(job)) goes on with it: garden job wait \(short(job))"]
      }
      return result["artifact"].map { [artifactLine($0)] }
    case .artifactGC: return [collected(result)]
    default: return nil
    }
  }

  /// What is said on standard error beside or in place of a list.
  static func remark(_ tool: ToolName, _ result: JSONValue) -> String? {
    let (member, empty): (String, String)
    switch tool {
    case .jobLs: (member, empty) = ("jobs", "No jobs. Next: garden generate phrase_generate")
    case .hostLs: (member, empty) = ("hosts", "No hosts. Next: garden help host add")
    case .artifactLs: (member, empty) = ("artifacts", "No artifacts. Next: garden generate phrase_generate")
    case .jobLogs: (member, empty) = ("events", "Nothing has happened to it.")
    case .jobParts: (member, empty) = ("parts", "No part of its result has come.")
    default: return nil
    }
    if (result[member]?.array ?? []).isEmpty { return empty }
    let next = result["next"]?.int.map { String($0) } ?? result["next"]?.string.map { Console.clean($0) }
    return next.map { "there are more: --before \($0)" }
  }

  // MARK: Asking

  /// `waits for here, position 1, ETA 12 s`.
  static func standing(_ job: JSONValue) -> String {
    var text = state(job)
    if let host = job["host"]?.string {
      text += " on \(Console.clean(host))"
    } else if job["state"]?.string == "queued", job["hosts"]?.int == 0 {
      text += " for a host that can do it"
    }
    let place = place(job)
    return text + (place.isEmpty ? "" : ", \(place)")
  }

  private static func asked(_ result: JSONValue) -> [String] {
    if result["dry_run"]?.bool == true { return prospect(result) }
    let job = result["job"] ?? nil
    var line = "job \(short(result["job_id"])) \(standing(job))"
    switch result["how"]?.string {
    case "shared"?: line += "; it was asked for already, and answers for this too"
    case "known"?: line += "; the same request came before"
    default: break
    }
    if let id = result["region_id"]?.string {
      let entry = result["region"].flatMap({ Self.enters($0) }) ?? "waits for it"
      line += "; region \(Console.clean(String(id.prefix(8)))) \(entry)"
    }
    guard isFinal(job) else { return [line] }
    return [line] + values(job) + (job["error"]?.array ?? []).map { "  " + Field.text($0) }
  }

  private static func prospect(_ result: JSONValue) -> [String] {
    let hosts = result["hosts"]?.array ?? []
    let able = hosts.isEmpty ? "no host can do it now" : "on \(Field.text(result["hosts"]))"
    let takes = seconds(result["takes"]) ?? "an unknown time"
    var place = "position \(Field.text(result["position"])) in the queue"
    if let starts = seconds(result["starts_in"]) { place += ", begins in \(starts)" }
    if let ends = seconds(result["ends_in"]) { place += ", there in \(ends)" }
    return [
      "\(Field.text(result["tool"])) \(able), takes \(takes); \(place)", "nothing was asked for (--dry-run)",
    ]
  }

  // MARK: One job

  private static func shown(_ result: JSONValue, _ painter: Painter, columns: Int) -> [String] {
    guard let job = result["job"], job.object != nil else { return [] }
    var rows: [(String, String)] = [
      ("tool", Field.text(job["tool"])), ("state", standing(job)),
      (
        "progress",
        percent(job) + (job["message"]?.string.map { $0.isEmpty ? "" : ", \(Console.clean($0))" } ?? "")
      ),
      ("submitted", moment(job["submitted"])),
    ]
    if let stream = stream(job) { rows.append(("stream", stream)) }
    for name in ["started", "finished"] where job[name]?.string != nil {
      rows.append((name, moment(job[name])))
    }
    for name in ["client", "retry_of", "region_id"] {
      if let text = job[name]?.string, !text.isEmpty { rows.append((name, Console.clean(text))) }
    }
    rows.append(("priority", Field.text(job["priority"])))
    if let needed = seconds(job["needed_in"]) { rows.append(("needed in", needed)) }
    if job["resent"]?.bool == true { rows.append(("resent", "yes: what had become of it was not known")) }
    if let busy = job["busy_answers"]?.int, busy > 0 { rows.append(("busy", "\(busy) answers")) }
    for hash in job["artifacts"]?.array ?? [] { rows.append(("artifact", Field.text(hash))) }
    for member in job["parameters"]?.object?.members ?? [] {
      rows.append(("parameter", Console.clean("\(member.key)=\(plain(member.value))")))
    }
    var lines = ["job \(Field.text(job["id"]))"] + aligned(rows, columns: columns)
    lines += values(job).map { cut($0, columns) }
    for line in job["error"]?.array ?? [] { lines.append("  " + painter.paint(Field.text(line), .bad)) }
    return lines + attempts(result["attempts"]?.array ?? [], painter, columns: columns)
  }

  static func aligned(_ rows: [(String, String)], columns: Int) -> [String] {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, text in
      cut("  " + name + String(repeating: " ", count: width - name.count + 2) + text, columns)
    }
  }

  private static func plain(_ value: JSONValue) -> String { value.string ?? value.text }

  /// What a job of words has brought.
  private static func values(_ job: JSONValue) -> [String] {
    guard let value = job["value"], !value.isNull else { return [] }
    let text = value["text"]?.string ?? value.text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).reversed().drop(
      while: \.isEmpty)
    return lines.reversed().prefix(200).map { "  " + Console.clean(String($0)) }
  }

  private static func attempts(_ attempts: [JSONValue], _ painter: Painter, columns: Int) -> [String] {
    guard !attempts.isEmpty else { return [] }
    var table = TextTable(headings: [">CALL", ">ATTEMPT", "HOST", "BEGAN", "ENDED", "OUTCOME"])
    for attempt in attempts {
      table.rows.append([
        Field.text(attempt["epoch"]), Field.text(attempt["attempt"]), Field.text(attempt["host"]),
        clock(attempt["began"]), clock(attempt["ended"]), Field.text(attempt["outcome"]),
      ])
    }
    return table.lines(painter).map { painter.isEnabled ? $0 : cut($0, max(columns, 40)) }
  }

  /// The time of day of a moment, in UTC: `10:04:05.123`.
  static func clock(_ value: JSONValue?) -> String {
    guard let text = value?.string, let mark = text.firstIndex(of: "T") else { return Field.text(value) }
    return Console.clean(String(text[text.index(after: mark)...].prefix(12)).replacing("Z", with: ""))
  }

  private static func parts(_ result: JSONValue) -> [String] {
    (result["parts"]?.array ?? []).map(part) + (stream(result).map { ["in all: \($0)"] } ?? [])
  }

  /// `part 3, audio/pcm, 128 kB, up to 6.0 beats`.
  static func part(_ part: JSONValue) -> String {
    let type = Field.text(part["mime_type"]).split(separator: ";").first.map(String.init) ?? Field.missing
    return "part \(Field.text(part["sequence"])), \(type), \(Field.bytes(part["bytes"]))"
      + (length(part).map { ", up to \($0)" } ?? "")
      + (part["ignored"]?.string.map { ", not used: \(Console.clean($0))" } ?? "")
  }

  /// How far a stream has come: `6.0 beats`, `4.0 s`.
  private static func length(_ value: JSONValue) -> String? {
    if let beats = value["beats"]?.double { return "\(Field.decimal(beats, 1)) beats" }
    return value["seconds"]?.double.map { "\(Field.decimal($0, 1)) s" }
  }

  /// `6.0 beats in 12 parts, 1 repeated`; nil of a job without a stream.
  static func stream(_ value: JSONValue) -> String? {
    guard let stream = value["stream"], stream.object != nil else { return nil }
    var text = (length(stream).map { "\($0) in " } ?? "") + Field.count(stream["parts"], "part")
    for (name, word) in [
      ("repeated", "repeated"), ("lost", "lost"), ("unused", "of no use"), ("late", "after the end"),
      ("stale", "of an attempt before"), ("refused", "too many at once"),
    ] {
      if let count = stream[name]?.int, count > 0 { text += ", \(count) \(word)" }
    }
    return text
  }

  private static func logs(_ result: JSONValue, _ painter: Painter) -> [String] {
    (result["events"]?.array ?? []).map { event in
      let state = Self.state(["state": event["state"] ?? nil])
      let note = event["note"]?.string.map { Console.clean($0) } ?? ""
      return painter.paint(moment(event["at"]), .quiet) + "  \(state)" + (note.isEmpty ? "" : "  \(note)")
    }
  }

  // MARK: Artifacts

  private static func artifacts(_ artifacts: [JSONValue], _ painter: Painter) -> [String] {
    var table = TextTable(headings: ["HASH", "TYPE", ">SIZE", "LABEL", "JOB", "MADE"])
    for artifact in artifacts {
      table.rows.append([
        hash(artifact["hash"]), Field.text(artifact["type"]), Field.bytes(artifact["bytes"]),
        cut(Field.text(artifact["label"]), 24),
        artifact["job"]?.string == nil ? Field.missing : short(artifact["job"]),
        moment(artifact["at"]),
      ])
    }
    return table.lines(painter)
  }

  private static func artifactLine(_ artifact: JSONValue) -> String {
    "\(Field.text(artifact["hash"]))  \(Field.text(artifact["type"])), \(Field.bytes(artifact["bytes"]))"
  }

  private static func artifact(_ artifact: JSONValue, columns: Int) -> [String] {
    var rows: [(String, String)] = [
      ("type", Field.text(artifact["type"])), ("size", Field.bytes(artifact["bytes"])),
      ("made", moment(artifact["at"])),
    ]
    for name in ["label", "tool", "job", "path"] {
      if let text = artifact[name]?.string, !text.isEmpty { rows.append((name, Console.clean(text))) }
    }
    for region in artifact["regions"]?.array ?? [] { rows.append(("region", Field.text(region))) }
    for member in artifact["parameters"]?.object?.members ?? [] {
      rows.append(("parameter", Console.clean("\(member.key)=\(plain(member.value))")))
    }
    // A path is for copying: it is never cut.
    return ["artifact \(Field.text(artifact["hash"]))"] + aligned(rows, columns: max(columns, 200))
  }

  private static func collected(_ result: JSONValue) -> String {
    let what = "\(Field.count(result["count"], "artifact")), \(Field.bytes(result["bytes"]))"
    if result["done"]?.bool == true { return "\(what), forgotten" }
    return result["count"]?.int == 0
      ? "nothing to forget" : "\(what), would go; garden artifact gc --force does it"
  }
}
