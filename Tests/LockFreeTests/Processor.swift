import Glibc

enum Processor {
  /// Lets another thread run: the machine may have no more processors than this test has threads.
  static func rest() { sched_yield() }
}
