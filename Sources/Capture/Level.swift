/// How loud a stretch of sound was, and what of it was lost on the way. Silence is silence: every sample is 0.
package struct Level: Sendable, Equatable {
  /// Of either side, linear.
  package private(set) var peak: Float = 0
  /// Frames that came too fast to be written; they stand as silence in their places.
  package internal(set) var lostFrames: Int64 = 0

  package var isSilent: Bool { peak == 0 }

  package init() {}

  mutating func take(_ words: UnsafePointer<UInt64>, count: Int) {
    var left: UInt32 = 0
    var right: UInt32 = 0
    for index in 0..<count {
      let word = words[index]
      left = max(left, UInt32(truncatingIfNeeded: word) & 0x7FFF_FFFF)
      right = max(right, UInt32(truncatingIfNeeded: word >> 32) & 0x7FFF_FFFF)
    }
    peak = max(peak, Float(bitPattern: left), Float(bitPattern: right))
  }

  mutating func add(_ other: Level) {
    peak = max(peak, other.peak)
    lostFrames += other.lostFrames
  }
}
