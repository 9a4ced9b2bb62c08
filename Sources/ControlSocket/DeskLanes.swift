import FoundationEssentials
import HootWire

/// The desk's connections, each with at most one question on it. Of the desk's thread.
struct DeskLanes {
  private struct Lane {
    let socket: ZMQSocket
    let name: SocketName
    var asked: (id: UUID, question: DeskQuestion)?
  }

  enum Taken {
    case sent
    /// Every connection is in use.
    case noLane
    case refused(JSONValue)
  }

  /// Made with the first connection.
  private var context: ZMQContext?
  private let directory: SocketDirectory
  private let clientName: String
  private let session = UUID()
  private var lanes: [Lane] = []
  private var made = 0

  init(directory: SocketDirectory, name: String) { (self.directory, clientName) = (directory, name) }

  var questions: [DeskQuestion] { lanes.compactMap { $0.asked?.question } }

  /// Until a reply, an event or an order may have come, or the time has.
  func wait(until deadline: ContinuousClock.Instant?, _ ears: [ZMQSocket], orElse descriptor: Int32) {
    let asked = lanes.filter { $0.asked != nil }.map(\.socket)
    var wait = SocketWait(ears + asked, descriptors: [descriptor])
    _ = wait.wait(until: Deadline(after: deadline.map { $0 - .now } ?? .seconds(SocketLimits.waitSeconds)))
  }

  mutating func take(_ question: DeskQuestion) -> Taken {
    let name: SocketName = question.content["type"] == "emergency_pause" ? .control : .shell
    let index: Int
    do {
      guard let found = try lane(name) else { return .noLane }
      index = found
    } catch { return .refused(DeskRefusal.failed(error)) }
    let header = HootMessage.Header(
      msgID: .random, session: session,
      msgType: name == .shell ? "shell_request" : "control_request", timestamp: .now)
    let body = HootMessage(header: header, content: question.content).encode().encode()
    guard body.count <= HootLimits.bodyBytes else { return .refused(DeskRefusal.tooLarge(body.count)) }
    let frame = HootFrame(command: .request, contentType: .json, requestID: header.msgID, body: body)
    guard lanes[index].socket.send(frame.encode()) == .queued else {
      lanes.remove(at: index)
      return .refused(DeskRefusal.busy)
    }
    lanes[index].asked = (header.msgID, question)
    return .sent
  }

  private mutating func lane(_ name: SocketName) throws(SocketError) -> Int? {
    if let index = lanes.firstIndex(where: { $0.asked == nil && $0.name == name }) { return index }
    guard lanes.count < SocketLimits.deskLanes || name == .control else { return nil }
    if let absence { throw absence }
    let socket = try ZMQSocket(try sharedContext(), .dealer, directory)
    made += 1
    socket.introduce(as: "\(clientName)@\(session.wireText.prefix(8))-\(made)")
    try socket.connect(name)
    lanes.append(Lane(socket: socket, name: name))
    return lanes.count - 1
  }

  /// Why nobody would answer; nil where somebody listens. Asks the kernel: ZeroMQ would wait in silence.
  var absence: SocketError? {
    switch Listener.at(directory.path(of: .shell)) {
    case .listening: nil
    case .none: SocketError(.unreachable, directory.path)
    case .denied(let code): directory.failure("connect \(SocketName.shell.rawValue)", code)
    }
  }

  mutating func sharedContext() throws(SocketError) -> ZMQContext {
    if let context { return context }
    let made = try ZMQContext(directory)
    context = made
    return made
  }

  /// The replies that have come.
  mutating func receive() -> [(DeskQuestion, JSONValue)] {
    var replies: [(DeskQuestion, JSONValue)] = []
    for index in lanes.indices {
      while let asked = lanes[index].asked, case .message(let frames) = lanes[index].socket.receive() {
        // What is no message, or no reply to this, is not for us.
        guard let reply = try? HootFrame.parse(frames), reply.command == .reply, reply.requestID == asked.id
        else {
          continue
        }
        lanes[index].asked = nil
        replies.append((asked.question, DeskLanes.content(of: reply, directory)))
      }
    }
    return replies
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

  /// Takes every question, with all connections.
  mutating func giveUp() -> [DeskQuestion] {
    let left = questions
    lanes = []
    return left
  }
}
