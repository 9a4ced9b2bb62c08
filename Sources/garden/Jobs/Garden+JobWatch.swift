import HootWire
import Tools

extension Garden {
  /// Events about jobs, regions and hosts, a line each; of one job until it has ended.
  func watchJobs() throws(ToolError) -> Int32 {
    let link = try link()
    do { try link.client.subscribe(topics: ["job", "latent", "host"]) } catch { throw ToolError(error) }
    var only: JSONValue?
    var follower: JobFollower?
    if let reference = invocation.arguments.text(.job) {
      follower = try JobFollower([reference], link, interval: 2)
      only = follower?.jobs.first
      if let only { tell("job", ["type": "now", "job": only]) }
    }
    // What came before, and once: the events that follow have numbers, too.
    var last = 0
    if let only { last = try tellParts(of: only, link) }
    while only.map(JobReport.isFinal) != true {
      guard let event = link.client.nextEvent(timeout: .seconds(2)) else {
        // A sign of life, and what an event may have missed.
        if let wanted = only?["id"]?.string {
          guard try follower?.isThere() ?? true else { continue }
          let now = try JobFollower.ask([wanted], link).first
          if let now, now["revision"] != only?["revision"] { tell("job", ["type": "now", "job": now]) }
          only = now ?? only
        } else if !link.client.heartbeat(timeout: .seconds(2)) {
          throw Self.gone
        }
        continue
      }
      guard ["job", "latent", "host"].contains(event.topic), concerns(event.content, only) else { continue }
      if only != nil, event.content["type"]?.string == "chunk", let number = event.content["n"]?.int {
        guard Int(number) > last else { continue }
        last = Int(number)
      }
      tell(event.topic, event.content)
      if only != nil, let job = event.content["job"], job.object != nil { only = job }
    }
    return ExitCode.done.rawValue
  }

  /// Tells the parts that have come of a job; answers the number of the last.
  private func tellParts(of job: JSONValue, _ link: DaemonLink) throws(ToolError) -> Int {
    guard let id = job["id"]?.string else { return 0 }
    var last = 0
    while true {
      let arguments = try Catalogue.tool(.jobParts).validate([
        ("job", .text(id)), ("after", .integer(Int64(last))),
      ])
      let parts = try link.query(.jobParts, arguments, timeout: 30)["parts"]?.array ?? []
      guard let end = parts.last?["n"]?.int, Int(end) > last else { return last }
      for part in parts { tell("job", part) }
      last = Int(end)
    }
  }

  private func concerns(_ content: JSONValue, _ only: JSONValue?) -> Bool {
    guard let only, let id = only["id"]?.string else { return true }
    if content["job"]?["id"]?.string == id || content["job_id"]?.string == id { return true }
    guard let region = only["region_id"]?.string else { return false }
    return content["region_id"]?.string == region
  }

  private func tell(_ topic: String, _ content: JSONValue) {
    if invocation.wantsJSON {
      var object = JSONObject([("schema", "chaosgarden.event/1"), ("topic", .string(topic))])
      for member in content.object?.members ?? [] { object[member.key] = member.value }
      return console.print(JSONValue.object(object).text)
    }
    console.print(JobEventReport.line(topic, content, console.painter))
  }
}

/// An event about a job, a region or a host in one line.
enum JobEventReport {
  static func line(_ topic: String, _ content: JSONValue, _ painter: Painter) -> String {
    let head =
      painter.paint(Console.clean(topic), .accent) + String(repeating: " ", count: max(1, 8 - topic.count))
    if let job = content["job"], job.object != nil { return head + JobReport.line(job, painter) }
    if let host = content["host"], host.object != nil {
      return head + "\(Field.text(host["name"])) \(HostReport.state(host)), \(HostReport.slots(host)) slots"
    }
    if content["type"]?.string == "chunk" {
      return head + "\(JobReport.short(content["job_id"])) \(JobReport.part(content))"
    }
    let rest = (content.object?.members ?? []).filter { $0.key != "type" && $0.key != "region_id" }
      .compactMap { member -> String? in
        if member.value.isNull { return nil }
        if member.key == "enters" { return JobReport.enters(content) }
        if member.key == "job_id" { return "job \(JobReport.short(member.value))" }
        return "\(Console.clean(member.key)) \(Field.text(member.value))"
      }
    let region = content["region_id"] == nil ? "" : "\(Field.shortID(content["region_id"])) "
    let type = Field.text(content["type"]).replacing("latent_", with: "")
    return head + region + ([type] + rest).joined(separator: ", ")
  }
}
