import ControlSocket
import Glibc
import HootWire
import Tools

/// Has the tasks of a list done: what is ready is asked for, what becomes of it is written back.
///
/// One thread, the link's. What it knows is in the list and with the daemon: it may be ended at any moment, and goes on
/// when it is started anew.
struct BeadsDesk {
  /// One task at work.
  private struct Following {
    let issue: String
    let kind: String
    let attempt: Int
    var job: JSONValue
    /// What was last written of it.
    var written: String
  }

  private let file: BeadsFile
  private let link: DaemonLink
  private let tell: (_ issue: String, _ status: String, _ kind: String, _ job: JSONValue) -> Void
  private var list: BeadsList
  /// By job.
  private var following: [String: Following] = [:]
  private var jobs: [String: String] = [:]
  /// What is still to be written, by issue.
  private var pending: [String: [(String, JSONValue)]] = [:]
  private var asked = ContinuousClock.now
  private(set) var closed = 0
  private(set) var blocked = 0
  private(set) var cancelled = 0

  /// Tasks asked for between two looks at what has become of the others.
  private static let askedAtOnce = 50
  /// Tasks with the daemon at a time: its queue is for others, too.
  private static let atMost = 500

  init(
    _ file: BeadsFile, _ link: DaemonLink,
    tell: @escaping (_ issue: String, _ status: String, _ kind: String, _ job: JSONValue) -> Void
  ) throws(ToolError) {
    self.file = file
    self.link = link
    self.tell = tell
    do { try link.client.subscribe(topics: ["job"]) } catch { throw ToolError(error) }
    list = try file.readIfChanged() ?? BeadsList([])
  }

  /// Nothing is at work, nothing is ready, nothing is to be written.
  var isIdle: Bool { following.isEmpty && pending.isEmpty && wanted.isEmpty }

  /// What is ready or was begun by an earlier run, and is not followed yet.
  private var wanted: [BeadsIssue] {
    let begun = list.issues.filter { $0.status == "in_progress" && $0.job == $0.jobID(list: file.path) }
    return (begun + list.ready(at: .now)).filter { jobs[$0.id] == nil && pending[$0.id] == nil }
  }

  /// One turn: the list, what is ready, what has become of the others, the list again.
  ///
  /// - Parameter seconds: to wait at most when nothing happens.
  mutating func turn(within seconds: Double) throws(ToolError) {
    try checkDaemon()
    if let changed = try file.readIfChanged() { try take(changed) }
    let ready = wanted
    let batch = ready.prefix(max(0, min(Self.askedAtOnce, Self.atMost - following.count)))
    for issue in batch { try ask(for: issue) }
    let hasMore = ready.count > batch.count && following.count < Self.atMost
    try listen(within: hasMore || !pending.isEmpty ? 0 : waiting(at: seconds), interval: seconds)
    try write()
  }

  /// Waits some seconds for one that is being started anew.
  private func checkDaemon() throws(ToolError) {
    let until = ContinuousClock.now + .seconds(5)
    while !DaemonLink.isServed(link.client.directory.path) {
      guard ContinuousClock.now < until else {
        throw ToolError(
          code: "unreachable", exit: .unreachable, what: "The daemon has gone",
          why:
            "Nobody listens in its socket directory any more; its jobs are kept, and go on when it is back.",
          next: "garden up, then the same command once more: it goes on with the same jobs")
      }
      usleep(100_000)
    }
  }

  /// Up to the next task's time.
  private func waiting(at seconds: Double) -> Double {
    let now = Timestamp.now
    guard let next = list.nextTime(after: now) else { return seconds }
    let left = Double(next.seconds - now.seconds) + Double(next.nanoseconds - now.nanoseconds) / 1e9
    return max(0.01, min(seconds, left + 0.001))
  }

  /// A list that somebody else has written. A task that is neither open nor in progress any more was decided on: its job
  /// is not wanted.
  private mutating func take(_ changed: BeadsList) throws(ToolError) {
    list = changed
    for (id, known) in following {
      guard let issue = list.issue(known.issue),
        !["open", "in_progress", known.written].contains(issue.status)
      else { continue }
      try drop(id, known, issue.status)
    }
  }

