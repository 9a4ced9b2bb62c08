import CThreading
import Glibc

/// One named thread. Its state is made by, and stays in, the body it runs: what others want of it they send.
///
/// Any thread may hold, ask and join it. Dropping the last reference lets the thread run on by itself.
package final class OwnedThread: Sendable {
  package let name: String
  private let thread: pthread_t
  private let stage = Locked(Stage.running)

  private enum Stage {
    /// Exits: to `ended`, by `join`.
    case running
    case ended
  }

  /// Starts the thread.
  ///
  /// - Parameters:
  ///   - name: shown by `ps` and debuggers, cut to 15 bytes.
  ///   - stackBytes: 64 KiB to 64 MiB.
  ///   - body: runs once on the new thread; what it captures is handed over to it.
  /// - Throws: when the stack is out of range or the system has no thread left to give.
  package init(
    name: String, stackBytes: Int = ThreadingLimits.stackBytesUsual, _ body: sending @escaping () -> Void
  ) throws(ThreadingError) {
    guard ThreadingLimits.stackBytes.contains(stackBytes) else {
      throw ThreadingError(
        "The thread '\(name)' was not started.",
        why: "A stack of \(stackBytes) bytes was asked for; it may have \(ThreadingLimits.stackBytes).",
        next: "Ask for a stack within that range.")
    }
    self.name = name
    let start = Start(
      name: Self.shortened(name), isRoomy: stackBytes > ThreadingLimits.stackBytesUsual, body: body)
    thread = try Self.launch(start, stackBytes: stackBytes)
  }

  deinit {
    if stage.withLock({ $0 == .running }) { pthread_detach(thread) }
  }

  /// Waits until the body has returned. Idempotent; several threads may wait. A thread cannot wait for
  /// itself.
  package func join() {
    precondition(!isCurrent, "the thread '\(name)' waits for itself")
    stage.withLock { stage in
      guard stage == .running else { return }
      pthread_join(thread, nil)
      stage = .ended
    }
  }

  /// Whether the caller runs on this thread.
  package var isCurrent: Bool {
    guard pthread_equal(thread, pthread_self()) != 0 else { return false }
    // The system gives the number of a thread that was joined to the next one. While the lock is held
    // elsewhere, somebody still waits for the end, so the number is ours.
    return stage.withLockIfAvailable { $0 == .running } ?? true
  }
}

extension OwnedThread {
  /// What travels to the new thread, once.
  private final class Start {
    let name: String
    /// Its stack is larger than a realtime thread's, and need not be in memory whole.
    let isRoomy: Bool
    let body: () -> Void

    init(name: String, isRoomy: Bool, body: @escaping () -> Void) {
      self.name = name
      self.isRoomy = isRoomy
      self.body = body
    }
  }

  private static func launch(_ start: Start, stackBytes: Int) throws(ThreadingError) -> pthread_t {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackBytes)

    var thread = pthread_t()
    let parcel = Unmanaged.passRetained(start)
    let problem = pthread_create(
      &thread, &attributes,
      { parcel in
        guard let parcel else { return nil }
        let start = Unmanaged<Start>.fromOpaque(parcel).takeRetainedValue()
        _ = start.name.withCString { thr_name_current($0) }
        if start.isRoomy { thr_let_go_of_stack() }
        start.body()
        return nil
      }, parcel.toOpaque())
    guard problem == 0 else {
      parcel.release()
      throw ThreadingError(
        "The thread '\(start.name)' was not started.",
        why: "The system refused: \(String(cString: strerror(problem))) (\(problem)).",
        next: "Close other programs, or raise the limit on processes: ulimit -u")
    }
    return thread
  }

  /// The longest beginning of `name` that fits, without a NUL, in whole characters.
  static func shortened(_ name: String) -> String {
    var kept = ""
    for character in name where character != "\0" {
      guard kept.utf8.count + character.utf8.count <= ThreadingLimits.nameBytes else { break }
      kept.append(character)
    }
    return kept
  }
}
