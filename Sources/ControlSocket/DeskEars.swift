import FoundationEssentials
import HootWire

/// What the desk hears: every event, for whoever listens, and where the commands land that were asked for here. Of the
/// desk's thread.
struct DeskEars {
  private struct Waiting {
    let question: DeskQuestion
    let landing: DeskLanding
    let reply: JSONValue
    let command: Int64
    let deadline: ContinuousClock.Instant
  }

  private enum Commands {
    /// Nobody has asked. Exits: `subscribing`.
    case unheard
    /// What lands before the daemon's end has heard of it is missed. Exits: `heard`.
    case subscribing(confirmation: String, until: ContinuousClock.Instant)
    case heard
  }

  private let directory: SocketDirectory
  private var socket: ZMQSocket?
  private var take: (@Sendable (String, JSONValue) -> Void)?
  private var commands = Commands.unheard
  private var waiting: [Waiting] = []
  /// Events of commands whose reply has not come yet.
  private var early: [Int64: JSONValue] = [:]
  /// Questions in flight whose landing is of interest.
  private var asked = 0

  init(directory: SocketDirectory) { self.directory = directory }

  /// Whether commands can be asked for: what becomes of them will be heard.
  var areOpen: Bool {
    switch commands {
    case .unheard, .heard: true
    case .subscribing(_, let until): until <= .now
    }
  }

  var nextDeadline: ContinuousClock.Instant? {
    var all = waiting.map(\.deadline)
    if case .subscribing(_, let until) = commands { all.append(until) }
    return all.min()
  }

  var sockets: [ZMQSocket] { socket.map { [$0] } ?? [] }

  /// Every topic; what happens before the daemon's end has heard of it is missed.
  mutating func listen(_ take: @escaping @Sendable (String, JSONValue) -> Void, _ context: ZMQContext?) {
    guard let socket = open(context) else { return }
    socket.subscribe("")
    self.take = take
  }

  /// Before the first command goes.
  mutating func hearCommands(_ context: ZMQContext?) {
    guard case .unheard = commands, let socket = open(context) else { return }
    socket.subscribe("command")
    let confirmation = "\(Subscriptions.confirmationPrefix)/\(UUID().wireText)"
    socket.subscribe(confirmation)
    commands = .subscribing(
      confirmation: confirmation, until: .now + .milliseconds(SocketLimits.landingMilliseconds))
  }

  private mutating func open(_ context: ZMQContext?) -> ZMQSocket? {
    if let socket { return socket }
    // A socket that cannot be had leaves the streams without events; requests say what is wrong.
    guard let context, let made = try? ZMQSocket(context, .sub, directory),
      (try? made.connect(.events)) != nil
    else { return nil }
    socket = made
    return made
  }

  /// A command goes out whose landing is of interest.
  mutating func expect() { asked += 1 }

  /// The reply to it has come, or will not.
  mutating func settle(_ question: DeskQuestion, _ landing: DeskLanding, _ reply: JSONValue) {
    asked -= 1
    defer { if asked == 0 { early = [:] } }
    guard let command = DeskLanding.command(in: reply) else { return question.answer(reply) }
    if let event = early.removeValue(forKey: command) {
      return question.answer(landing.answer(reply, event))
    }
    let deadline = ContinuousClock.now + .milliseconds(SocketLimits.landingMilliseconds)
    waiting.append(
      Waiting(question: question, landing: landing, reply: reply, command: command, deadline: deadline))
  }

  /// As many as one queue holds, so that a flood leaves the requests their turn.
  mutating func hear() {
    guard let socket else { return }
    for _ in 0..<Int(SocketLimits.queuedMessages) {
      guard case .message(let frames) = socket.receive() else { return }
      if case .subscribing(let confirmation, _) = commands, frames == [Array(confirmation.utf8)] {
        socket.unsubscribe(confirmation)
        commands = .heard
      }
      guard let event = TopicEvent(frames) else { continue }
      if event.topic == "command" { land(event.content) }
      take?(event.topic, event.content)
    }
  }

  private mutating func land(_ event: JSONValue) {
    guard let command = event["command"]?.int, event["type"] == "landed" || event["type"] == "failed" else {
      return
    }
    if let index = waiting.firstIndex(where: { $0.command == command }) {
      let done = waiting.remove(at: index)
      done.question.answer(done.landing.answer(done.reply, event))
    } else if asked > 0, early.count < SocketLimits.bufferedEvents {
      early[command] = event
    }
  }

  /// Answers with the reply alone where a landing was not heard of in time.
  mutating func expire(at now: ContinuousClock.Instant) {
    for late in waiting where late.deadline <= now { late.question.answer(late.reply) }
    waiting.removeAll { $0.deadline <= now }
  }

  /// At the end: the replies are known.
  mutating func close() {
    for left in waiting { left.question.answer(left.reply) }
    waiting = []
  }
}
