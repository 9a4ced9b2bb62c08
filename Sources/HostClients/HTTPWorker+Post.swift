import Jobs

extension HTTPWorker {
  /// How a post ended: with the status of a whole reply, or why there was none.
  package enum Posted: Sendable, Equatable {
    case replied(status: Int)
    case failed(String)
  }

  /// Posts JSON to an address and passes over what the reply says but its status. Any thread; waits for nothing.
  ///
  /// - Parameters:
  ///   - seconds: for all of it.
  ///   - answer: once, on the worker's thread or, where too much waits, on the caller's.
  package func post(
    _ body: [UInt8], to url: String, seconds: Double, answer: @escaping @Sendable (Posted) -> Void
  ) {
    let request = HTTPRequest(
      url: url, headers: ["Content-Type: application/json", "Accept: application/json", "Expect:"],
      body: body,
      connect: min(HostCall.Limits.probe, seconds), silence: nil, total: seconds,
      replyBytes: HostClientLimits.healthBytes)
    let ends = Ends(
      events: { _ in }, remark: {},
      end: { end in
        switch end.cause {
        case .replied: answer(.replied(status: end.reply.status))
        case .refused(let why), .limit(let why, _): answer(.failed(why))
        case .cancelled: answer(.failed("It was given up."))
        }
      })
    if desk.start(Order(request: request, ends: ends)) == nil { answer(.failed("Too many calls wait.")) }
  }
}
