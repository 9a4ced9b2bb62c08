import CMath

/// One stretch of the tempo map: a constant tempo, or one that changes linearly with the beat.
///
/// With `x` beats since the start, tempo is `b(x) = bpm + slope·x`. Time is the integral of 60/b: `60·x/bpm`
/// seconds when constant and `60/slope · ln(1 + slope·x/bpm)` when ramped; the inverse of the latter is
/// `bpm/slope · (exp(slope·t/60) − 1)`. Both are closed forms, so no error gathers inside a segment.
///
/// Any thread. Where a tick lies is worked out in pairs of doubles, of the tempo as it was written: 123.45 is the
/// decimal, and what a file says in microseconds a beat is that whole number. So the frame is the nearest to the true
/// place however many segments stand before, and halfway between two frames is halfway, and goes up.
package struct TempoSegment: BitwiseCopyable, Sendable, Equatable {
  package var startTick: Tick
  package var startFrame: Frame
  /// 0 ..< 1 frame.
  private var fraction: TwoDoubles
  private var tempo: TwoDoubles
  /// BPM per beat.
  private var rise: TwoDoubles
  /// While the tempo is constant.
  private var framesPerTick: TwoDoubles
  package var sampleRate: Double

  /// What two places may differ by and be the same: far above what 100,000 segments add up to, far below what differs.
  private static var grain: Double { @_noLocks get { 0x1p-40 } }

  init(
    startTick: Tick, startFrame: Frame, startFraction: TwoDoubles, tempo: TwoDoubles, rise: TwoDoubles,
    sampleRate: Double
  ) {
    self.startTick = startTick
    self.startFrame = startFrame
    fraction = startFraction
    self.tempo = tempo
    self.rise = rise
    self.sampleRate = sampleRate
    framesPerTick = TwoDoubles(sampleRate).over(tempo.times(TwoDoubles(16)))
  }

  package var bpm: Double { @_noLocks get { tempo.high } }
  /// BPM per beat; 0 for a constant tempo.
  package var slope: Double { @_noLocks get { rise.high } }
  /// 0 ..< 1 frame.
  package var startFraction: Double { @_noLocks get { fraction.high } }

  /// Frames from the segment's start to `ticks` after it, as a real number.
  @_noLocks
  package func frames(forTicks ticks: Double) -> Double {
    if slope == 0 { return ticks * framesPerTick.high }
    let beats = ticks / Double(ticksPerBeat)
    return sampleRate * 60 / slope * rt_log1p(slope * beats / bpm)
  }

  /// The same to the last digit.
  @_noLocks
  private func exactFrames(forTicks ticks: Double) -> TwoDoubles {
    if slope == 0 { return framesPerTick.times(TwoDoubles(ticks)) }
    let beats = TwoDoubles(ticks).over(TwoDoubles(Double(ticksPerBeat)))
    let seconds = TwoDoubles(60).over(rise).times(rise.times(beats).over(tempo).logarithmOfOnePlus())
    return seconds.times(TwoDoubles(sampleRate))
  }

  /// The whole frame and the fraction of one at a tick.
  func place(ofTick tick: Tick) -> (Frame, TwoDoubles) {
    let place = exactFrames(forTicks: Double(tick - startTick)).plus(fraction)
    var whole = rt_floor(place.high)
    if place.minus(TwoDoubles(whole)).high < 0 { whole -= 1 }
    return (startFrame + Frame(whole), place.minus(TwoDoubles(whole)))
  }

  /// The tempo at a tick.
  func tempo(atTick tick: Tick) -> TwoDoubles {
    tempo.plus(rise.times(TwoDoubles(Double(tick - startTick)).over(TwoDoubles(Double(ticksPerBeat)))))
  }

  /// Ticks from the segment's start to `frames` after it, as a real number.
  @_noLocks
  package func ticks(forFrames frames: Double) -> Double {
    if slope == 0 { return frames / framesPerTick.high }
    return bpm / slope * rt_expm1(slope * frames / (sampleRate * 60)) * Double(ticksPerBeat)
  }

  /// The tempo in BPM, `ticks` after the segment's start.
  @_noLocks
  package func bpm(atTicks ticks: Double) -> Double { bpm + slope * ticks / Double(ticksPerBeat) }

  /// The nearest frame to a tick, which may lie before the segment.
  @_noLocks
  package func frame(atTick tick: Double) -> Frame {
    let ticks = tick - Double(startTick)
    let near = frames(forTicks: ticks) + fraction.high + 0.5
    let whole = rt_floor(near)
    // Only close to the border between two frames do the last digits decide.
    let border = 1e-6
    if near - whole > border, near - whole < 1 - border { return startFrame + Frame(whole) }
    let place = exactFrames(forTicks: ticks).plus(fraction)
    let nearest = rt_round(near)
    let past = place.minus(TwoDoubles(nearest - 0.5)).high
    return startFrame + Frame(past >= -Self.grain ? nearest : nearest - 1)
  }

  /// The exact position of a tick on the frame axis.
  @_noLocks
  package func exactFrame(atTick tick: Double) -> Double {
    Double(startFrame) + (frames(forTicks: tick - Double(startTick)) + fraction.high)
  }

  /// The exact tick at a position on the frame axis.
  @_noLocks
  package func tick(atFrame frame: Double) -> Double {
    Double(startTick) + ticks(forFrames: frame - Double(startFrame) - fraction.high)
  }
}

/// A tempo map as the realtime thread reads it: borrowed segments, sorted, the first at tick 0.
///
/// Ticks before 0 follow the first segment's tempo, ticks after the last change the last one's.
package struct TempoMapView: BitwiseCopyable, @unchecked Sendable {
  // Unchecked: whoever hands the view over keeps the segments alive until the receiver has given it back.
  package var segments: UnsafePointer<TempoSegment>
  package var count: Int

  @_noLocks
  package init(segments: UnsafePointer<TempoSegment>, count: Int) {
    self.segments = segments
    self.count = count
  }

  @_noLocks
  package func segment(atTick tick: Double) -> UnsafePointer<TempoSegment> {
    var low = 0
    var high = count
    while high - low > 1 {
      let middle = (low + high) >> 1
      if Double(segments[middle].startTick) <= tick { low = middle } else { high = middle }
    }
    return segments + low
  }

  @_noLocks
  package func segment(atFrame frame: Double) -> UnsafePointer<TempoSegment> {
    var low = 0
    var high = count
    while high - low > 1 {
      let middle = (low + high) >> 1
      let start = Double(segments[middle].startFrame) + segments[middle].startFraction
      if start <= frame { low = middle } else { high = middle }
    }
    return segments + low
  }

  @_noLocks
  package func frame(atTick tick: Double) -> Frame { segment(atTick: tick).pointee.frame(atTick: tick) }

  @_noLocks
  package func exactFrame(atTick tick: Double) -> Double {
    segment(atTick: tick).pointee.exactFrame(atTick: tick)
  }

  @_noLocks
  package func tick(atFrame frame: Double) -> Double { segment(atFrame: frame).pointee.tick(atFrame: frame) }

  @_noLocks
  package func bpm(atTick tick: Double) -> Double {
    let segment = segment(atTick: tick)
    return segment.pointee.bpm(atTicks: tick - Double(segment.pointee.startTick))
  }
}
