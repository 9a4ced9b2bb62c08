import ContentStore
import FoundationEssentials
import Glibc
import Jobs
import Testing
import Threading

@testable import HootHostClients

/// A factory with a content store and a folder of its own.
final class FactoryBench: Sendable {
  let folder: String
  let store: ContentStore
  let factory: HostClientFactory

  /// - Parameter store: of a bench before this one.
  init(store given: ContentStore? = nil) throws {
    var template = Array("/tmp/cg-hosts-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } }
    guard made != nil else { throw Failed() }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    store = given ?? ContentStore(folder: "\(folder)/cas", stateFolder: folder)
    factory = HostClientFactory(
      HostClientFactory.Parts(
        program: "/bin/false", environment: ["PATH": "/usr/bin:/bin"], folder: folder, store: store))
  }

  struct Failed: Error {}

  deinit {
    factory.stop()
    // Its own folder in /tmp: one that stays does no harm.
    try? FileManager.default.removeItem(atPath: folder)
  }

  func host(_ kind: HostKind, _ address: String, tools: Set<String> = ["*"]) -> HostSpec {
    HostSpec(
      name: "gpu", kind: kind, slots: 1, services: [HostSpec.Service(address: address, tools: tools)])
  }

  func call(
    _ tool: String, _ parameters: String = "{}", inputs: [HostCall.Input] = [], total: Double = 30,
    opening: HostCall.Opening = .submit, attempt: Int = 1, job: UInt64 = 1
  ) -> HostCall {
    HostCall(
      job: JobID(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 | job), attempt: attempt, tool: tool,
      opening: opening, parameters: Array(parameters.utf8), inputs: inputs,
      limits: HostCall.Limits(total: total))
  }

  func outcome(_ client: any HostClient, _ call: HostCall) throws -> HostOutcome? {
    try Running(client, call).outcome()
  }

  func health(_ client: any HostClient) -> HostHealth? {
    let answer = Locked<HostHealth?>(nil)
    client.probe { health in answer.withLock { $0 = health } }
    _ = eventually { answer.withLock { $0 != nil } }
    return answer.withLock { $0 }
  }
}

/// One call under way.
final class Running: Sendable {
  private let news: Mailbox<HostReport>
  private let heard = Locked<[HostReport]>([])
  let handle: any HostCallHandle

  init(_ client: any HostClient, _ call: HostCall) throws {
    let news = try Mailbox<HostReport>(capacity: 65_536)
    self.news = news
    handle = client.start(call) { _ = news.push($0) }
  }

  /// What was reported until now.
  var reports: [HostReport] {
    let more = news.drain()
    return heard.withLock { heard in
      heard += more
      return heard
    }
  }

  /// Waits for its end, half a minute at most.
  func outcome() -> HostOutcome? {
    var end: HostOutcome?
    _ = eventually {
      for case .finished(let outcome) in self.reports { end = outcome }
      return end != nil
    }
    return end
  }
}

extension HostOutcome {
  var failure: HostFailure? { if case .failed(let failure) = self { failure } else { nil } }
  var result: HostResult? { if case .succeeded(let result) = self { result } else { nil } }
}

/// Waits for a condition, half a minute at most.
func eventually(_ condition: () -> Bool) -> Bool {
  for _ in 0..<3000 {
    if condition() { return true }
    usleep(10_000)
  }
  return condition()
}
