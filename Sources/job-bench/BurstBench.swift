import Glibc
import Jobs
import Threading

/// Ten jobs at once for a host with one place, which somebody else's call holds as they come.
enum BurstBench {
  private static let jobs = 10

  static func run(path: String) throws {
    let done = try Mailbox<Void>(capacity: 1_000)
    let client = OnePlaceClient()
    let host = HostSpec(name: "h", kind: .http, slots: 1, services: [.init(address: "", tools: ["*"])])
    let (dispatcher, ledger) = try DispatchBench.start(path, [host], client, done)
    for number in 0..<jobs { DispatchBench.submit(dispatcher, number, tool: "make", milliseconds: 0) }
    usleep(300_000)
    client.letGo()
    var count = 0
    while count < jobs {
      let news = done.wait(milliseconds: 30_000).count
      guard news > 0 else { break }
      count += news
    }
    Figure(
      name: "[B22] of a burst of ten on one busy slot, jobs not done", value: Double(jobs - count), unit: "",
      against: "all are to be done", goal: 0
    ).tell()
    Figure(
      name: "[B23] calls for each job of that burst", value: Double(client.calls) / Double(jobs), unit: "",
      against: "one busy answer among them", goal: 1.1
    ).tell()
    dispatcher.close()
    ledger.close()
  }
}
