import Glibc
import HootWire
import RealtimeEngine
import Threading

extension Conductor {
  /// Before anything is made that may be freed again.
  package static func keepFreedMemory() { MemoryLock.keepFreedMemory() }

  /// Keeps in RAM what the limits allow, and says once what is not. Before `start`.
  package func lockMemory() {
    memoryLock = MemoryLock.take(engine.arenas)
    guard let reason = memoryLock?.reason else { return }
    Log.info("memory is locked in part or not at all: \(reason); see garden doctor")
  }

  /// What is locked is what the kernel says is.
  func memoryStatus() -> JSONValue {
    [
      "locked": .string(memoryLock?.extent.rawValue ?? "none"), "locked_bytes": .integer(lockedBytes.now()),
      "limit_bytes": memoryLock?.limitBytes.map { JSONValue($0) } ?? nil,
      "reason": JSONValue(memoryLock?.reason),
    ]
  }
}

/// `VmLck` of /proc/self/status, 0 where there is none. The kernel walks its tables to write that file, so it is read at
/// most once a second.
struct LockedBytes {
  private var bytes: Int64 = 0
  private var measured: ContinuousClock.Instant?

  mutating func now() -> Int64 {
    let now = ContinuousClock.now
    if let measured, now - measured < .seconds(1) { return bytes }
    measured = now
    bytes = Self.read()
    return bytes
  }

  private static func read() -> Int64 {
    let descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { return 0 }
    let line = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("VmLck:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0) * 1024
  }
}
