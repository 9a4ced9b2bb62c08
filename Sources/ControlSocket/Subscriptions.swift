/// What the subscribers of the events socket want to hear, as far as it is worth knowing.
struct Subscriptions {
  /// A subscription whose topic begins so is confirmed by one message of that topic. Subscriptions of one
  /// client arrive in order, so a client that subscribes to a confirmation last knows that all its others
  /// stand.
  static let confirmationPrefix = "welcome"

  private var topics: Set<[UInt8]> = []
  /// Set once there were more or longer ones than are remembered; from then on everybody may want everything.
  private var isOverflowing = false

  /// Takes a message from the socket: one byte, 1 for coming and 0 for going, then the topic. Returns the
  /// topic to confirm, if it is one of those.
  mutating func take(_ message: [UInt8]) -> [UInt8]? {
    guard let first = message.first, first <= 1 else { return nil }
    let topic = Array(message.dropFirst())
    if topic.starts(with: Subscriptions.confirmationPrefix.utf8) { return first == 1 ? topic : nil }
    if first == 0 {
      topics.remove(topic)
    } else if topic.count > SocketLimits.topicBytes || topics.count >= SocketLimits.trackedSubscriptions {
      isOverflowing = true
    } else {
      topics.insert(topic)
    }
    return nil
  }

  /// Whether there may be a subscription, to whatever.
  var isAny: Bool { isOverflowing || !topics.isEmpty }

  func wants(_ topic: String) -> Bool {
    if isOverflowing { return true }
    if topics.isEmpty { return false }
    let bytes = Array(topic.utf8.prefix(SocketLimits.topicBytes))
    return (0...bytes.count).contains { topics.contains(Array(bytes[..<$0])) }
  }
}
