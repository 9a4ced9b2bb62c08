import HostClients
import Jobs
import Threading

/// A host with several services: a call goes to the one that has its tool.
struct ServicesClient: HostClient {
  let kind: HostKind
  private let host: HostSpec
  /// In the order of the host's services.
  private let clients: [any HostClient]

  init(_ host: HostSpec, _ clients: [any HostClient]) {
    kind = host.kind
    self.host = host
    self.clients = clients
  }

  func start(_ call: HostCall, report: @escaping @Sendable (HostReport) -> Void) -> any HostCallHandle {
    guard let service = host.service(for: call.tool), clients.indices.contains(service) else {
      report(
        .finished(
          .failed(
            HostFailure(
              .permanent, "\(host.name) has no service for \(Plain.shown(call.tool))",
              why: "Its services have \(host.services.flatMap(\.tools).sorted().joined(separator: ", ")).",
              next: "garden host ls"))))
      return NoCall()
    }
    return clients[service].start(call, report: report)
  }

  private struct NoCall: HostCallHandle {
    func cancel() {}
  }

  /// Up when one service is; the rest from the first that says it, the free places from all, since a place at one is
  /// none at another only together with the host's slots.
  func probe(_ answer: @escaping @Sendable (HostHealth) -> Void) {
    gather(clients.map { client in { client.probe($0) } }) { answers in
      var health = answers.first { $0.isUp } ?? answers[0]
      let up = answers.filter(\.isUp)
      health.gpuLoad = up.compactMap(\.gpuLoad).first
      health.gpuMemory = up.compactMap(\.gpuMemory).first
      let free = up.compactMap(\.freeSlots)
      health.freeSlots = free.isEmpty ? nil : free.reduce(0, +)
      let tools = up.compactMap(\.tools).joined()
      health.tools = tools.isEmpty ? nil : Array(tools)
      health.note = answers.first { !$0.isUp }?.note ?? health.note
      answer(health)
    }
  }

  /// Whoever has it lets go of it; nobody knows which one that is.
  func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void) {
    gather(clients.map { client in { client.release(job, remote: remote, $0) } }) { answers in
      let order: [HostRelease] = [.released, .unreachable, .unsupported, .unknown]
      answer(order.first { answers.contains($0) } ?? .unknown)
    }
  }

  /// Asks all, and answers once all have answered.
  private func gather<Answer: Sendable>(
    _ questions: [@Sendable (@escaping @Sendable (Answer) -> Void) -> Void],
    _ all: @escaping @Sendable ([Answer]) -> Void
  ) {
    let answers = Locked([Answer?](repeating: nil, count: questions.count))
    for (index, question) in questions.enumerated() {
      question { answer in
        let whole = answers.withLock { answers -> [Answer]? in
          guard answers[index] == nil else { return nil }
          answers[index] = answer
          let known = answers.compactMap { $0 }
          return known.count == answers.count ? known : nil
        }
        if let whole { all(whole) }
      }
    }
  }
}
