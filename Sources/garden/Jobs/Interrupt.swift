import Glibc

/// Ctrl-C and its like, kept for a command that has to tidy up before it ends.
enum Interrupt {
  // Written by a signal handler, which can be handed nothing, and read by the main thread.
  nonisolated(unsafe) private static var seen: sig_atomic_t = 0
  // When it came, in milliseconds; written and read by the handler alone.
  nonisolated(unsafe) private static var seenAt = 0

  /// From here on a signal is noted; a second one ends the process. What follows within a second is the same wish, said
  /// twice: `timeout` tells a process, and then its group.
  static func note() {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { signal in
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
        if Interrupt.seen != 0, now - Interrupt.seenAt > 1_000 { _exit(128 + signal) }
        if Interrupt.seen == 0 { Interrupt.seenAt = now }
        Interrupt.seen = signal
      }
      sigaction(signal, &action, nil)
    }
    // Whoever started this process may have had them blocked, which lasts through exec.
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// The signal that came, or nil.
  static var signal: Int32? { seen == 0 ? nil : seen }
}