  private mutating func drop(_ id: String, _ known: Following, _ status: String) throws(ToolError) {
    following[id] = nil
    jobs[known.issue] = nil
    pending[known.issue] = nil
    do throws(ToolError) {
      _ = try link.query(.jobCancel, try Catalogue.tool(.jobCancel).validate([("job", .list([.text(id)]))]))
    } catch {
      // It may have ended in the same moment.
      guard error.exit == .refused else { throw error }
    }
    tell(known.issue, "\(status) by somebody else", known.kind, known.job)
  }

  // MARK: Asking

  private mutating func ask(for issue: BeadsIssue) throws(ToolError) {
    let id = issue.jobID(list: file.path)
    do throws(ToolError) {
      let (tool, arguments) = try issue.request(list: file.path)
      let reply = try link.query(tool.name, arguments, timeout: 30)
      follow(issue, id, reply["job"] ?? nil)
    } catch {
      switch error.exit {
      case .unreachable, .timedOut, .tryLater, .internalError, .interrupted: throw error
      default: break
      }
      // The task's words were changed after its job had been begun: that job is the one.
      if error.code == "id_conflict", let job = try JobFollower.ask([id], link).first {
        return follow(issue, id, job)
      }
      pending[issue.id] = [
        ("status", "blocked"), ("garden_error", .string(error.lines.joined(separator: " "))),
      ]
      blocked += 1
      tell(issue.id, "blocked", issue.kind, ["error": .array(error.lines.map { .string($0) })])
    }
  }

  private mutating func follow(_ issue: BeadsIssue, _ id: String, _ job: JSONValue) {
    following[id] = Following(
      issue: issue.id, kind: issue.kind, attempt: issue.attempts + 1, job: job, written: issue.status)
    jobs[issue.id] = id
    note(job, id)
  }

  // MARK: Listening

  private mutating func listen(within seconds: Double, interval: Double) throws(ToolError) {
    var event = link.client.nextEvent(timeout: .seconds(seconds), wakingOn: file.wake)
    file.drain()
    while let one = event {
      if let job = one.content["job"], let id = job["id"]?.string { note(job, id) }
      event = link.client.nextEvent(timeout: .zero)
    }
    guard ContinuousClock.now - asked >= .seconds(max(interval, 0.5)) else { return }
    // An event may have been missed.
    asked = .now
    for job in try JobFollower.ask(Array(following.keys), link) {
      if let id = job["id"]?.string { note(job, id) }
    }
  }

  private mutating func note(_ job: JSONValue, _ id: String) {
    guard var known = following[id], job.object != nil else { return }
    known.job = job
    let status = Self.status(job)
    defer { if following[id] != nil { following[id] = known } }
    guard let status, status != known.written else { return }
    known.written = status
    var members: [(String, JSONValue)] = [("status", .string(status)), ("garden_job", .string(id))]
    if JobReport.isFinal(job) {
      members.append(("garden_attempts", .integer(Int64(known.attempt))))
      following[id] = nil
      count(status)
    }
    if status == "closed" { members.append(("closed_at", .string(Timestamp.now.text))) }
    if status == "blocked" {
      let lines = (job["error"]?.array ?? []).map { Field.text($0) }
      members.append(("garden_error", .string(lines.joined(separator: " "))))
    }
    pending[known.issue] = members
    tell(known.issue, status, known.kind, job)
  }

  private mutating func count(_ status: String) {
    switch status {
    case "closed": closed += 1
    case "cancelled": cancelled += 1
    default: blocked += 1
    }
  }

  /// As a list of tasks names a job's state; nil: nothing new. What was begun once stays in progress while it waits to
  /// be tried again.
  static func status(_ job: JSONValue) -> String? {
    switch job["status"]?.string {
    case "processing"? where job["state"]?.string == "running": "in_progress"
    case "complete"?: "closed"
    case "failed"?: "blocked"
    case "cancelled"?: "cancelled"
    default: nil
    }
  }

  // MARK: Writing

  private mutating func write() throws(ToolError) {
    guard !pending.isEmpty else { return }
    let wanted = pending
    let now = JSONValue.string(Timestamp.now.text)
    let written = try file.rewrite { list in
      var hasChanged = false
      for (id, members) in wanted {
        // The word of somebody else stands.
        guard let issue = list.issue(id), ["open", "in_progress"].contains(issue.status) else { continue }
        if list.set(members + [("updated_at", now)], of: id) { hasChanged = true }
      }
      return hasChanged
    }
    guard let written else { return }
    pending = [:]
    for issue in wanted.keys where jobs[issue].map({ following[$0] == nil }) ?? false { jobs[issue] = nil }
    try take(written)
  }
}
