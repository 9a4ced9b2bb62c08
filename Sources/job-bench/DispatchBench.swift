import FoundationEssentials
import Glibc
import JobDispatch
import Jobs
import Ledger
import Threading

/// The dispatcher with its threads and its database.
enum DispatchBench {
  static func start(
    _ path: String, _ hosts: [HostSpec], _ client: any HostClient, _ done: Mailbox<Void>
  ) throws -> (Dispatcher, Ledger) {
    let ledger = try Ledger(
      clock: Machine.time, open: { () throws(LedgerError) in try SQLiteLedger(path: path) })
    let parts = Dispatcher.Parts(
      ledger: ledger, shelf: NoShelf(), makeClient: { _ in client },
      news: { if case .finished = $0 { _ = done.push(()) } })
    return (try Dispatcher(parts, hosts: hosts, clock: Machine.time), ledger)
  }

  static func submit(_ dispatcher: Dispatcher, _ number: Int, tool: String, milliseconds: Int) {
    var spec = JobSpec(
      id: JobID(high: 4, low: UInt64(number)), tool: tool, parameters: Array("\(milliseconds)".utf8))
    spec.isFresh = true
    while !dispatcher.order(.submit([spec], answer: { _ in })) { usleep(1_000) }
  }

  /// A job that does nothing, one after the other: from its submission to the news of its end.
  static func closedLoop(path: String, commit: (half: Double, most: Double)) throws {
    let done = try Mailbox<Void>(capacity: 1_000)
    let host = HostSpec(name: "h", kind: .builtin, slots: 4, services: [.init(address: "", tools: ["*"])])
    let (dispatcher, ledger) = try start(path, [host], TimedClient(), done)
    var times: [Double] = []
    for number in 0..<2_000 {
      let begin = Machine.seconds
      submit(dispatcher, number, tool: "none", milliseconds: 0)
      guard !done.wait(milliseconds: 30_000).isEmpty else { break }
      times.append(Machine.seconds - begin)
    }
    let (half, most) = (Machine.quantile(times, 0.5), Machine.quantile(times, 0.99))
    for (part, value, commit) in [("one in two", half, commit.half), ("99 of 100", most, commit.most)] {
      Figure(
        name: "[A09] submit to complete, nothing to do, \(part)", value: value * 1_000, unit: "ms",
        against: "as often, three synced commits of this run and 0.3 ms", goal: (3 * commit + 0.0003) * 1_000
      ).tell()
    }
    dispatcher.close()
    ledger.close()
  }
}
