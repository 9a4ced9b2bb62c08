import CRealtime

/// One track's strip: its synths, its controls, and the buses its regions add to. Realtime thread.
struct TrackState: BitwiseCopyable {
  var bank: UnsafeMutablePointer<SynthBank>?
  var gain = Ramp(1)
  var pan = Ramp(0)
  /// 1 when heard, 0 when muted or when another track is soloed.
  var gate = Ramp(1)
  var isMuted = false
  var isSoloed = false
  /// It rings out for a session that was left, over the routes it had: no solo of the present one concerns it.
  var isLeft = false
  var polyphony = Int32(EngineLimits.trackPolyphony)
  /// The MIDI port its notes go to instead of the synths, or −1; and whether they were silenced there.
  var output = Int16(-1)
  var wasSilent = false
  var law = PanLaw(pan: 0)
  /// Grid buses: mono material is panned, stereo material balanced.
  var mono: UnsafeMutablePointer<Float>
  var left: UnsafeMutablePointer<Float>
  var right: UnsafeMutablePointer<Float>
  /// Whether this grid block put anything on the buses.
  var hasMono = false
  var hasStereo = false
  /// Whether the grid block before did.
  var wasHeard = false
  /// The track's lanes in this grid block: the gain multiplies the fader's, the pan is added to it.
  var automationGain = LaneState(1)
  var automationPan = LaneState(0)
  var meter = MeterValue()

  /// Back to how a fresh track is, at once; the caller updates the gates.
  @_noLocks
  mutating func resetControls() {
    gain = Ramp(1)
    pan = Ramp(0)
    law = PanLaw(pan: 0)
    isMuted = false
    isSoloed = false
    isLeft = false
    polyphony = Int32(EngineLimits.trackPolyphony)
  }
}

/// Equal power for mono (−3 dB in the middle: cos and sin of (pan + 1)·π/4), balance for stereo (the far side
/// goes down in a straight line, the near one stays).
struct PanLaw: BitwiseCopyable {
  var monoLeft: Float
  var monoRight: Float
  var stereoLeft: Float
  var stereoRight: Float

  @_noLocks
  init(pan: Float) {
    let angle = (Double(pan) + 1) * .pi / 4
    monoLeft = Float(rt_cos(angle))
    monoRight = Float(rt_sin(angle))
    stereoLeft = pan > 0 ? 1 - pan : 1
    stereoRight = pan < 0 ? 1 + pan : 1
  }
}
