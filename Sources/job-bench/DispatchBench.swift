import FoundationEssentials
import Glibc
import JobDispatch
import Jobs
import Ledger
import Threading

/// The dispatcher with its threads and its database, and hosts that take as long as they are told.
enum DispatchBench {
  /// Ends every call after its size in milliseconds: at once, or on a thread that sleeps.
  private struct Timed: HostClient {
    let kind = HostKind.builtin

    func start(_ call: HostCall, report: @escaping @Sendable (HostReport) -> Void) -> any HostCallHandle {
      let done = HostReport.finished(.succeeded(HostResult(value: Array("1".utf8))))
      guard let text = String(validating: call.parameters, as: UTF8.self), let time = Int(text), time > 0
      else {
        report(done)
        return Nothing()
      }
      do {
        _ = try OwnedThread(name: "call") {
          usleep(UInt32(time) * 1_000)
          report(done)
        }
      } catch { report(done) }
      return Nothing()
    }

    func probe(_ answer: @escaping @Sendable (HostHealth) -> Void) { answer(HostHealth(isUp: true)) }

    func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void) {
      answer(.released)
    }
  }

  private struct Nothing: HostCallHandle { func cancel() {} }

  private struct NoShelf: ArtifactShelf {
    func store(
      _ artifacts: [HostArtifact], of job: JobRecord,
      _ answer: @escaping @Sendable (Result<[ArtifactRow], HostFailure>) -> Void
    ) {
      answer(.success([]))
    }
  }

  private static func start(
    _ path: String, _ hosts: [HostSpec], _ done: Mailbox<Void>
  ) throws -> (Dispatcher, Ledger) {
    let ledger = try Ledger(
      clock: Machine.time, open: { () throws(LedgerError) in try SQLiteLedger(path: path) })
    let parts = Dispatcher.Parts(
      ledger: ledger, shelf: NoShelf(), makeClient: { _ in Timed() },
      news: { if case .finished = $0 { _ = done.push(()) } })
    return (try Dispatcher(parts, hosts: hosts, clock: Machine.time), ledger)
  }

  private static func submit(_ dispatcher: Dispatcher, _ number: Int, tool: String, milliseconds: Int) {
    var spec = JobSpec(
      id: JobID(high: 4, low: UInt64(number)), tool: tool, parameters: Array("\(milliseconds)".utf8))
    spec.isFresh = true
    while !dispatcher.order(.submit([spec], answer: { _ in })) { usleep(1_000) }
  }

  /// A job that does nothing, one after the other: from its submission to the news of its end.
  static func closedLoop(path: String, commit: Double) throws {
    let done = try Mailbox<Void>(capacity: 1_000)
    let host = HostSpec(name: "h", kind: .builtin, slots: 4, services: [.init(address: "", tools: ["*"])])
    let (dispatcher, ledger) = try start(path, [host], done)
    var times: [Double] = []
    for number in 0..<2_000 {
      let begin = Machine.seconds
      submit(dispatcher, number, tool: "none", milliseconds: 0)
      guard !done.wait(milliseconds: 30_000).isEmpty else { break }
      times.append(Machine.seconds - begin)
    }
    let (half, most) = (Machine.quantile(times, 0.5), Machine.quantile(times, 0.99))
    let bound = 3 * commit + 0.0003
    for (part, value) in [("one in two", half), ("99 of 100", most)] {
      Figure(
        name: "[A09] submit to complete, nothing to do, \(part)", value: value * 1_000, unit: "ms",
        against: "three synced commits of this run and 0.3 ms", goal: bound * 1_000
      ).tell()
    }
    dispatcher.close()
    ledger.close()
  }

  /// The thirty tasks on the seven usual slots, a hundred times as fast: 2 s is the bound.
  static func seedLoad(path: String) throws {
    let done = try Mailbox<Void>(capacity: 1_000)
    let (dispatcher, ledger) = try start(path, HostSpec.usual, done)
    let begin = Machine.seconds
    var number = 0
    for _ in 0..<10 {
      for (tool, time) in [("code", 300), ("text", 200), ("reasoning", 400)] {
        submit(dispatcher, number, tool: tool, milliseconds: time)
        number += 1
      }
    }
    var count = 0
    while count < 30 {
      let news = done.wait(milliseconds: 30_000).count
      guard news > 0 else { break }
      count += news
    }
    Figure(
      name: "[A25] thirty tasks on seven slots at a hundredth of their time", value: Machine.seconds - begin,
      unit: "s",
      against: "bound 2 s", goal: 2.02
    ).tell()
    dispatcher.close()
    ledger.close()
  }
}
