import HostClients
import Jobs
import Ledger
import Threading

/// Posts what the ledger has to be posted, on a thread of its own: neither jobs nor music wait for a receiver.
///
/// Talks to the ledger, which it asks what is due and tells what came of it, and to an `HTTPWorker`, whose thread waits
/// for the network. At least once: a daemon that ends between a post and its mark posts it again, under the same id.
package final class WebhookCourier: Sendable {
  /// What is lent to it. Its closures are called on the courier's thread.
  package struct Parts: Sendable {
    package var ledger: Ledger
    /// Milliseconds since 1970.
    package var clock: @Sendable () -> JobTime
    /// The secrets' bytes, the newest first; why there are none is thrown.
    package var secrets: @Sendable () throws -> [[UInt8]]
    /// Posts; one answer, on any thread.
    package var post: @Sendable (Delivery, @escaping @Sendable (Delivery.End) -> Void) -> Void
    package var rule = AddressRule()
    package var schedule = WebhookSchedule()
    package var seed: UInt64 = 1
    /// For a connection, and for all of a post.
    package var connectSeconds = WebhookLimits.connectSeconds
    package var seconds = WebhookLimits.seconds
    /// A line for the log, of something that failed for good or was disabled.
    package var warn: @Sendable (String) -> Void = { _ in }

    package init(
      ledger: Ledger, clock: @escaping @Sendable () -> JobTime,
      secrets: @escaping @Sendable () throws -> [[UInt8]],
      post: @escaping @Sendable (Delivery, @escaping @Sendable (Delivery.End) -> Void) -> Void
    ) {
      (self.ledger, self.clock, self.secrets, self.post) = (ledger, clock, secrets, post)
    }
  }

  enum Message: Sendable {
    case look
    case ended(WebhookDelivery, began: JobTime, Delivery.End)
    case kept(url: String, isKept: Bool)
    case stop
  }

  private let messages: Mailbox<Message>
  private let thread: OwnedThread
  private let isClosed = Locked(false)
  /// A word that was not heard yet is enough: ends of posts must always find room.
  private let isWoken: Locked<Bool>

  package init(_ parts: Parts) throws(ThreadingError) {
    let messages = try Mailbox<Message>(capacity: WebhookLimits.messages)
    let isWoken = Locked(false)
    self.messages = messages
    self.isWoken = isWoken
    thread = try OwnedThread(name: "webhooks") {
      var round = WebhookRound(parts, messages, heard: { isWoken.withLock { $0 = false } })
      round.run()
    }
  }

  /// There may be something new. Any thread; waits for nothing.
  package func wake() {
    let isNew = isWoken.withLock { isWoken in
      defer { isWoken = true }
      return !isWoken
    }
    if isNew { _ = messages.push(.look) }
  }

  /// Ends the thread; what is being posted is posted again by the next daemon. Before the ledger closes. Idempotent.
  package func close() {
    let isFirst = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return !isClosed
    }
    if isFirst, !messages.push(.stop) { messages.close() }
    thread.join()
  }
}
