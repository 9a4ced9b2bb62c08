import HootWire
import Tools

/// Jobs as people read them. Pure: a reply gives the lines.
enum JobReport {
  /// What a state is called between people.
  static func state(_ job: JSONValue) -> String {
    switch job["state"]?.string {
    case "queued"?: "waits"
    case "waiting_for_jobs"?: "waits for jobs"
    case "waiting_for_gpu"?: "host is busy"
    case "waiting_for_rate"?: "waits for its turn"
    case "waiting_to_retry"?: "tries again" + (seconds(job["next_in"]).map { " in \($0)" } ?? "")
    case "paused"?: "held"
    case "leased"?: "begins"
    case "running"?: "runs"
    case "succeeded"?: "done"
    case "timed_out"?: "timed out"
    case "dead"?: "gave up"
    case let other: other.map { Console.clean($0) } ?? Field.missing
    }
  }

  static func style(_ job: JSONValue) -> Style {
    switch job["state"]?.string {
    case "running"?, "leased"?: .accent
    case "succeeded"?: .good
    case "failed"?, "dead"?, "timed_out"?: .bad
    case "cancelled"?: .quiet
    default: .strong
    }
  }

  static func isFinal(_ job: JSONValue) -> Bool { job["is_final"]?.bool == true }
  static func hasSucceeded(_ job: JSONValue) -> Bool { job["state"]?.string == "succeeded" }

  /// The beginning of an id that tells it from others of other milliseconds: its first 48 bits are a time.
  static func short(_ id: JSONValue?) -> String { String(Field.text(id).prefix(13)) }

  /// The shortest beginnings, from 13 characters, by which these ids are told apart.
  static func shortIDs(_ ids: [String]) -> [String] {
    for length in [13, 18, 23] where Set(ids.map { $0.prefix(length) }).count == Set(ids).count {
      return ids.map { String($0.prefix(length)) }
    }
    return ids
  }

  /// `12 s`, `3:20`, `2:05:00`; nil where nothing is known.
  static func seconds(_ value: JSONValue?) -> String? {
    guard let seconds = value?.double, seconds.isFinite, abs(seconds) < 1e9 else { return nil }
    if abs(seconds) < 1 { return "\(Field.decimal(max(0, seconds), 2)) s" }
    if seconds < 10 { return "\(Field.decimal(max(0, seconds), 1)) s" }
    let whole = Int(seconds.rounded())
    if whole < 100 { return "\(whole) s" }
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    return whole < 3600
      ? "\(whole / 60):\(two(whole % 60))" : "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
  }

  static func percent(_ job: JSONValue) -> String {
    guard let percent = job["progress"]?.double, percent.isFinite, percent >= 0, percent <= 100 else {
      return Field.missing
    }
    return "\(Int(percent)) %"
  }

  /// Where it stands: its place in the queue, or what is left of it, or how long it took.
  static func place(_ job: JSONValue) -> String {
    if isFinal(job) { return seconds(job["seconds"]).map { "in \($0)" } ?? "" }
    let left = seconds(job["ends_in"]).map { "ETA \($0)" }
    let position = job["position"]?.int.map { "position \($0)" }
    return [position, left].compactMap { $0 }.joined(separator: ", ")
  }

  static func age(_ job: JSONValue, now: Timestamp) -> String {
    guard let time = job["submitted"]?.string.flatMap({ Timestamp(text: $0) }) else { return Field.missing }
    return seconds(.number(Double(max(0, now.seconds - time.seconds)))) ?? Field.missing
  }

  static func table(_ jobs: [JSONValue], _ painter: Painter, now: Timestamp = .now) -> [String] {
    var table = TextTable(headings: [
      "ID", "TOOL", "STATE", "HOST", ">DONE", "PLACE", ">AGE", "REGION",
    ])
    let ids = shortIDs(jobs.map { Field.text($0["id"]) })
    for (job, id) in zip(jobs, ids) {
      table.rows.append([
        id, cut(Field.text(job["tool"]), 24), state(job), cut(Field.text(job["host"]), 20), percent(job),
        place(job), age(job, now: now), Field.shortID(job["region_id"]),
      ])
    }
    return table.lines(painter)
  }

  static func cut(_ text: String, _ length: Int) -> String {
    text.count <= length ? text : text.prefix(max(0, length - 1)) + "…"
  }

  /// One line of one job: `0198… phrase_generate runs on here, 45 %, ETA 3 s, message`.
  static func line(_ job: JSONValue, _ painter: Painter) -> String {
    var parts = [
      "\(short(job["id"])) \(Field.text(job["tool"])) \(painter.paint(state(job), style(job)))"
        + (job["host"]?.string.map { " on \(Console.clean($0))" } ?? "")
    ]
    if job["state"]?.string == "running" { parts.append(percent(job)) }
    let place = place(job)
    if !place.isEmpty { parts.append(place) }
    if let message = job["message"]?.string, !message.isEmpty, !isFinal(job) {
      parts.append(Console.clean(message))
    }
    if let artifact = job["artifacts"]?.array?.first { parts.append("artifact \(hash(artifact))") }
    if isFinal(job), let why = job["error"]?.array?.first { parts.append(Field.text(why)) }
    return parts.joined(separator: ", ")
  }

  /// A moment to the millisecond: `2026-01-02T03:04:05.678Z`.
  static func moment(_ value: JSONValue?) -> String {
    let text = Field.text(value)
    guard text.hasSuffix("Z"), let point = text.lastIndex(of: ".") else { return text }
    return text[..<point] + "." + text[text.index(after: point)...].dropLast().prefix(3) + "Z"
  }

  static func hash(_ value: JSONValue?) -> String { String(Field.text(value).prefix(12)) }

  /// `enters at 17:1:000 (in 3 bars)` of a region that waits.
  static func enters(_ region: JSONValue) -> String? {
    guard let enters = region["enters"], let at = enters["at"]?.string else { return nil }
    let bars = enters["in_bars"]?.int.map {
      $0 <= 0 ? " (in this bar)" : " (in \($0) \($0 == 1 ? "bar" : "bars"))"
    }
    return "enters at \(Console.clean(at))\(bars ?? "")"
  }
}
