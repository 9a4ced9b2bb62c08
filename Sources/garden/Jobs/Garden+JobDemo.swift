import Glibc
import HootWire
import Tools

extension Garden {
  /// Adds the usual hosts, gives them the usual load, says how long it took beside what it takes at least, and takes the
  /// hosts away again, whatever happens in between.
  func demonstrateJobs() throws(ToolError) -> Int32 {
    let load = DemoLoad(
      count: invocation.arguments.integer(.count) ?? 30, scale: invocation.arguments.number(.scale) ?? 0.01)
    let link = try link()
    let client = "garden-demo-\(getpid())"
    try refuseTaken(link)
    Interrupt.note()
    let result: Result<DemoOutcome, ToolError>
    do throws(ToolError) {
      for host in DemoLoad.hosts { try add(host, load, link) }
      result = .success(try run(load, client, link))
    } catch { result = .failure(error) }
    let left = tidy(client, link)
    let outcome = try result.get()
    if let signal = Interrupt.signal { return 128 + signal }
    if let left { throw left }
    return tell(load, outcome)
  }

  private struct DemoOutcome {
    var seconds: Double
    var jobs: [JSONValue]
  }

  /// Somebody's own hosts of these names are not touched.
  private func refuseTaken(_ link: DaemonLink) throws(ToolError) {
    let names = (try link.query(.hostLs, timeout: invocation.timeout)["hosts"]?.array ?? []).compactMap {
      $0["name"]?.string
    }
    guard let taken = DemoLoad.hosts.map(\.name).first(where: names.contains) else { return }
    throw ToolError(
      code: "host_taken", exit: .refused, what: "There is a host \(taken) already",
      why: "The demo adds hosts of its own under these names, and takes them away again.",
      next: "garden host rm \(taken)")
  }

  private func add(_ host: DemoLoad.Host, _ load: DemoLoad, _ link: DaemonLink) throws(ToolError) {
    let programs: [String] = ["/bin/sleep", "/usr/bin/sleep"]
    let sleep = programs.first { access($0, X_OK) == 0 } ?? "/bin/sleep"
    let seconds = Field.fixed(load.seconds(on: host), 3)
    let arguments = try Catalogue.tool(.hostAdd).validate([
      ("host", .text(host.name)), ("kind", .text("command")), ("url", .text("\(sleep) \(seconds)")),
      ("tools", .text(host.tool)), ("slots", .integer(Int64(host.slots))),
      ("label", .list([.text(host.tool)])),
    ])
    _ = try link.query(.hostAdd, arguments, timeout: invocation.timeout)
  }

  private func run(_ load: DemoLoad, _ client: String, _ link: DaemonLink) throws(ToolError) -> DemoOutcome {
    let begin = ContinuousClock.now
    var ids: [String] = []
    for task in 0..<load.count where Interrupt.signal == nil {
      let host = load.host(of: task)
      guard let tool = Catalogue.jobTool(host.tool) else { continue }
      let arguments = try tool.validate([
        ("prompt", .text("demo task \(task + 1)")), ("host", .text(host.name)), ("fresh", .bool(true)),
        ("no_region", .bool(true)), ("client", .text(client)),
      ])
      let reply = try link.query(tool.name, arguments, timeout: max(30, invocation.timeout))
      if let id = reply["job_id"]?.string { ids.append(id) }
    }
    guard !ids.isEmpty else { return DemoOutcome(seconds: 0, jobs: []) }
    var follower = try JobFollower(ids, link, interval: 1)
    var screen = BarScreen(JobBars(painter: console.painter, isUnicode: isUnicode))
    while !follower.isDone, Interrupt.signal == nil {
      _ = try follower.changes(within: 0.2)
      if isOnTerminal { screen.draw(follower.jobs) }
    }
    return DemoOutcome(seconds: (ContinuousClock.now - begin) / .seconds(1), jobs: follower.jobs)
  }

  /// What is left over: nil when nothing is.
  private func tidy(_ client: String, _ link: DaemonLink) -> ToolError? {
    do throws(ToolError) {
      let all = try Catalogue.tool(.jobCancel).validate([("all", .bool(true)), ("client", .text(client))])
      _ = try link.query(.jobCancel, all, timeout: 30)
      let names = (try link.query(.hostLs, timeout: 30)["hosts"]?.array ?? []).compactMap {
        $0["name"]?.string
      }
      for host in DemoLoad.hosts where names.contains(host.name) {
        try remove(try Catalogue.tool(.hostRm).validate([("host", .text(host.name))]), link)
      }
      return nil
    } catch { return error }
  }

  /// A host goes when its last call has ended: a cancelled one needs a moment.
  private func remove(_ arguments: Arguments, _ link: DaemonLink) throws(ToolError) {
    let until = ContinuousClock.now + .seconds(20)
    while true {
      do throws(ToolError) {
        _ = try link.query(.hostRm, arguments, timeout: 30)
        return
      } catch {
        guard ContinuousClock.now < until, error.exit == .refused || error.exit == .tryLater else {
          throw error
        }
        usleep(50_000)
      }
    }
  }

  private func tell(_ load: DemoLoad, _ outcome: DemoOutcome) -> Int32 {
    let succeeded = outcome.jobs.filter(JobReport.hasSucceeded).count
    let (seconds, bound) = (Field.fixed(outcome.seconds, 2), Field.fixed(load.bound, 2))
    if invocation.wantsJSON {
      printJSON([
        "jobs": .integer(Int64(load.count)), "succeeded": .integer(Int64(succeeded)),
        "scale": .number(load.scale), "seconds": .number(outcome.seconds),
        "bound_seconds": .number(load.bound),
      ])
    } else {
      console.print("\(succeeded) of \(load.count) jobs in \(seconds) s")
      console.print("at least \(bound) s: 2 slots for code, 3 for text, 2 for reasoning, never idle")
    }
    return (succeeded == load.count ? ExitCode.done : .jobFailed).rawValue
  }
}
