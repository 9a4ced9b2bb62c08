import MusicalTime

/// The ticks of this grid block, from its start to its end; `wraps` when the loop's end lies between.
/// Realtime thread.
struct BlockSpan: BitwiseCopyable {
  var first = 0.0
  var last = 0.0
  var wraps = false

  @_noLocks init() {}
}

extension RenderState {
  /// Where the lanes of every track are in this grid block. Before anything is rendered, after everything that
  /// moves the playhead.
  @_noLocks
  mutating func evaluateAutomation() {
    measureSpan()
    for track in 0..<trackCount {
      let strip = tracks + track
      var lanes = ScheduledLanes()
      if let all = schedule.pointee.trackLanes { lanes = all[track] }
      let isResting =
        strip.pointee.automationGain.isResting(at: 1) && strip.pointee.automationPan.isResting(at: 0)
      if lanes.gain.count == 0, lanes.pan.count == 0, isResting { continue }
      let snaps = !strip.pointee.wasHeard
      strip.pointee.automationGain.advance(lanes.gain, over: span, snaps: snaps, neutral: 1)
      strip.pointee.automationPan.advance(lanes.pan, over: span, snaps: snaps, neutral: 0)
    }
  }

  @_noLocks
  mutating func measureSpan() {
    let grid = Int64(EngineLimits.gridFrames)
    span.first = playheadTick()
    span.last = span.first
    span.wraps = false
    guard transport.rolling else { return }
    let tempo = schedule.pointee.tempo
    guard let end = loopEndAhead(), end - transport.frame < grid else {
      span.last = tempo.tick(atFrame: Double(transport.frame + grid))
      return
    }
    let start = tempo.frame(atTick: Double(schedule.pointee.loopStart))
    span.last = tempo.tick(atFrame: Double(start + grid - (end - transport.frame)))
    span.wraps = true
  }

  /// The same of a region, whose points count from its start. One that is leaving keeps what it has.
  @_noLocks
  func advanceLanes(of voice: UnsafeMutablePointer<AudioVoice>) {
    let isNew = voice.pointee.isNew
    voice.pointee.isNew = false
    guard voice.pointee.isAutomated else { return }
    if voice.pointee.isLeaving {
      voice.pointee.gainLane.hold()
      voice.pointee.panLane.hold()
      return
    }
    var lanes = ScheduledLanes()
    if let own = voice.pointee.lanes { lanes = own.pointee }
    let own = span.counted(from: voice.pointee.start)
    voice.pointee.gainLane.advance(lanes.gain, over: own, snaps: isNew, neutral: 1)
    voice.pointee.panLane.advance(lanes.pan, over: own, snaps: isNew, neutral: 0)
  }

  /// Likewise of a MIDI region. `isNew` when it has just begun in its block of channels.
  @_noLocks
  func advanceLanes(
    of strip: UnsafeMutablePointer<ChannelBlock>, _ region: UnsafePointer<ScheduledRegion>, isNew: Bool
  ) {
    if isNew {
      strip.pointee.gainLane = LaneState(1)
      strip.pointee.panLane = LaneState(0)
    }
    var lanes = ScheduledLanes()
    if let own = region.pointee.lanes { lanes = own.pointee }
    let isResting = strip.pointee.gainLane.isResting(at: 1) && strip.pointee.panLane.isResting(at: 0)
    if lanes.gain.count == 0, lanes.pan.count == 0, isResting { return }
    let own = span.counted(from: region.pointee.start)
    strip.pointee.gainLane.advance(lanes.gain, over: own, snaps: isNew, neutral: 1)
    strip.pointee.panLane.advance(lanes.pan, over: own, snaps: isNew, neutral: 0)
  }

  /// Multiplies `levels` by the lane of gain.
  @_noLocks
  func applyLane(of voice: UnsafeMutablePointer<AudioVoice>, at frame: Int, count: Int) {
    guard voice.pointee.isAutomated else { return }
    let gain = LaneSlope(voice.pointee.gainLane, at: frame)
    for index in 0..<count { levels[index] *= gain.value(index) }
  }

  /// Adds frames of a region that has a lane of pan, `levels` being the level of each. The pan puts it on its
  /// track's stage: mono by equal power, stereo by balance.
  @_noLocks
  func addPanned(
    _ voice: UnsafeMutablePointer<AudioVoice>, to track: UnsafeMutablePointer<TrackState>, at frame: Int,
    count: Int
  ) {
    let isMono = voice.pointee.audio.isMono
    let (left, second) = samples(of: voice)
    let right = isMono ? left : second
    let first = PanLaw(pan: voice.pointee.panLane.from)
    let last = PanLaw(pan: voice.pointee.panLane.to)
    let leftSlope = LaneSlope(
      isMono ? first.monoLeft : first.stereoLeft, isMono ? last.monoLeft : last.stereoLeft, at: frame)
    let rightSlope = LaneSlope(
      isMono ? first.monoRight : first.stereoRight, isMono ? last.monoRight : last.stereoRight, at: frame)
    let busLeft = track.pointee.left + frame
    let busRight = track.pointee.right + frame
    track.pointee.hasStereo = true
    for index in 0..<count {
      busLeft[index] += left[index] * levels[index] * leftSlope.value(index)
      busRight[index] += right[index] * levels[index] * rightSlope.value(index)
    }
  }
}

extension TrackState {
  /// The law of the fader with a lane's pan added to it.
  @_noLocks
  func law(plus pan: Float) -> PanLaw {
    pan == 0 ? law : PanLaw(pan: min(1, max(-1, self.pan.value + pan)))
  }
}

extension PanLaw {
  /// Of the way to another law, frame `index` of a grid block's.
  @_noLocks
  func mixed(with other: PanLaw, _ index: Int) -> PanLaw {
    let x = Float(index) / Float(EngineLimits.gridFrames)
    var mixed = self
    mixed.monoLeft += (other.monoLeft - monoLeft) * x
    mixed.monoRight += (other.monoRight - monoRight) * x
    mixed.stereoLeft += (other.stereoLeft - stereoLeft) * x
    mixed.stereoRight += (other.stereoRight - stereoRight) * x
    return mixed
  }
}

extension BlockSpan {
  @_noLocks
  func counted(from start: Tick) -> BlockSpan {
    var own = self
    own.first -= Double(start)
    own.last -= Double(start)
    return own
  }
}

extension LaneState {
  @_noLocks
  mutating func advance(_ lane: ScheduledLane, over span: BlockSpan, snaps: Bool, neutral: Float) {
    advance(lane, from: span.first, to: span.last, wraps: span.wraps, snaps: snaps, neutral: neutral)
  }

  @_noLocks
  func isResting(at value: Float) -> Bool { from == value && to == value }
}

/// A straight line over the frames of a grid block, from one of them on.
struct LaneSlope: BitwiseCopyable {
  private let start: Float
  private let step: Float

  @_noLocks
  init(_ from: Float, _ to: Float, at frame: Int = 0) {
    step = (to - from) / Float(EngineLimits.gridFrames)
    start = from + step * Float(frame)
  }

  @_noLocks
  init(_ lane: LaneState, at frame: Int = 0) {
    self = LaneSlope(lane.from, lane.to, at: frame)
  }

  @_noLocks
  func value(_ index: Int) -> Float { start + step * Float(index) }
}
