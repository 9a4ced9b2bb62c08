import CThreading
import Glibc

/// Which memory of the process stays in RAM: all of it where the limit allows, else what was named first.
package struct MemoryLock: Sendable, Equatable {
  package enum Extent: String, Sendable { case all, part, none }

  package let extent: Extent
  /// RLIMIT_MEMLOCK in bytes; nil when there is none.
  package let limitBytes: UInt64?
  /// Why not all of it, in words; nil when it is.
  package let reason: String?

  /// Before realtime threads start. Never fatal.
  ///
  /// - Parameter arenas: what matters most first. They get half the limit at most: the sound server's library locks
  ///   memory of its own in this process, and dies when there is none left.
  package static func take(_ arenas: [UnsafeRawBufferPointer]) -> MemoryLock {
    take(arenas, limit: thr_memlock_limit())
  }

  static func take(_ arenas: [UnsafeRawBufferPointer], limit: UInt64) -> MemoryLock {
    // Under a limit, locking everything to come would make the first allocation beyond it fail.
    if limit == .max {
      let code = thr_lock_all_memory()
      if code == 0 { return MemoryLock(extent: .all, limitBytes: nil, reason: nil) }
      return MemoryLock(extent: .none, limitBytes: nil, reason: String(cString: strerror(code)))
    }
    var left = limit / 2
    var locked = 0
    var problem: String?
    for arena in arenas {
      guard let start = arena.baseAddress, UInt64(arena.count) <= left else { continue }
      let code = thr_lock_memory(start, arena.count)
      guard code == 0 else {
        problem = String(cString: strerror(code))
        break
      }
      left -= UInt64(arena.count)
      locked += 1
    }
    let reason =
      problem
      ?? "the limit is \(limit / 1024) KiB; \(locked) of \(arenas.count) of the engine's arenas fit into half"
    return MemoryLock(extent: locked > 0 ? .part : .none, limitBytes: limit, reason: reason)
  }

  /// Has the allocator keep what is freed. Before other threads start.
  package static func keepFreedMemory() { thr_keep_freed_memory() }
}
