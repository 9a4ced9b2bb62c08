import HootWire

/// One event in the order of all.
struct Event: Equatable, Sendable {
  /// Counts from 1; 0 of what is live only, and is never told again.
  let number: UInt64
  let topic: String
  let content: [UInt8]

  /// As `text/event-stream` has it, or as a message of a WebSocket.
  func bytes(run: String, isSocket: Bool = false) -> [UInt8] {
    Event.bytes(topic, content, id: number > 0 ? "\(run)-\(number)" : nil, isSocket: isSocket)
  }

  static func bytes(_ topic: String, _ content: [UInt8], id: String?, isSocket: Bool) -> [UInt8] {
    if isSocket {
      let start = "{\"event\":\(JSONValue.string(topic).text),"
      let middle = id.map { "\"id\":\(JSONValue.string($0).text)," } ?? ""
      return SocketFrame(.text, Array((start + middle + "\"data\":").utf8) + content + [0x7D]).bytes
    }
    let text = (id.map { "id: \($0)\n" } ?? "") + "event: \(topic)\ndata: "
    return Array(text.utf8) + content + Array("\n\n".utf8)
  }
}

/// The events of the last while, numbered: who was away asks from where they stopped. Of the web thread.
struct EventHistory {
  /// Differs from one start of the daemon to the next, so that an old cursor is known as such.
  let run: String
  private var events: [Event] = []
  private var bytes = 0
  /// The newest event's number.
  private(set) var last: UInt64 = 0

  init(run: String) { self.run = run }

  /// The event as it is told from now on.
  mutating func add(_ topic: String, _ content: JSONValue) -> Event {
    let bytes = content.encode()
    guard !EventHistory.isLive(topic, content) else { return Event(number: 0, topic: topic, content: bytes) }
    last += 1
    let event = Event(number: last, topic: topic, content: bytes)
    events.append(event)
    self.bytes += bytes.count
    var forgotten = 0
    while events.count - forgotten > WebLimits.events || self.bytes > WebLimits.eventBytes {
      self.bytes -= events[forgotten].content.count
      forgotten += 1
    }
    // In lots: one at a time would move all the others each time.
    if forgotten > 0 { events.removeFirst(forgotten) }
    return event
  }

  /// Levels and positions are worth something now, or nothing.
  static func isLive(_ topic: String, _ content: JSONValue) -> Bool {
    topic == "meter" || content["type"] == "position"
  }

  func cursor(_ number: UInt64) -> String { "\(run)-\(number)" }

  /// The number of the last event that a cursor says was seen; nil where it is another daemon's, or no cursor.
  func number(of cursor: String) -> UInt64? {
    let parts = cursor.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == run, let number = UInt64(parts[1]), number <= last else { return nil }
    return number
  }

  /// Whether nothing that follows that event is forgotten.
  func reaches(back number: UInt64) -> Bool { number >= oldest - 1 }

  var oldest: UInt64 { events.first?.number ?? last + 1 }

  /// The event after that one; nil at the end, and where it is forgotten.
  func event(after number: UInt64) -> Event? {
    guard number < last, reaches(back: number), let first = events.first else { return nil }
    return events[Int(number + 1 - first.number)]
  }
}

/// What a stream wants to hear.
struct EventWish: Equatable, Sendable {
  /// Beginnings of topics; empty is all of them.
  var topics: [String]
  /// The last event that was seen; nil: from now on.
  var cursor: String?
  /// It is told in a WebSocket's frames.
  var isSocket = false
  /// Not events are told but what is written down of this job, whenever there is more.
  var job: String?

  /// Told to all: something is missing there.
  static let gap = "gap"

  func includes(_ topic: String) -> Bool {
    if topic == EventWish.gap { return true }
    // Levels come twenty times a second: only who names them wants them.
    if topics.isEmpty { return topic != "meter" }
    return topics.contains { topic.hasPrefix($0) }
  }

  /// What a client asks for by a WebSocket: `{"topics": ["job", "latent"]}`; nil when it is something else.
  static func topics(said payload: [UInt8]) -> [String]? {
    guard let said = try? JSONValue.parse(payload), let object = said.object, object.members.count == 1,
      let topics = object["topics"]?.array, topics.count <= WebLimits.topics
    else { return nil }
    let words = topics.compactMap(\.string)
    return words.count == topics.count ? words : nil
  }
}
