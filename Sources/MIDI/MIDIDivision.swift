/// How a file counts time.
package enum MIDIDivision: BitwiseCopyable, Sendable, Equatable {
  /// Ticks per quarter note, 1...32,767.
  case ticksPerQuarter(Int)
  /// Absolute time: 24, 25, 29 (meaning 30,000/1,001) or 30 frames per second, cut into 1...255 ticks each.
  case smpte(framesPerSecond: Int, ticksPerFrame: Int)
}

extension MIDIDivision: CustomStringConvertible {
  package var description: String {
    switch self {
    case .ticksPerQuarter(let ticks): "\(ticks) ticks per quarter note"
    case .smpte(29, let ticks): "29.97 frames per second, \(ticks) ticks per frame"
    case .smpte(let frames, let ticks): "\(frames) frames per second, \(ticks) ticks per frame"
    }
  }
}

/// Turns a file's own ticks into ticks of 960 per beat: one exact fraction, rounded half up, so that a later
/// time never lands before an earlier one.
struct TickScale {
  let numerator: Int64
  let denominator: Int64
  /// The latest time in the file's ticks that rounds to no more than `MIDILimits.maximumTick`.
  let latestRaw: Int64

  /// Absolute time is laid on a fixed 120 BPM, where a second is 1,920 ticks.
  init(_ division: MIDIDivision) {
    let fraction: (over: Int64, under: Int64)
    switch division {
    case .ticksPerQuarter(let ticks): fraction = (MIDILimits.ticksPerBeat, Int64(ticks))
    case .smpte(29, let ticks): fraction = (1920 * 1001, 30_000 * Int64(ticks))
    case .smpte(let frames, let ticks): fraction = (1920, Int64(frames) * Int64(ticks))
    }
    let shared = Self.greatestCommonDivisor(fraction.over, fraction.under)
    numerator = fraction.over / shared
    denominator = fraction.under / shared
    latestRaw = ((MIDILimits.maximumTick + 1) * denominator - denominator / 2 - 1) / numerator
  }

  /// `raw` in 0...`latestRaw`. In lowest terms the denominator stays below 2^15, so no product here exceeds
  /// `maximumTick` times that: 2^55.
  func tick(_ raw: Int64) -> Int64 {
    (raw * numerator + denominator / 2) / denominator
  }

  /// The file's own tick nearest to `tick`; a tick out of range is held at the nearer end.
  func raw(_ tick: Int64) -> Int64 {
    let held = min(max(tick, 0), MIDILimits.maximumTick)
    return min((held * denominator + numerator / 2) / numerator, latestRaw)
  }

  private static func greatestCommonDivisor(_ first: Int64, _ second: Int64) -> Int64 {
    second == 0 ? first : greatestCommonDivisor(second, first % second)
  }
}
