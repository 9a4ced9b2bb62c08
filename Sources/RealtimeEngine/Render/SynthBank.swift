/// A track's synths as the realtime thread sees them. MIDI channel `c` of channel block `b` is channel
/// `(c / 2)·16 + b` of synth `c mod 2`: so a region's notes share an audio group, and its gain and fades apply to its
/// own sound alone.
struct SynthBank: BitwiseCopyable {
  var synths: InlineArray<2, SynthState>
  var blocks: InlineArray<16, ChannelBlock>
  /// What a fresh channel's controllers are, to which a reused one goes back.
  var defaults: UnsafePointer<UInt8>
  /// Synths that a panic has still to reset.
  var resetsLeft = Int32(0)
  /// The effects' return follows the loudest region.
  var wetLevel: Float = 1
  var nextWetLevel: Float = 1
  /// Where it rings out once it has been replaced.
  var track = Int32(0)
}

struct SynthState: BitwiseCopyable {
  /// A FluidSynth synth.
  var synth: UnsafeMutableRawPointer
  /// 16 stereo pairs of a grid block.
  var groups: UnsafeMutablePointer<Float>
  /// Reverb and chorus, a stereo pair each.
  var effects: UnsafeMutablePointer<Float>
  var hasEffects: Bool
  /// Neither voices nor tails: it is not rendered until the next note.
  var isAsleep = true
  /// Grid blocks in a row without voices and below −120 dBFS.
  var quietBlocks = Int32(0)
  var noteOns = Int32(0)
  /// FluidSynth's running number of the next note, and when the last 1024 were started (−1: being ended).
  var nextNote = UInt32(0)
  var noteFrames: UnsafeMutablePointer<Int64>
}

/// 16 MIDI channels for one sounding region, and the level its sound has in the mix.
struct ChannelBlock: BitwiseCopyable {
  var isTaken = false
  /// Bit `c`: channel `c` no longer is as a fresh one.
  var touched = UInt16(0xFFFF)
  var freedAt = Int64.min
  var gain = Ramp(1)
  /// The level at the end of the last grid block (negative: a region has just begun) and of this one.
  var level: Float = 1
  var nextLevel: Float = 1

  @_noLocks init() {}
}

extension SynthBank {
  @_noLocks
  static func synthIndex(channel: Int) -> Int { channel & 1 }

  @_noLocks
  static func fluidChannel(channel: Int, block: Int) -> Int { (channel >> 1) * 16 + block }
}
