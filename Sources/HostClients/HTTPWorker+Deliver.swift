import Jobs

/// A post to an address that somebody else chose.
package struct Delivery: Sendable {
  package var url: String
  /// Whole lines, `name: value`.
  package var headers: [String]
  package var body: [UInt8]
  /// Which addresses it may lead to.
  package var rule: AddressRule
  /// For the connection, and for all of it.
  package var connectSeconds: Double
  package var seconds: Double
  /// Of the reply, of which nothing but its head is used.
  package var replyBytes: Int

  package init(
    url: String, headers: [String], body: [UInt8], rule: AddressRule, connectSeconds: Double,
    seconds: Double, replyBytes: Int
  ) {
    (self.url, self.headers, self.body, self.rule) = (url, headers, body, rule)
    (self.connectSeconds, self.seconds, self.replyBytes) = (connectSeconds, seconds, replyBytes)
  }

  package enum End: Sendable, Equatable {
    /// `retryAfter` as it stands in the reply.
    case replied(status: Int, retryAfter: String?)
    case failed(String)
    /// The worker stops: nobody knows whether it came.
    case givenUp
  }
}

extension HTTPWorker {
  /// Posts, follows no redirect and no proxy, and connects to no address that the rule refuses. Any thread; waits for
  /// nothing.
  ///
  /// - Parameter answer: once, on the worker's thread or, where too much waits, on the caller's.
  package func deliver(_ delivery: Delivery, answer: @escaping @Sendable (Delivery.End) -> Void) {
    let request = HTTPRequest(
      url: delivery.url, headers: delivery.headers + ["Expect:"], body: delivery.body,
      connect: min(delivery.connectSeconds, delivery.seconds), silence: nil, total: delivery.seconds,
      replyBytes: delivery.replyBytes, rule: delivery.rule)
    let ends = Ends(events: { _ in }, remark: {}, end: { answer(Self.end($0)) })
    if desk.start(Order(request: request, ends: ends)) == nil { answer(.failed("Too many calls wait.")) }
  }

  private static func end(_ end: End) -> Delivery.End {
    switch end.cause {
    case .replied: .replied(status: end.reply.status, retryAfter: end.reply.retryAfter)
    // Who says that it took something has taken it, however much is said besides.
    case .limit(_, isTime: false) where (200...299).contains(end.reply.status):
      .replied(status: end.reply.status, retryAfter: nil)
    case .refused(let why), .limit(let why, _): .failed(why)
    case .cancelled: .givenUp
    }
  }
}
