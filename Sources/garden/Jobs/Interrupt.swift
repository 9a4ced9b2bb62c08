import Glibc

/// Ctrl-C and its like, kept for a command that has to tidy up before it ends.
enum Interrupt {
  // Written by a signal handler, which can be handed nothing, and read by the main thread.
  nonisolated(unsafe) private static var seen: sig_atomic_t = 0

  /// From here on a signal is noted; the second one ends the process.
  static func note() {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { signal in
        if Interrupt.seen != 0 { _exit(128 + signal) }
        Interrupt.seen = signal
      }
      sigaction(signal, &action, nil)
    }
  }

  /// The signal that came, or nil.
  static var signal: Int32? { seen == 0 ? nil : seen }
}
