/// A track's synths as the realtime thread sees them. MIDI channel `c` of channel block `b` is channel `(c /
/// 2)·16 + b` of synth `c mod 2`: so a region's notes share an audio group, and its gain and fades apply to
/// its own sound alone.
struct SynthBank: BitwiseCopyable {
  /// `EngineLimits.synthsPerBank` of them.
  var synths: UnsafeMutablePointer<SynthState>
  /// `EngineLimits.channelBlocks` of them.
  var blocks: UnsafeMutablePointer<ChannelBlock>
  /// What a fresh channel's controllers are, to which a reused one goes back.
  var defaults: UnsafePointer<UInt8>
  /// FluidSynth's number for the way it reads between samples.
  var interpolation: Int32
  /// Where it rings out once it has been replaced.
  var track = Int32(0)
}

struct SynthState: BitwiseCopyable {
  /// A FluidSynth synth.
  var synth: UnsafeMutableRawPointer
  /// 16 stereo pairs of a grid block.
  var groups: UnsafeMutablePointer<Float>
  /// Reverb and chorus, a stereo pair each; nil without effects.
  var effects: UnsafeMutablePointer<Float>?
  /// Neither voices nor tails: it is not rendered until the next note.
  var isAsleep = true
  /// Bit `b`: block `b` may have voices here. The others are not mixed.
  var live = UInt32(0)
  /// Grid blocks in a row without voices and below −120 dBFS.
  var quietBlocks = Int32(0)
  var noteOns = Int32(0)
  /// FluidSynth's running number of the next note, and when the last 1024 were started (−1: being ended).
  var nextNote = UInt32(0)
  var noteFrames: UnsafeMutablePointer<Int64>
  /// Voices that the last grid block made silent and this one frees.
  var hasFadedVoices = false
}

/// 16 MIDI channels for one sounding region, and the level its sound has in the mix.
struct ChannelBlock: BitwiseCopyable {
  var isTaken = false
  /// Bit `c`: channel `c` no longer is as a fresh one; it has had what only a reset takes back; it has lost
  /// its type.
  var touched = UInt16(0)
  var strange = UInt16(0)
  var untyped = UInt16(0)
  /// For each channel the controllers that may not be what a fresh channel's are.
  var controllers = InlineArray<16, ControllerSet>(repeating: ControllerSet())
  var freedAt = Int64.min
  var gain = Ramp(1)
  /// The level at the end of the last grid block (negative: a region has just begun) and of this one.
  var level: Float = 1
  var nextLevel: Float = 1
  /// The level its voices' sends to the effects were scaled to, and whether some have not been yet.
  var sendLevel: Float = 1
  var hasUnscaledSends = false
  var gainLane = LaneState(1)
  var panLane = LaneState(0)

  @_noLocks init() {}
}

/// Controller numbers 0 to 127.
struct ControllerSet: BitwiseCopyable {
  private var low = UInt64(0)
  private var high = UInt64(0)

  @_noLocks init() {}

  @_noLocks
  func contains(_ number: Int) -> Bool {
    (number < 64 ? low >> UInt64(number) : high >> UInt64(number - 64)) & 1 != 0
  }

  @_noLocks
  mutating func insert(_ number: Int) {
    if number < 64 { low |= 1 << UInt64(number) } else { high |= 1 << UInt64(number - 64) }
  }
}

extension SynthBank {
  /// The synth that plays a MIDI channel.
  @_noLocks
  func synth(channel: Int) -> UnsafeMutablePointer<SynthState> { synths + (channel & 1) }

  @_noLocks
  static func fluidChannel(channel: Int, block: Int) -> Int { (channel >> 1) * 16 + block }
}
