/// A change of tempo: from `tick` on the tempo moves to `bpm`, at once or linearly with the beat over
/// `rampTicks`.
package struct TempoChange: Sendable, Equatable {
  package var tick: Tick
  package var bpm: Double
  /// 0 for a step. A ramp that the next change cuts short ends at the tempo it has reached there.
  package var rampTicks: Tick

  package init(tick: Tick, bpm: Double, rampTicks: Tick = 0) {
    self.tick = tick
    self.bpm = bpm
    self.rampTicks = rampTicks
  }
}

/// What a tempo map refuses: each case carries what was asked.
package enum TempoMapError: Error, Equatable, Sendable {
  case tempoOutOfRange(Double)
  case sampleRateOutOfRange(Double)
  case tickOutOfRange(Tick)
  case tooManyChanges(Int)
  case badSignature(Int, Int)

  /// What failed and why, one line each.
  package var lines: [String] {
    switch self {
    case .tempoOutOfRange(let bpm):
      ["the tempo \(bpm) BPM is out of range", "20 to 999 BPM are allowed"]
    case .sampleRateOutOfRange(let rate):
      ["the sample rate \(rate) Hz is out of range", "8000 to 384000 Hz are allowed"]
    case .tickOutOfRange(let tick):
      ["the position (tick \(tick)) is out of range", "0 to tick \(TimeLimits.maximumTick) are allowed"]
    case .tooManyChanges(let count):
      ["\(count) changes are too many for one map", "\(TimeLimits.maximumTempoChanges) are allowed"]
    case .badSignature(let numerator, let denominator):
      [
        "\(numerator)/\(denominator) is no time signature",
        "1 to 64 over 1, 2, 4, 8, 16, 32 or 64 are allowed",
      ]
    }
  }
}

/// Tick to frame and back, with bars: immutable, replaced whole. Any thread but the realtime one, which reads
/// the segments through `TempoMapView`.
package struct TempoMap: Sendable, Equatable {
  package let sampleRate: Double
  /// Sorted by tick, the first at tick 0.
  package let changes: [TempoChange]
  package let signatures: [SignatureChange]
  package let segments: [TempoSegment]

  /// Changes need not be sorted; of two at one tick the later in the list holds. Without one at tick 0 the
  /// map starts at 120 BPM, without a signature in 4/4.
  package init(
    sampleRate: Double, changes: [TempoChange] = [], signatures: [SignatureChange] = []
  ) throws(TempoMapError) {
    guard sampleRate >= TimeLimits.minimumSampleRate, sampleRate <= TimeLimits.maximumSampleRate else {
      throw .sampleRateOutOfRange(sampleRate)
    }
    self.sampleRate = sampleRate
    self.changes = try Self.normalised(changes)
    self.signatures = try SignatureChange.normalised(signatures)
    self.segments = Self.segments(of: self.changes, sampleRate: sampleRate)
  }

  /// The same music at another sample rate.
  package func resampled(to rate: Double) throws(TempoMapError) -> TempoMap {
    try TempoMap(sampleRate: rate, changes: changes, signatures: signatures)
  }

  private static func normalised(_ changes: [TempoChange]) throws(TempoMapError) -> [TempoChange] {
    guard changes.count <= TimeLimits.maximumTempoChanges else { throw .tooManyChanges(changes.count) }
    for change in changes {
      guard change.bpm >= TimeLimits.minimumBPM, change.bpm <= TimeLimits.maximumBPM else {
        throw .tempoOutOfRange(change.bpm)
      }
      for tick in [change.tick, change.rampTicks] where tick < 0 || tick > TimeLimits.maximumTick {
        throw .tickOutOfRange(tick)
      }
    }
    let indexed = changes.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }
    var result: [TempoChange] = []
    for (_, change) in indexed {
      if result.last?.tick == change.tick { result.removeLast() }
      result.append(change)
    }
    if result.first?.tick != 0 { result.insert(TempoChange(tick: 0, bpm: 120), at: 0) }
    return result
  }

  private static func segments(of changes: [TempoChange], sampleRate: Double) -> [TempoSegment] {
    var result: [TempoSegment] = []
    result.reserveCapacity(changes.count)
    func append(at tick: Tick, _ tempo: TwoDoubles, rise: TwoDoubles) {
      let (frame, fraction) = result.last?.place(ofTick: tick) ?? (0, TwoDoubles(0))
      result.append(
        TempoSegment(
          startTick: tick, startFrame: frame, startFraction: fraction, tempo: tempo, rise: rise,
          sampleRate: sampleRate))
    }
    for (index, change) in changes.enumerated() {
      let next = index + 1 < changes.count ? changes[index + 1].tick : Tick.max
      let wanted = asWritten(change.bpm)
      var reached = wanted
      if let last = result.last, change.rampTicks > 0 { reached = last.tempo(atTick: change.tick) }
      guard reached.high != wanted.high else {
        append(at: change.tick, wanted, rise: TwoDoubles(0))
        continue
      }
      let beats = TwoDoubles(Double(change.rampTicks)).over(TwoDoubles(Double(ticksPerBeat)))
      append(at: change.tick, reached, rise: wanted.minus(reached).over(beats))
      if change.tick + change.rampTicks < next {
        append(at: change.tick + change.rampTicks, wanted, rise: TwoDoubles(0))
      }
    }
    return result
  }

  /// The tempo that was written where a double stands for it: a decimal of up to six digits, or a whole number of
  /// microseconds a beat; any other number is itself.
  private static func asWritten(_ bpm: Double) -> TwoDoubles {
    let millionths = (bpm * 1e6).rounded()
    if millionths / 1e6 == bpm { return TwoDoubles(millionths).over(TwoDoubles(1e6)) }
    let microseconds = (60e6 / bpm).rounded()
    if 60e6 / microseconds == bpm { return TwoDoubles(60e6).over(TwoDoubles(microseconds)) }
    return TwoDoubles(bpm)
  }
}

extension TempoMap {
  private func withView<Result>(_ body: (TempoMapView) -> Result) -> Result {
    segments.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("a tempo map has at least one segment") }
      return body(TempoMapView(segments: base, count: buffer.count))
    }
  }

  /// The nearest frame to a tick.
  package func frame(atTick tick: Tick) -> Frame { withView { $0.frame(atTick: Double(tick)) } }

  package func exactFrame(atTick tick: Double) -> Double { withView { $0.exactFrame(atTick: tick) } }

  package func tick(atFrame frame: Double) -> Double { withView { $0.tick(atFrame: frame) } }

  package func bpm(atTick tick: Double) -> Double { withView { $0.bpm(atTick: tick) } }

  package func seconds(atTick tick: Double) -> Double { exactFrame(atTick: tick) / sampleRate }

  package func tick(atSeconds seconds: Double) -> Double { tick(atFrame: seconds * sampleRate) }
}
