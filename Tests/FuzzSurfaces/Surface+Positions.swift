import MusicalTime

extension Surface {
  /// The position is the text; tempo, signatures and markers are always the same.
  static func takePosition(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let context = stage else { return "no tempo map" }
    do throws(PositionError) {
      let tick = try Position.tick(text, in: context)
      demand((0...TimeLimits.maximumTick).contains(tick), "\(text) lies on the timeline: \(tick)")
      let frame = context.map.frame(atTick: tick)
      demand(frame >= 0, "\(text) has a frame: \(frame)")
      return "tick \(tick)"
    } catch {
      return refusal(error.lines)
    }
  }

  /// Steps, a ramp, and bars of several lengths.
  private static let stage: PositionContext? = {
    // Optional, because a map may be refused; a test sees that this one is not.
    let map = try? TempoMap(
      sampleRate: 48_000,
      changes: [
        TempoChange(tick: 0, bpm: 120), TempoChange(tick: 7680, bpm: 60, rampTicks: 3840),
        TempoChange(tick: 19_200, bpm: 999),
      ],
      signatures: [
        SignatureChange(tick: 0, numerator: 4, denominator: 4),
        SignatureChange(tick: 7680, numerator: 7, denominator: 8),
      ])
    return map.map {
      PositionContext(map: $0, playhead: 5000, end: 96_000, markers: ["chorus": 11_520, "é": 1])
    }
  }()
}
