import CZeroMQ
import Glibc

/// A moment on the monotonic clock by which a wait ends.
struct Deadline {
  private let nanoseconds: Int64

  /// `duration` from now, between nothing and `SocketLimits.waitSeconds`.
  init(after duration: Duration) {
    nanoseconds = Deadline.now() + Deadline.clamped(duration)
  }

  var remainingNanoseconds: Int64 { max(0, nanoseconds - Deadline.now()) }

  private static func clamped(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    if seconds < 0 || attoseconds < 0 { return 0 }
    if seconds >= SocketLimits.waitSeconds { return SocketLimits.waitSeconds * 1_000_000_000 }
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// Waiting on ZeroMQ sockets and plain descriptors together, to the microsecond.
///
/// A ZeroMQ descriptor is no ordinary one: it becomes readable when the socket has *news* for us, once, and
/// any call on the socket may use the news up. So it is never the answer, only the alarm: sockets on which something
/// else was called since they were last found empty are asked themselves right before each sleep (a sleep over a
/// message that is already there would last until the next one), and those that gave an alarm after it, which may have
/// been about something else than a message. Sockets that nothing has happened to cost no call.
struct SocketWait {
  enum Result: Equatable {
    case ready(descriptors: [Int32])
    case timeout
    /// A signal came; the caller may want to look why.
    case interrupted
  }

  private let sockets: [ZMQSocket]
  let descriptors: [Int32]
  private var polls: [pollfd]

  init(_ sockets: [ZMQSocket], descriptors: [Int32] = []) {
    self.sockets = sockets
    self.descriptors = descriptors
    let all = descriptors + sockets.map(\.descriptor)
    polls = all.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  }

  /// Returns when a socket has a message, a descriptor is readable (or broken), or the deadline has come.
  mutating func wait(until deadline: Deadline) -> Result {
    while true {
      var messageWaits = false
      for socket in sockets where socket.mayHoldMessages && socket.isReadable { messageWaits = true }
      let nanoseconds = messageWaits ? 0 : deadline.remainingNanoseconds
      let count = czeromq_poll_nanoseconds(&polls, UInt(polls.count), nanoseconds)
      if count < 0 {
        return messageWaits ? .ready(descriptors: []) : .interrupted
      }
      if count == 0, !messageWaits {
        if nanoseconds == 0 { return .timeout }
        continue
      }
      for index in sockets.indices
      where polls[descriptors.count + index].revents != 0 && sockets[index].isReadable { messageWaits = true }
      let ready = polls[..<descriptors.count].filter { $0.revents != 0 }.map(\.fd)
      if messageWaits || !ready.isEmpty { return .ready(descriptors: ready) }
      if nanoseconds == 0 { return .timeout }
    }
  }
}
