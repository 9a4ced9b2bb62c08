import CDrivers
import Glibc
import Threading

/// The thread that brings a virtual input's sound, paced by the monotonic clock.
///
/// Unchecked: what the thread uses is its own, but for the order to stop.
final class VirtualSource: InputListener, @unchecked Sendable {
  static let sampleRate = 48_000.0
  private static let frames = 256
  private static let frameBytes = 8

  private let isStopping = Locked(false)
  private let thread: OwnedThread
  let complaint: String? = nil

  /// Unchecked: the input outlives its listener, and guards itself.
  private struct Target: @unchecked Sendable { let pointer: OpaquePointer }

  init(_ device: VirtualDevice, input: OpaquePointer) throws(DriverError) {
    var descriptor: Int32 = -1
    if let path = device.path {
      descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
      guard descriptor >= 0 else {
        let reason = String(cString: strerror(errno))
        throw DriverError(
          "No input was attached.",
          why: "'\(path)', which '\(device.name)' is read from, was not opened: \(reason).",
          next: "See what there is: garden input ls")
      }
    }
    drv_input_set_clock(input, Self.sampleRate, false)
    let (target, isStopping, opened) = (Target(pointer: input), isStopping, descriptor)
    do {
      thread = try OwnedThread(name: "garden-input", stackBytes: DriverLimits.timerStackBytes) {
        Self.run(opened, into: target.pointer) { isStopping.withLock { $0 } }
        if opened >= 0 { close(opened) }
      }
    } catch {
      if opened >= 0 { close(opened) }
      throw DriverError(error)
    }
  }

  deinit {
    isStopping.withLock { $0 = true }
    thread.join()
  }

  private static func run(_ descriptor: Int32, into input: OpaquePointer, isStopped: () -> Bool) {
    var bytes = [UInt8](repeating: 0, count: frames * frameBytes)
    var filled = 0
    var (left, right) = ([Float](repeating: 0, count: frames), [Float](repeating: 0, count: frames))
    var due = timespec()
    clock_gettime(CLOCK_MONOTONIC, &due)
    let period = Int(Double(frames) / sampleRate * 1e9)
    while !isStopped() {
      due.tv_nsec += period
      if due.tv_nsec >= 1_000_000_000 {
        (due.tv_sec, due.tv_nsec) = (due.tv_sec + 1, due.tv_nsec - 1_000_000_000)
      }
      while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nil) == EINTR {}
      if descriptor >= 0 {
        let (start, room) = (filled, bytes.count - filled)
        let count = bytes.withUnsafeMutableBytes { buffer in
          buffer.baseAddress.map { Glibc.read(descriptor, $0 + start, room) } ?? 0
        }
        filled += max(0, count)
      }
      let whole = filled / frameBytes
      for frame in 0..<frames {
        left[frame] = frame < whole ? sample(bytes, frame * frameBytes) : 0
        right[frame] = frame < whole ? sample(bytes, frame * frameBytes + 4) : 0
      }
      // Half a frame that has come waits for its other half.
      let rest = filled - whole * frameBytes
      for index in 0..<rest { bytes[index] = bytes[whole * frameBytes + index] }
      filled = rest
      drv_input_push(
        input, DRV_INPUT_CARD, left, right, UInt32(frames),
        Int64(due.tv_sec) * 1_000_000_000 + Int64(due.tv_nsec))
    }
  }

  /// What is no number is silence.
  private static func sample(_ bytes: [UInt8], _ offset: Int) -> Float {
    var bits: UInt32 = 0
    for index in (0..<4).reversed() { bits = bits << 8 | UInt32(bytes[offset + index]) }
    let value = Float(bitPattern: bits)
    return value.isFinite ? value : 0
  }
}
