import HootWire
import HostBench
import Jobs
import Testing
import Threading

@testable import HostClients

/// A client, its threads, and what its calls report.
final class Asking: Sendable {
  let worker: HTTPWorker
  let reader: InputReader

  init() throws {
    worker = try HTTPWorker()
    reader = try InputReader()
  }

  deinit {
    worker.stop()
    reader.stop()
  }

  func client(_ host: ScriptedHost) throws -> HTTPHostClient { try client(host.url) }

  func client(_ url: String) throws -> HTTPHostClient {
    try HTTPHostClient(name: "gpu", url: url, worker: worker, reader: reader) { hash throws(HostFailure) in
      guard hash == "seed" else {
        throw HostFailure(.permanent, "\(hash) is not there", why: "It is not.", next: "nothing")
      }
      return Array("MThd".utf8)
    }
  }

  /// All reports of one call, to its end.
  func reports(_ client: some HostClient, _ call: HostCall) throws -> [HostReport] {
    try Running(client, call).toEnd()
  }

  func outcome(_ client: some HostClient, _ call: HostCall) throws -> HostOutcome? {
    try reports(client, call).last.flatMap { if case .finished(let outcome) = $0 { outcome } else { nil } }
  }

  /// What a host that answers every request so comes to.
  func outcome(_ steps: ScriptedHost.Step..., call: HostCall = asked()) throws -> HostOutcome? {
    let host = try ScriptedHost { _, _ in steps }
    defer { host.stop() }
    return try outcome(try client(host), call)
  }
}

/// One call under way.
final class Running: Sendable {
  private let news: Mailbox<HostReport>
  let handle: any HostCallHandle

  init(_ client: some HostClient, _ call: HostCall) throws {
    let news = try Mailbox<HostReport>(capacity: 65_536)
    self.news = news
    handle = client.start(call) { _ = news.push($0) }
  }

  /// Waits for its end, half a minute at most.
  func toEnd() -> [HostReport] {
    var reports: [HostReport] = []
    for _ in 0..<300 {
      reports += news.wait(milliseconds: 100)
      if case .finished? = reports.last { return reports }
    }
    return reports
  }
}

func asked(
  _ tool: String = "orpheus_generate", _ parameters: String = "{}", inputs: [HostCall.Input] = [],
  total: Double = 20,
  silence: Double? = nil, replyBytes: Int = 1 << 20
) -> HostCall {
  var limits = HostCall.Limits(total: total, silence: silence)
  limits.replyBytes = replyBytes
  return HostCall(
    job: JobID(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0001), tool: tool,
    parameters: Array(parameters.utf8),
    inputs: inputs, limits: limits, traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
}

extension HostOutcome {
  var failure: HostFailure? { if case .failed(let failure) = self { failure } else { nil } }
  var result: HostResult? { if case .succeeded(let result) = self { result } else { nil } }
}

/// Waits for a condition, half a minute at most.
func eventually(_ condition: () -> Bool) -> Bool {
  for _ in 0..<3000 {
    if condition() { return true }
    usleepBriefly()
  }
  return condition()
}
