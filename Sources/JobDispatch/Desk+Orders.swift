import Jobs
import Ledger

extension Desk {
  /// Milliseconds for which an idempotency key is remembered.
  static var keyLife: Int64 { 24 * 3_600_000 }

  func take(_ order: DispatchOrder, at now: JobTime) {
    switch order {
    case .submit(let specs, let key, let answer):
      lookUp(DispatchMessage.Request(specs: specs, key: key, answer: answer), at: now)
    case .retry(let old, let new, let answer):
      guard scheduler.record(old) == nil else {
        return answer(
          .failure(
            JobRefusal(
              .notFinished, "Nothing was tried anew.", why: "The job \(old) is not finished.",
              next: "Cancel it first: garden job cancel \(old)")))
      }
      lookUp(DispatchMessage.Request(specs: [], key: nil, answer: answer, retry: (old, new)), at: now)
    case .cancel(let job, let answer):
      do {
        try scheduler.cancel(job, at: now)
        expectCancel(of: job, answer)
      } catch { answer(error) }
    case .cancelAll(let client, let answer): cancelAll(client, answer, at: now)
    case .pause(let job, let answer):
      attempt(answer) { () throws(JobRefusal) in try scheduler.pause(job, at: now) }
    case .resume(let job, let answer):
      attempt(answer) { () throws(JobRefusal) in try scheduler.resume(job, at: now) }
    case .setPriority(let priority, let job, let answer):
      attempt(answer) { () throws(JobRefusal) in try scheduler.setPriority(priority, of: job, at: now) }
    case .setDeadlines(let deadlines):
      for (job, deadline) in deadlines { scheduler.setDeadline(deadline, of: job, at: now) }
    case .setHost(let spec, let answer): set(spec, answer, at: now)
    case .drain(let name, let isDraining, let answer):
      attempt(answer) { () throws(JobRefusal) in try scheduler.drain(host: name, isDraining, at: now) }
      tell(host: name)
    case .removeHost(let name, let answer): remove(name, answer, at: now)
    case .probe(let name, let answer):
      attempt(answer) { () throws(JobRefusal) in
        guard clients[name] != nil else {
          throw JobRefusal(
            .unknownHost, "Nothing was asked.", why: "There is no host '\(name)'.",
            next: "See which there are: garden host ls")
        }
      }
      probe(name)
    case .look(let body): body(scheduler, now)
    }
  }

  private func attempt(_ answer: (JobRefusal?) -> Void, _ body: () throws(JobRefusal) -> Void) {
    do throws(JobRefusal) {
      try body()
      answer(nil)
    } catch { answer(error) }
  }

  private func tell(host name: String) {
    if let view = scheduler.host(name) { news(.host(view)) }
  }

  private func cancelAll(
    _ client: String?, _ answer: @escaping @Sendable (Result<Int, JobRefusal>) -> Void, at now: JobTime
  ) {
    let jobs = scheduler.records.filter { client == nil || $0.spec.client == client }
      .sorted { $0.sequence < $1.sequence }.map(\.id)
    var count = 0
    // One that another of them took along is gone already.
    for job in jobs where scheduler.record(job) != nil {
      do { try scheduler.cancel(job, at: now) } catch { continue }
      count += 1
    }
    turn(at: now)
    // Its turn comes after all the ends were written.
    write(.truncate(session: "", through: 0)) { [count] result in
      answer(result.map { _ in count }.mapError { $0.refusal("Some ends of jobs were not kept.") })
    }
  }

  private func set(_ spec: HostSpec, _ answer: @escaping @Sendable (JobRefusal?) -> Void, at now: JobTime) {
    guard let client = makeClient(spec) else {
      return answer(
        JobRefusal(
          .badHost, "The host '\(spec.name)' was not taken on.",
          why: "There is no client for it: \(spec.kind.rawValue) at \(spec.services.map(\.address)).",
          next: "Check its kind and its address."))
    }
    do throws(JobRefusal) { try scheduler.set(host: spec, at: now) } catch { return answer(error) }
    clients[spec.name] = client
    tell(host: spec.name)
    write(.setHost(spec)) { result in
      if case .failure(let error) = result {
        answer(error.refusal("The host '\(spec.name)' is there until the daemon ends; it was not kept."))
      } else {
        answer(nil)
      }
    }
  }

  private func remove(_ name: String, _ answer: @escaping @Sendable (JobRefusal?) -> Void, at now: JobTime) {
    do throws(JobRefusal) { try scheduler.remove(host: name, at: now) } catch { return answer(error) }
    write(.removeHost(name)) { result in
      if case .failure(let error) = result {
        answer(error.refusal("The host '\(name)' is gone until the daemon starts anew; that was not kept."))
      } else {
        answer(nil)
      }
    }
  }
}
