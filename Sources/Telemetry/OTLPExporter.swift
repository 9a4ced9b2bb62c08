import Glibc
import Jobs
import Threading

/// Sends records to a collector by OTLP/HTTP, on a thread of its own.
///
/// `take` may be called on any ordinary thread and waits for nothing: what finds no room is dropped and counted. A
/// collector that is not there is asked ever more seldom, and that is said once.
package final class OTLPExporter: Sendable {
  /// Posts a body, and answers once, on any thread; waits for nothing.
  package typealias Post =
    @Sendable (_ url: String, _ body: [UInt8], _ answer: @escaping @Sendable (Posted) -> Void) -> Void

  private enum Message: Sendable {
    case record(TelemetryRecord)
    case posted(Posted)
    case stop
  }

  private let messages: Mailbox<Message>
  private let thread: OwnedThread
  private let told: Locked<Told>

  private struct Told: Sendable {
    var counts = OTLPDesk.Counts()
    var refused: [TelemetryRecord.Signal: UInt64] = [:]
  }

  /// - Parameters:
  ///   - clock: milliseconds since 1970.
  ///   - say: one sentence about the collector, on the exporter's thread; whether it is there.
  package init(
    _ collector: Collector, encoding: OTLP, clock: @escaping @Sendable () -> JobTime,
    post: @escaping Post, say: @escaping @Sendable (_ isThere: Bool, _ why: String) -> Void
  ) throws(ThreadingError) {
    let messages = try Mailbox<Message>(capacity: TelemetryLimits.waiting)
    let told = Locked(Told())
    self.messages = messages
    self.told = told
    thread = try OwnedThread(name: "telemetry") {
      var loop = Loop(
        messages: messages, told: told, clock: clock,
        perform: { action in
          switch action {
          case .say(let isThere, let why): say(isThere, why)
          case .post(let signal, let records):
            post(collector.url(signal), encoding.body(signal, records)) { Self.answer($0, to: messages) }
          }
        })
      loop.run()
    }
  }

  package func take(_ record: TelemetryRecord) {
    // Whoever began the trace does not want it kept.
    if case .span(let span) = record, !span.place.isSampled { return }
    guard messages.push(.record(record)) else {
      return told.withLock { $0.refused[record.signal, default: 0] += 1 }
    }
  }

  /// Records that were taken by the collector, and that it did not get.
  package var counts: (sent: [String: Double], dropped: [String: Double]) {
    let told = told.withLock { $0 }
    var (sent, dropped): ([String: Double], [String: Double]) = ([:], [:])
    for signal in TelemetryRecord.Signal.allCases {
      sent[signal.rawValue] = Double(told.counts.sent[signal] ?? 0)
      dropped[signal.rawValue] = Double(
        (told.counts.dropped[signal] ?? 0) + (told.refused[signal] ?? 0))
    }
    return (sent, dropped)
  }

  /// Sends what waits, within `TelemetryLimits.endMilliseconds`, and ends the thread.
  package func stop() {
    Self.push(.stop, to: messages)
    thread.join()
  }

  private static func answer(_ result: Posted, to messages: Mailbox<Message>) {
    push(.posted(result), to: messages)
  }

  /// What may not be lost waits for room, which the exporter's thread, that waits for nothing else, soon makes.
  private static func push(_ message: Message, to messages: Mailbox<Message>) {
    while !messages.push(message), !messages.isClosed { usleep(1_000) }
  }

  /// What the thread owns.
  private struct Loop {
    let messages: Mailbox<Message>
    let told: Locked<Told>
    let clock: @Sendable () -> JobTime
    let perform: (OTLPDesk.Action) -> Void
    var desk = OTLPDesk()

    mutating func run() {
      var end: JobTime?
      while true {
        let now = clock()
        if let end, desk.isIdle || desk.isFailing || end <= now { return messages.close() }
        let next = [desk.nextTime, end].compactMap { $0 }.min() ?? now.later(60_000)
        for message in messages.wait(milliseconds: Int32(clamping: max(0, next.later(-now)))) {
          switch message {
          case .record(let record): desk.take(record, at: clock())
          case .posted(let result): act(desk.posted(result, at: clock()))
          case .stop:
            desk.end()
            end = clock().later(TelemetryLimits.endMilliseconds)
          }
        }
        act(desk.next(at: clock()))
        let counts = desk.counts
        told.withLock { $0.counts = counts }
      }
    }

    private func act(_ action: OTLPDesk.Action?) { if let action { perform(action) } }
  }
}
