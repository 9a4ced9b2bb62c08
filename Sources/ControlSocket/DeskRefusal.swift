import HootWire
import Tools

/// What the desk itself says no with: as the daemon would.
enum DeskRefusal {
  static let busy = refusal(
    .tryLater, "the daemon does not take requests", "\(SocketLimits.deskWaiting) of them wait already",
    "try again in a moment")
  static let stopping = refusal(.tryLater, "the daemon ends", "it was asked to", "garden up")

  static func late(_ timeout: Duration) -> JSONValue {
    refusal(
      .timedOut, "the daemon does not answer", "no reply within \(timeout.wholeMilliseconds) ms",
      "garden doctor")
  }

  static func failed(_ error: SocketError) -> JSONValue {
    refusal(.unreachable, error.lines[0], error.lines[1], error.lines[2])
  }

  static func tooLarge(_ bytes: Int) -> JSONValue {
    refusal(
      .usage, "the request is too large", "\(bytes) bytes; at most \(HootLimits.bodyBytes) are taken",
      "split the request")
  }

  /// A command that was accepted and could not be done: the event that tells of it has its lines.
  static func commandFailed(_ event: JSONValue) -> JSONValue {
    let lines = event["lines"]?.array ?? []
    return ["type": "error", "error": lines.first ?? "the command failed", "detail": event]
  }

  private static func refusal(_ exit: ExitCode, _ what: String, _ why: String, _ next: String) -> JSONValue {
    [
      "type": "error", "error": .string(what), "traceback": nil,
      "detail": [
        "code": .string(exit.word), "lines": [.string(what), .string(why), .string(next)],
        "exit": .integer(Int64(exit.rawValue)),
      ],
    ]
  }
}
