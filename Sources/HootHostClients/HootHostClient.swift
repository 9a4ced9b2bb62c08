import ContentStore
import HootWire
import HostClients
import Jobs
import Tools

/// Speaks to a service over HOOT01, or to hootenanny itself. Any thread; its talks go on on a `HootWorker`'s, and files are
/// lent and taken over on an `InputReader`'s.
struct HootHostClient: HostClient {
  let kind: HostKind
  private let name: String
  private let address: HootAddress
  private let worker: HootWorker
  private let reader: InputReader
  private let store: ContentStore

  /// - Throws: where the address is none.
  init(
    name: String, kind: HostKind, address: String, worker: HootWorker, reader: InputReader,
    store: ContentStore
  ) throws(HostFailure) {
    self.name = Plain.line(name)
    self.kind = kind
    self.address = try HootAddress(address, kind)
    self.worker = worker
    self.reader = reader
    self.store = store
  }

  func start(_ call: HostCall, report: @escaping @Sendable (HostReport) -> Void) -> any HostCallHandle {
    let running = CallHandle(worker.desk, report: report)
    let client = self
    let isTaken = reader.submit {
      do throws(HostFailure) {
        let order = try client.order(call, running)
        running.begin(orElse: "\(client.name) was not asked for \(call.tool)") {
          client.worker.desk.start(order)
        }
      } catch {
        running.finish(.failed(error))
      }
    }
    if !isTaken { running.finish(.failed(waits(call))) }
    return running
  }

  private func waits(_ call: HostCall) -> HostFailure {
    HostFailure(
      .retryable, "\(name) was not asked for \(call.tool)", why: "Too many calls wait for their inputs.",
      next: HostFailure.triedAgain)
  }

  private func order(_ call: HostCall, _ running: CallHandle) throws(HostFailure) -> HootWorker.Order {
    let prefix = "garden-"
    var identity = "\(prefix)\(call.job.text)-\(call.attempt)"
    var hashes: [(String, String)] = []
    for input in call.inputs { hashes.append((input.parameter, try lend(input.hash))) }
    let body = try HootRequest.body(call, hashes: hashes, schemas: worker.schemas)
    let purpose: HootTalk.Purpose
    switch call.opening {
    case .submit, .resend: purpose = .submit(body)
    case .adopt(let remote):
      // A service's calls are known by their identity, hootenanny's by the job's id.
      if kind == .hoot01, let remote, remote.hasPrefix(prefix), remote.utf8.count <= 255 { identity = remote }
      purpose = .adopt(job: kind == .hootenanny ? remote : nil, body)
    }
    return HootWorker.Order(
      address: address, call: call, host: name, kind: kind, identity: identity, purpose: purpose,
      report: { running.tell($0) }, end: { end($0, call, running) })
  }

  private func lend(_ input: String) throws(HostFailure) -> String {
    let content = try HostClientFactory.name(input)
    do throws(StoreError) {
      // hootenanny's own store knows 32 digits; services know all 64.
      return kind == .hoot01 ? try store.lend(content) : try store.takeOver(content)
    } catch { throw error.failure }
  }

  /// On the worker's thread.
  private func end(_ end: HootTalk.End, _ call: HostCall, _ running: CallHandle) {
    switch end {
    case .answered: running.finish(.cancelled)
    case .unreachable(let why):
      running.finish(
        .failed(HostFailure(.transport, "\(name) was not reached", why: why, next: "garden host ls")))
    case .outcome(.succeeded(let result)) where !result.artifacts.isEmpty:
      let client = self
      let isTaken = reader.submit {
        do throws(HostFailure) { running.finish(.succeeded(try client.taken(result, call))) } catch {
          running.finish(.failed(error))
        }
      }
      if !isTaken { running.finish(.failed(waits(call))) }
    case .outcome(let outcome): running.finish(outcome)
    }
  }

  /// What the host named is there, whole, and where this program's files are.
  private func taken(_ result: HostResult, _ call: HostCall) throws(HostFailure) -> HostResult {
    var result = result
    for (index, artifact) in result.artifacts.enumerated() {
      guard case .stored(let text) = artifact.content else { continue }
      let content = try HostClientFactory.name(text)
      do throws(StoreError) {
        result.artifacts[index].content = .stored(hash: try store.takeOver(content))
      } catch {
        throw HostFailure(
          error.failure.cause, "The result of \(name) for \(call.tool) cannot be had",
          why: "It names \(text): \(error.lines[0]); \(error.lines[1]).",
          next: "garden config show --origin")
      }
    }
    return result
  }

  func probe(_ answer: @escaping @Sendable (HostHealth) -> Void) {
    ask(.probe, .random) { end in
      switch end {
      case .answered: answer(HostHealth(isUp: true))
      case .unreachable(let why): answer(HostHealth(isUp: false, note: why))
      case .outcome: answer(HostHealth(isUp: false, note: "It was not asked: the daemon ends."))
      }
    }
  }

  func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void) {
    guard kind == .hootenanny else { return answer(.unsupported) }
    guard let remote else { return answer(.unknown) }
    ask(.release(job: remote), job) { end in
      switch end {
      case .answered(let isKnown): answer(isKnown ? .released : .unknown)
      case .unreachable, .outcome: answer(.unreachable)
      }
    }
  }

  /// A question that is no call.
  private func ask(
    _ purpose: HootTalk.Purpose, _ job: JobID, _ end: @escaping @Sendable (HootTalk.End) -> Void
  ) {
    let call = HostCall(
      job: job, tool: "a heartbeat", parameters: [], limits: HostCall.Limits(total: HostCall.Limits.probe * 2)
    )
    let order = HootWorker.Order(
      address: address, call: call, host: name, kind: kind, identity: "garden-asks-\(JobID.random.text)",
      purpose: purpose, report: { _ in }, end: end)
    if worker.desk.start(order) == nil { end(.unreachable("Too many calls wait.")) }
  }
}

extension JobID {
  /// For what is asked about no job.
  fileprivate static var random: JobID { JobID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max)) }
}
