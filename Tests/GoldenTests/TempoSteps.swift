import MIDI

/// A tempo map of steps, worked out with whole numbers: the judge of where a tick must sound.
struct TempoSteps {
  /// Microseconds per beat from a tick on; the first at tick 0.
  let steps: [MIDITempo]

  init(_ steps: [(tick: Int64, microseconds: Int)]) {
    self.steps = steps.map { MIDITempo(tick: $0.tick, microsecondsPerQuarter: $0.microseconds) }
  }

  /// The frame nearest to a tick. A tick of one step lasts `microseconds / 960` microseconds, so up to a tick there
  /// are Σ ticks · microseconds · rate / 960,000,000 frames, summed here before the only division.
  func frame(_ tick: Int64, rate: Int64 = 48_000) -> Int {
    var numerator: Int64 = 0
    for (index, step) in steps.enumerated() where step.tick < tick {
      let end = index + 1 < steps.count ? min(steps[index + 1].tick, tick) : tick
      numerator += (end - step.tick) * Int64(step.microsecondsPerQuarter) * rate
    }
    let denominator: Int64 = 960_000_000
    return Int((2 * numerator + denominator) / (2 * denominator))
  }
}
