import CThreading
import Glibc

/// A bounded queue of messages with a descriptor that a poll loop can wait on.
///
/// Any ordinary thread may push; one thread drains. Not for the realtime thread: a mutex stands inside. The
/// lock is held for a handful of instructions, so `push` waits for nobody's work.
package final class Mailbox<Message: Sendable>: Sendable {
  package let capacity: Int
  /// Readable exactly while messages wait. To be polled, never read or closed; valid as long as the mailbox.
  package let descriptor: Int32
  private let contents: Locked<Contents>

  private struct Contents {
    var messages: [Message] = []
    var refused: UInt64 = 0
    var closed = false
  }

  /// - Parameter capacity: 1 to 1,048,576 messages.
  /// - Throws: when the capacity is out of range, or the process has no descriptor left.
  package init(capacity: Int) throws(ThreadingError) {
    guard ThreadingLimits.mailboxMessages.contains(capacity) else {
      throw ThreadingError(
        "The mailbox was not made.",
        why: "Room for \(capacity) messages was asked for; it may be \(ThreadingLimits.mailboxMessages).",
        next: "Ask for a capacity within that range.")
    }
    let descriptor = thr_event_create()
    guard descriptor >= 0 else {
      throw ThreadingError(
        "The mailbox was not made.",
        why: "The system gave no descriptor: \(String(cString: strerror(errno))) (\(errno)).",
        next: "Raise the limit on open files: ulimit -n")
    }
    self.capacity = capacity
    self.descriptor = descriptor
    contents = Locked(Contents())
  }

  deinit { Glibc.close(descriptor) }

  /// False, and the message is not taken, when the mailbox is full or closed. Any ordinary thread.
  package func push(_ message: Message) -> Bool {
    contents.withLock { contents in
      guard !contents.closed, contents.messages.count < capacity else {
        contents.refused += 1
        return false
      }
      contents.messages.append(message)
      // Signalled under the lock, so that the descriptor and the queue never disagree.
      if contents.messages.count == 1 { thr_event_signal(descriptor) }
      return true
    }
  }

  /// Every waiting message, in the order of their pushes; empty when none waits. Waits for nothing.
  package func drain() -> [Message] {
    contents.withLock { contents in
      guard !contents.messages.isEmpty else { return [] }
      thr_event_clear(descriptor)
      let messages = contents.messages
      contents.messages = []
      return messages
    }
  }

  /// Waits for a message and takes all there are.
  ///
  /// - Parameter milliseconds: how long at most; forever when negative. Empty when the time has passed.
  package func wait(milliseconds: Int32) -> [Message] {
    var interest = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&interest, 1, milliseconds)
    return drain()
  }

  /// From now on every push is refused; what waits can still be drained.
  package func close() { contents.withLock { $0.closed = true } }

  package var isClosed: Bool { contents.withLock { $0.closed } }

  /// How many pushes were refused since the mailbox was made.
  package var refused: UInt64 { contents.withLock { $0.refused } }
}
