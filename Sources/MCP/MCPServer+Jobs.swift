import HootWire
import Jobs
import Tools

// A job that was asked for: waited for as long as its class and its client allow, and then handed over.
extension MCPServer {
  func follow(
    _ id: String, _ reply: JSONValue, _ tool: AgentTool, _ wishes: ResponseWishes, _ call: Call
  ) async throws(RPCError) -> JSONValue {
    var job = reply["result"]?["job"] ?? nil
    // A variation and a second try take as long as the tool they are of.
    let timing = job["tool"]?.string.flatMap { Catalogue.jobTool($0)?.timing } ?? tool.timing
    let own = tool.timing.timingClass == .long ? tool.timing : timing
    let wait = Double(wishes.wait(own)) * scale
    job = await look(at: id, job, for: wait, call)
    guard job["id"] != nil else {
      return Self.refusal(
        ["The job \(id) cannot be seen", "The daemon does not answer.", "job_status \(id)"], "unreachable")
    }
    if job["is_final"]?.bool == true { return result(await JobOutcome(job: job, self), call.era) }
    if case .stateless(let client) = call.era, client.takesTasks {
      return Self.created(job, isStateless: true)
    }
    let waiting = JobOutcome(waiting: job)
    return Self.result(waiting.processing(wishes.detail(own)))
  }

  /// Waits for a job's end.
  ///
  /// - Parameter milliseconds: how long.
  /// - Returns: the job as it was seen last.
  func look(
    at id: String, _ first: JSONValue, for milliseconds: Double, _ call: Call
  ) async -> JSONValue {
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    var job = first
    var told = -1.0
    if job["id"] == nil, case .success(let found) = await self.job(.string(id)) { job = found }
    while job["is_final"]?.bool != true, !Task.isCancelled, !call.isEnding() {
      told = tell(job, told, call)
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { break }
      let began = ContinuousClock.now
      let wait = min(left / .seconds(1), MCPLimits.lookSeconds)
      var request = JSONObject([("type", "job_poll"), ("job", [.string(id)]), ("wait", .number(wait))])
      // Only who wants to hear of progress is woken by it.
      if call.progressToken != nil { request["since"] = job["revision"] }
      let reply = await ask(.object(request), seconds: wait)
      if let seen = reply["result"]?["jobs"]?.array?.first, seen.object != nil { job = seen }
      guard job["is_final"]?.bool != true else { break }
      // A daemon that cannot wait answers at once.
      if began + .milliseconds(10) > .now { await nap(.milliseconds(20)) }
    }
    if job["is_final"]?.bool == true { _ = tell(job, told, call) }
    return job
  }

  /// Tells of progress that is more than was told; gives what was told last.
  private func tell(_ job: JSONValue, _ told: Double, _ call: Call) -> Double {
    guard let token = call.progressToken else { return told }
    let progress = job["state"]?.string == "succeeded" ? 100 : job["progress"]?.double ?? 0
    guard progress > told else { return told }
    let message = job["message"]?.string ?? ""
    call.notify([
      "jsonrpc": "2.0", "method": "notifications/progress",
      "params": [
        "progressToken": token, "progress": .number(progress), "total": 100,
        "message": .string(message.isEmpty ? job["state"]?.string ?? "" : message),
      ],
    ])
    return progress
  }
}
