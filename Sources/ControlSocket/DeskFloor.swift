import HootWire
import Threading

/// What the desk's thread owns: the questions, the connections they are on, and what it hears.
final class DeskFloor {
  private let orders: Mailbox<DeskOrder>
  private var lanes: DeskLanes
  private var ears: DeskEars
  private var waiting: [DeskQuestion] = []
  private var naps: [DeskNap] = []
  /// When it is looked whether anybody is there who could answer.
  private var looksAt: ContinuousClock.Instant?
  private var isStopping = false

  init(orders: Mailbox<DeskOrder>, lanes: DeskLanes, ears: DeskEars) {
    (self.orders, self.lanes, self.ears) = (orders, lanes, ears)
  }

  func run() {
    while !isStopping {
      lanes.wait(until: nextDeadline, ears.sockets, orElse: orders.descriptor)
      orders.drain().forEach(take)
      ears.hear()
      for (question, reply) in lanes.receive() { settle(question, reply) }
      expire()
      send()
      // After what was asked just now: else nobody would look before its time is over.
      look()
    }
    ears.close()
    for question in waiting + lanes.questions { question.answer(DeskRefusal.stopping) }
    for nap in naps { nap.continuation.resume() }
    // What was asked while this one ended.
    for order in close() {
      switch order {
      case .ask(let question): question.answer(DeskRefusal.stopping)
      case .nap(let nap): nap.continuation.resume()
      case .listen, .stop: break
      }
    }
  }

  private func close() -> [DeskOrder] {
    orders.close()
    return orders.drain()
  }

  private var nextDeadline: ContinuousClock.Instant? {
    let questions = (waiting + lanes.questions).map(\.deadline) + naps.map(\.end)
    return (questions + [ears.nextDeadline, looksAt].compactMap { $0 }).min()
  }

  private func take(_ order: DeskOrder) {
    switch order {
    case .stop: isStopping = true
    case .listen(let take): ears.listen(take, try? lanes.sharedContext())  // Requests say what is wrong.
    case .nap(let nap): naps.append(nap)
    case .ask(let question):
      guard waiting.count < SocketLimits.deskWaiting else { return question.answer(DeskRefusal.busy) }
      if question.landing != nil { ears.hearCommands(try? lanes.sharedContext()) }  // Likewise.
      waiting.append(question)
    }
  }

  /// In their order, but for commands that wait until their landing can be heard of.
  private func send() {
    while let index = waiting.firstIndex(where: { $0.landing == nil || ears.areOpen }) {
      let question = waiting[index]
      switch lanes.take(question) {
      case .sent: if question.landing != nil { ears.expect() }
      case .noLane: return
      case .refused(let refusal): question.answer(refusal)
      }
      waiting.remove(at: index)
    }
  }

  private func settle(_ question: DeskQuestion, _ reply: JSONValue) {
    guard let landing = question.landing else { return question.answer(reply) }
    ears.settle(question, landing, reply)
  }

  private func expire() {
    let now = ContinuousClock.now
    for question in lanes.overdue(at: now) { settle(question, DeskRefusal.late(question.timeout)) }
    for question in waiting where question.deadline <= now {
      question.answer(DeskRefusal.late(question.timeout))
    }
    waiting.removeAll { $0.deadline <= now }
    ears.expire(at: now)
    for nap in naps where nap.end <= now { nap.continuation.resume() }
    naps.removeAll { $0.end <= now }
  }

  /// Nobody answers on behalf of a daemon that has gone: what is with it is told so, and not only in its time.
  private func look() {
    guard !lanes.questions.isEmpty else {
      looksAt = nil
      return
    }
    let now = ContinuousClock.now
    guard let due = looksAt else {
      looksAt = now + .milliseconds(SocketLimits.deskLookMilliseconds)
      return
    }
    guard due <= now else { return }
    looksAt = now + .milliseconds(SocketLimits.deskLookMilliseconds)
    guard let gone = lanes.absence else { return }
    for question in lanes.giveUp() { settle(question, DeskRefusal.failed(gone)) }
  }
}
