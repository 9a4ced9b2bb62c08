/// A tempo from a tick on.
package struct MIDITempo: BitwiseCopyable, Sendable, Equatable {
  package var tick: Int64
  /// As the file gives it: 1...16,777,215 when it was read; unchecked when made by hand.
  package var microsecondsPerQuarter: Int

  package init(tick: Int64, microsecondsPerQuarter: Int) {
    self.tick = tick
    self.microsecondsPerQuarter = microsecondsPerQuarter
  }

  /// Quarter notes per minute, unrounded. Infinite when `microsecondsPerQuarter` is 0.
  package var bpm: Double { 60_000_000 / Double(microsecondsPerQuarter) }
}

/// A time signature from a tick on.
package struct MIDISignature: BitwiseCopyable, Sendable, Equatable {
  package var tick: Int64
  /// 1...255.
  package var numerator: Int
  /// 1, 2, 4 … 64.
  package var denominator: Int

  package init(tick: Int64, numerator: Int, denominator: Int) {
    self.tick = tick
    self.numerator = numerator
    self.denominator = denominator
  }
}

/// A named place. The name has no control characters in it and may be empty.
package struct MIDIMarker: Sendable, Equatable {
  package var tick: Int64
  package var name: String

  package init(tick: Int64, name: String) {
    self.tick = tick
    self.name = name
  }
}
