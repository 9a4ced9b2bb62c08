import CMath

/// One stretch of the tempo map: a constant tempo, or one that changes linearly with the beat.
///
/// With `x` beats since the start, tempo is `b(x) = bpm + slope·x`. Time is the integral of 60/b: `60·x/bpm`
/// seconds when constant and `60/slope · ln(1 + slope·x/bpm)` when ramped; the inverse of the latter is
/// `bpm/slope · (exp(slope·t/60) − 1)`. Both are closed forms, so no error gathers inside a segment.
///
/// Any thread. The segment's start is kept as a whole frame and a fraction of one, so that thousands of
/// segments one after the other do not wear the precision away.
package struct TempoSegment: BitwiseCopyable, Sendable, Equatable {
  package var startTick: Tick
  package var startFrame: Frame
  /// 0 ..< 1 frame.
  package var startFraction: Double
  package var bpm: Double
  /// BPM per beat; 0 for a constant tempo.
  package var slope: Double
  package var sampleRate: Double

  /// Frames from the segment's start to `ticks` after it, as a real number.
  @_noLocks
  package func frames(forTicks ticks: Double) -> Double {
    if slope == 0 { return ticks * (sampleRate * 60) / (bpm * Double(ticksPerBeat)) }
    let beats = ticks / Double(ticksPerBeat)
    return sampleRate * 60 / slope * rt_log1p(slope * beats / bpm)
  }

  /// Ticks from the segment's start to `frames` after it, as a real number.
  @_noLocks
  package func ticks(forFrames frames: Double) -> Double {
    if slope == 0 { return frames * (bpm * Double(ticksPerBeat)) / (sampleRate * 60) }
    return bpm / slope * rt_expm1(slope * frames / (sampleRate * 60)) * Double(ticksPerBeat)
  }

  /// The tempo in BPM, `ticks` after the segment's start.
  @_noLocks
  package func bpm(atTicks ticks: Double) -> Double { bpm + slope * ticks / Double(ticksPerBeat) }

  /// The nearest frame to a tick, which may lie before the segment.
  @_noLocks
  package func frame(atTick tick: Double) -> Frame {
    startFrame + Frame(rt_floor(frames(forTicks: tick - Double(startTick)) + startFraction + 0.5))
  }

  /// The exact position of a tick on the frame axis.
  @_noLocks
  package func exactFrame(atTick tick: Double) -> Double {
    Double(startFrame) + (frames(forTicks: tick - Double(startTick)) + startFraction)
  }

  /// The exact tick at a position on the frame axis.
  @_noLocks
  package func tick(atFrame frame: Double) -> Double {
    Double(startTick) + ticks(forFrames: frame - Double(startFrame) - startFraction)
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
