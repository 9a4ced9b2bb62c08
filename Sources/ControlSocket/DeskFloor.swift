import FoundationEssentials
import HootWire
import Threading

/// What the desk's thread owns: the questions, and the connections they are on.
final class DeskFloor {
  private let orders: Mailbox<DeskOrder>
  private var lanes: DeskLanes
  private var waiting: [DeskQuestion] = []
  private var isStopping = false

  init(orders: Mailbox<DeskOrder>, lanes: DeskLanes) {
    (self.orders, self.lanes) = (orders, lanes)
  }

  func run() {
    while !isStopping {
      lanes.wait(until: nextDeadline, orElse: orders.descriptor)
      orders.drain().forEach(take)
      lanes.receive()
      lanes.tellEvents()
      expire()
      while let question = waiting.first, lanes.take(question) { waiting.removeFirst() }
    }
    for question in waiting + lanes.questions {
      question.continuation.resume(returning: DeskRefusal.stopping)
    }
    // What was asked while this one ended.
    for case .ask(let question) in close() { question.continuation.resume(returning: DeskRefusal.stopping) }
  }

  private func close() -> [DeskOrder] {
    orders.close()
    return orders.drain()
  }

  private var nextDeadline: ContinuousClock.Instant? {
    (waiting + lanes.questions).map(\.deadline).min()
  }

  private func take(_ order: DeskOrder) {
    switch order {
    case .stop: isStopping = true
    case .listen(let take): lanes.listen(take)
    case .ask(let question):
      guard waiting.count < SocketLimits.deskWaiting else {
        question.continuation.resume(returning: DeskRefusal.busy)
        return
      }
      waiting.append(question)
    }
  }

  private func expire() {
    let now = ContinuousClock.now
    for question in lanes.overdue(at: now) + waiting.filter({ $0.deadline <= now }) {
      question.continuation.resume(returning: DeskRefusal.late(question.timeout))
    }
    waiting.removeAll { $0.deadline <= now }
  }
}

/// The desk's connections, each with at most one question on it.
struct DeskLanes {
  private struct Lane {
    let socket: ZMQSocket
    let name: SocketName
    var asked: (id: UUID, question: DeskQuestion)?
  }

  /// Made with the first connection.
  private var context: ZMQContext?
  private let directory: SocketDirectory
  private let clientName: String
  private let session = UUID()
  private var lanes: [Lane] = []
  private var events: (socket: ZMQSocket, take: @Sendable (String, JSONValue) -> Void)?
  private var made = 0

  init(directory: SocketDirectory, name: String) { (self.directory, clientName) = (directory, name) }

  var questions: [DeskQuestion] { lanes.compactMap { $0.asked?.question } }

  /// Until a reply or an order may have come, or the time has.
  func wait(until deadline: ContinuousClock.Instant?, orElse descriptor: Int32) {
    let heard = events.map { [$0.socket] } ?? []
    var wait = SocketWait(heard + lanes.filter { $0.asked != nil }.map(\.socket), descriptors: [descriptor])
    _ = wait.wait(until: Deadline(after: deadline.map { $0 - .now } ?? .seconds(SocketLimits.waitSeconds)))
  }

  /// False when every connection is in use.
  mutating func take(_ question: DeskQuestion) -> Bool {
    let name: SocketName = question.content["type"] == "emergency_pause" ? .control : .shell
    let index: Int
    do {
      guard let found = try lane(name) else { return false }
      index = found
    } catch {
      question.continuation.resume(returning: DeskRefusal.failed(error))
      return true
    }
    let header = HootMessage.Header(
      msgID: .random, session: session,
      msgType: name == .shell ? "shell_request" : "control_request", timestamp: .now)
    let body = HootMessage(header: header, content: question.content).encode().encode()
    guard body.count <= HootLimits.bodyBytes else {
      question.continuation.resume(returning: DeskRefusal.tooLarge(body.count))
      return true
    }
    let frame = HootFrame(command: .request, contentType: .json, requestID: header.msgID, body: body)
    guard lanes[index].socket.send(frame.encode()) == .queued else {
      lanes.remove(at: index)
      question.continuation.resume(returning: DeskRefusal.busy)
      return true
    }
    lanes[index].asked = (header.msgID, question)
    return true
  }

  private mutating func lane(_ name: SocketName) throws(SocketError) -> Int? {
    if let index = lanes.firstIndex(where: { $0.asked == nil && $0.name == name }) { return index }
    guard lanes.count < SocketLimits.deskLanes || name == .control else { return nil }
    let socket = try ZMQSocket(try sharedContext(), .dealer, directory)
    made += 1
    socket.introduce(as: "\(clientName)@\(session.wireText.prefix(8))-\(made)")
    try socket.connect(name)
    lanes.append(Lane(socket: socket, name: name))
    return lanes.count - 1
  }

  private mutating func sharedContext() throws(SocketError) -> ZMQContext {
    if let context { return context }
    let made = try ZMQContext(directory)
    context = made
    return made
  }

  /// Every topic; what happens before the daemon's end has heard of it is missed.
  mutating func listen(_ take: @escaping @Sendable (String, JSONValue) -> Void) {
    // A socket that cannot be had leaves the streams without events; requests say what is wrong.
    guard let context = try? sharedContext(), let socket = try? ZMQSocket(context, .sub, directory),
      (try? socket.connect(.events)) != nil
    else { return }
    socket.subscribe("")
    events = (socket, take)
  }

  func tellEvents() {
    guard let events else { return }
    // As many as one queue holds, so that a flood leaves the requests their turn.
    for _ in 0..<Int(SocketLimits.queuedMessages) {
      guard case .message(let frames) = events.socket.receive() else { return }
      guard let event = TopicEvent(frames) else { continue }
      events.take(event.topic, event.content)
    }
  }

  /// Hands out the replies that have come.
  mutating func receive() {
    for index in lanes.indices {
      while let asked = lanes[index].asked, case .message(let frames) = lanes[index].socket.receive() {
        // What is no message, or no reply to this, is not for us.
        guard let reply = try? HootFrame.parse(frames), reply.command == .reply, reply.requestID == asked.id
        else {
          continue
        }
        lanes[index].asked = nil
        asked.question.continuation.resume(returning: DeskLanes.content(of: reply, directory))
      }
    }
  }

  private static func content(of reply: HootFrame, _ directory: SocketDirectory) -> JSONValue {
    do { return try JSONBodyCodec.message(reply.body).content } catch {
      return DeskRefusal.failed(SocketError(.badReply("\(error)"), directory.path))
    }
  }

  /// Takes the questions whose time has passed, with their connections: a reply may still come there.
  mutating func overdue(at now: ContinuousClock.Instant) -> [DeskQuestion] {
    let late = lanes.compactMap(\.asked).map(\.question).filter { $0.deadline <= now }
    if !late.isEmpty { lanes.removeAll { ($0.asked?.question.deadline ?? now + .seconds(1)) <= now } }
    return late
  }
}
