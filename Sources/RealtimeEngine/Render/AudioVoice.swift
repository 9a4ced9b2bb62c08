import MusicalTime

/// A sounding audio region, or the last 5 ms of one. Realtime thread.
struct AudioVoice: BitwiseCopyable {
  var key: UInt64
  var stamp: UInt64
  /// In the schedule in force; a leaving voice may outlive it.
  var region: UnsafePointer<ScheduledRegion>
  var track: Int
  /// The last schedule that named it: its clip is kept until that one has come back.
  var revision: UInt64
  var audio: ScheduledAudio
  var passesLeft: Int64
  /// The clip's next frame.
  var position: Int64
  /// Frames since the region's start and until its end.
  var elapsed: Int64
  var remaining: Int64
  var gain: Ramp
  /// Hides the cut where a region is entered midway or left.
  var declick: Ramp
  var isLeaving = false
  /// The frame of this grid block from which it fades out.
  var leaveFrame = 0
  /// The fades' level, which a leaving voice keeps: its region may be gone.
  var heldLevel: Float = 1
  /// The first frame of this grid block that it sounds in.
  var firstFrame = 0
  /// The ring its samples come through, −1 for none.
  var slot = Int32(-1)
  /// The head it reads below frame `headEnd` of its material, from `headStart` on.
  var headLeft: UnsafePointer<Float>?
  var headRight: UnsafePointer<Float>?
  var headStart = Int64(0)
  var headEnd = Int64(0)
  var headsRevision = UInt64(0)
  /// Goes to 0 before the samples run out, and back to 1 with them.
  var supply = Ramp(1)
  var isStarved = false
  var starvedFrames = Int64(0)
  var cause = UInt64(0)

  var start: Tick
  var lanes: UnsafePointer<ScheduledLanes>?
  /// It has lanes, or had some since it began.
  var isAutomated: Bool
  /// No grid block of it has been rendered.
  var isNew = true
  /// It began with a lane of pan, and so goes to its track in stereo.
  var isPanned: Bool
  var gainLane = LaneState(1)
  var panLane = LaneState(0)

  /// The material's next frame, passes counted through.
  var place: Int64 { @_noLocks get { elapsed + audio.skip } }
  /// Frames it will want at most.
  var framesLeft: Int64 { @_noLocks get { min(remaining, audio.frames - place) } }

  @_noLocks
  init(
    region: UnsafePointer<ScheduledRegion>, revision: UInt64, pass: Int64, elapsed: Int64, remaining: Int64,
    declick: Ramp, firstFrame: Int
  ) {
    key = region.pointee.key
    stamp = region.pointee.stamp
    self.region = region
    track = Int(region.pointee.track)
    self.revision = revision
    audio = region.pointee.audio
    passesLeft = audio.passes - pass - 1
    position = audio.offset + (elapsed + audio.skip) % audio.passFrames
    self.elapsed = elapsed
    self.remaining = remaining
    gain = Ramp(region.pointee.gain)
    self.declick = declick
    self.firstFrame = firstFrame
    start = region.pointee.start
    lanes = region.pointee.lanes
    isAutomated = region.pointee.lanes != nil
    isPanned = false
    if let lanes { isPanned = lanes.pointee.pan.count > 0 }
  }
}
