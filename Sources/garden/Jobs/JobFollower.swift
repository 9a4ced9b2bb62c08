import ControlSocket
import HootWire
import Tools

/// Jobs followed to their ends: events say what changes, and now and then all are asked for, in case that one was
/// missed. Nothing is lost when it is let go.
///
/// One thread, the link's.
struct JobFollower {
  private(set) var jobs: [JSONValue] = []
  private let link: DaemonLink
  private var places: [String: Int] = [:]
  private var asked = ContinuousClock.now
  /// Seconds that were left of each when it was last asked for.
  private var left: [Int: Double] = [:]
  /// Since when nobody listens.
  private var awaySince: ContinuousClock.Instant?
  /// Seconds between two times that everything is asked for.
  let interval: Double
  /// Ids in one question.
  private static let asking = 500

  /// - Parameter references: ids, or their beginnings.
  init(_ references: [String], _ link: DaemonLink, interval: Double) throws(ToolError) {
    self.link = link
    self.interval = interval
    // Before the first question: what changes after the answer is not missed.
    do { try link.client.subscribe(topics: ["job"]) } catch { throw ToolError(error) }
    for job in try Self.ask(references, link) where places[Self.id(job)] == nil {
      places[Self.id(job)] = jobs.count
      left[jobs.count] = job["ends_in"]?.double
      jobs.append(job)
    }
  }

  var isDone: Bool { jobs.allSatisfy(JobReport.isFinal) }
  var hasOneDone: Bool { jobs.contains(where: JobReport.isFinal) }

  private static func id(_ job: JSONValue) -> String { job["id"]?.string ?? "" }

  /// How jobs are now.
  static func ask(_ references: [String], _ link: DaemonLink) throws(ToolError) -> [JSONValue] {
    let tool = Catalogue.tool(.jobPoll)
    var jobs: [JSONValue] = []
    var rest = references[...]
    while !rest.isEmpty {
      let arguments = try tool.validate([
        ("job", .list(rest.prefix(asking).map { .text($0) })), ("wait", .number(0)),
      ])
      rest = rest.dropFirst(asking)
      jobs += try link.query(.jobPoll, arguments, timeout: 30)["jobs"]?.array ?? []
    }
    return jobs
  }

  /// Seconds that a daemon may be away, as while it is started anew.
  private static let patience = 5.0

  /// Exit status 69 once the daemon has been away for some seconds. False while it is.
  mutating func isThere() throws(ToolError) -> Bool {
    if DaemonLink.isServed(link.client.directory.path) {
      // What changed in between is asked for at once.
      if awaySince != nil { asked = .now - .seconds(interval) }
      awaySince = nil
      return true
    }
    let since = awaySince ?? .now
    awaySince = since
    guard ContinuousClock.now - since < .seconds(Self.patience) else {
      let open = jobs.filter { !JobReport.isFinal($0) }.map { JobReport.short($0["id"]) }
      throw ToolError(
        code: "unreachable", exit: .unreachable, what: "The daemon has gone",
        why: "Nobody listens in its socket directory any more; its jobs are kept, and go on when it is back.",
        next: "garden up, then garden job wait \(open.prefix(8).joined(separator: " "))")
    }
    return false
  }

  /// Waits at most so many seconds for a change, and gives the jobs that changed.
  mutating func changes(within seconds: Double) throws(ToolError) -> [JSONValue] {
    var changed: [Int] = []
    let until = ContinuousClock.now + .seconds(min(seconds, min(interval, 1)))
    while let event = link.client.nextEvent(
      timeout: changed.isEmpty ? max(.zero, until - .now) : .zero)
    {
      guard let job = event.content["job"], let place = places[Self.id(job)], take(job, at: place) else {
        continue
      }
      if !changed.contains(place) { changed.append(place) }
    }
    if try isThere(), ContinuousClock.now - asked >= .seconds(interval) {
      asked = .now
      let open = jobs.filter { !JobReport.isFinal($0) }.map(Self.id)
      for job in try Self.ask(open, link) {
        guard let place = places[Self.id(job)] else { continue }
        left[place] = job["ends_in"]?.double
        guard take(job, at: place) else { continue }
        if !changed.contains(place) { changed.append(place) }
      }
    }
    return changed.map { jobs[$0] }
  }

  /// Events do not say where a job stands in the queue: that stays as it was last asked for, and what is left goes down.
  private mutating func take(_ job: JSONValue, at place: Int) -> Bool {
    let known = jobs[place]
    guard (job["revision"]?.int ?? 0) >= (known["revision"]?.int ?? 0), job != known,
      !JobReport.isFinal(known)
    else { return false }
    guard var object = job.object else { return false }
    if job["state"] == known["state"], !JobReport.isFinal(job) {
      for name in ["position", "hosts"] where object[name]?.isNull ?? true { object[name] = known[name] }
      if object["ends_in"]?.isNull ?? true, let left = left[place] {
        object["ends_in"] = .number(max(0, left - (ContinuousClock.now - asked) / .seconds(1)))
      }
    }
    jobs[place] = .object(object)
    return true
  }
}
