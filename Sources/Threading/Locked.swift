import CThreading

/// A value that one ordinary thread at a time may touch. Never for the realtime thread.
///
/// Why not `Synchronization.Mutex`: on Linux it is a bare futex inside the library, which ThreadSanitizer
/// cannot see, so every value behind one is reported as a race. This is a pthread mutex, which it can.
///
/// Unchecked: the value is reached through `withLock` alone.
package final class Locked<Value>: @unchecked Sendable {
  private let lock: OpaquePointer
  private let value: UnsafeMutablePointer<Value>

  package init(_ value: sending Value) {
    guard let lock = thr_lock_create() else { fatalError("no memory is left for a lock") }
    self.lock = lock
    self.value = .allocate(capacity: 1)
    self.value.initialize(to: value)
  }

  deinit {
    value.deinitialize(count: 1)
    value.deallocate()
    thr_lock_destroy(lock)
  }

  /// Waits for whoever holds it. Not reentrant.
  package func withLock<Result, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    thr_lock_enter(lock)
    defer { thr_lock_leave(lock) }
    return try body(&value.pointee)
  }

  /// Nil, at once, while somebody holds it.
  package func withLockIfAvailable<Result, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result? {
    guard thr_lock_try(lock) else { return nil }
    defer { thr_lock_leave(lock) }
    return try body(&value.pointee)
  }
}
