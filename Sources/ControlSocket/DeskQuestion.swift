import HootWire

/// What the desk's thread is told.
enum DeskOrder: Sendable {
  case ask(DeskQuestion)
  case listen(@Sendable (String, JSONValue) -> Void)
  case nap(DeskNap)
  case stop
}

/// One request on its way; answered exactly once.
struct DeskQuestion: Sendable {
  let content: JSONValue
  let timeout: Duration
  let deadline: ContinuousClock.Instant
  /// Of a command whose landing belongs to its answer.
  var landing: DeskLanding?
  let continuation: CheckedContinuation<JSONValue, Never>

  func answer(_ content: JSONValue) { continuation.resume(returning: content) }
}

/// Somebody who waits for nothing but time, on a thread that is there anyway.
struct DeskNap: Sendable {
  let end: ContinuousClock.Instant
  let continuation: CheckedContinuation<Void, Never>
}
