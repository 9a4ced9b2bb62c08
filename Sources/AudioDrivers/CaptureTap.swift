import CDrivers

/// Keeps what a driver rendered, frame by frame, until it is full: for tests and for "what was heard".
///
/// All memory is taken and touched when it is made. One driver at a time writes into it, from its realtime
/// thread; any thread may read what is there, meanwhile and afterwards.
///
/// Unchecked: the pointer never changes; the fill mark behind it is an atomic that releases the samples below
/// it.
package final class CaptureTap: @unchecked Sendable {
  package let capacity: Int
  let pointer: OpaquePointer

  /// - Parameter capacity: frames, 1 to 172,800,000 (8 bytes each).
  package init(capacity: Int) throws(DriverError) {
    guard DriverLimits.tapFrames.contains(capacity) else {
      throw DriverError(
        "The recording was not prepared.",
        why: "Room for \(capacity) frames was asked for; it may be \(DriverLimits.tapFrames).",
        next: "Ask for a shorter recording.")
    }
    guard let pointer = drv_tap_create(UInt64(capacity)) else {
      throw DriverError(
        "The recording was not prepared.", why: "There is no memory left for \(capacity) frames.",
        next: "Ask for a shorter recording.")
    }
    self.capacity = capacity
    self.pointer = pointer
  }

  deinit { drv_tap_destroy(pointer) }

  /// Frames kept so far.
  package var count: Int { Int(drv_tap_filled(pointer)) }
  package var isFull: Bool { count == capacity }
  /// Frames that came after it was full.
  package var missed: Int { Int(clamping: drv_tap_missed(pointer)) }

  /// The frames kept so far within `range`; what lies outside them is left away.
  package func samples(in range: Range<Int> = 0..<Int.max) -> (left: [Float], right: [Float]) {
    let kept = range.clamped(to: 0..<count)
    return (copy(channel: 0, kept), copy(channel: 1, kept))
  }

  private func copy(channel: Int32, _ range: Range<Int>) -> [Float] {
    let samples = UnsafeBufferPointer(start: drv_tap_channel(pointer, channel), count: range.upperBound)
    return Array(samples[range])
  }
}
