import CFluidSynth

/// A track's synths as the realtime thread sees them.
///
/// Four synths, in groups of MIDI channels: MIDI channel `c` of channel block `b` is channel `(c / groups)·16 +
/// b` of a synth of group `c mod groups`, so a region's notes share an audio group, and its gain and fades apply
/// to its own sound alone. In normal timing a synth is a group. In sharp timing all channels are one group of
/// four lanes: lane `i` makes its blocks `16·i` frames later than the grid's, and a note goes to the lane
/// whose line is nearest.
struct SynthBank: BitwiseCopyable {
  /// `EngineLimits.synthsPerBank` of them.
  var synths: UnsafeMutablePointer<SynthState>
  /// `EngineLimits.channelBlocks` of them, of which the first `blockCount` are in use.
  var blocks: UnsafeMutablePointer<ChannelBlock>
  /// What a fresh channel's controllers are, to which a reused one goes back.
  var defaults: UnsafePointer<UInt8>
  /// FluidSynth's number for the way it reads between samples.
  var interpolation: Int32
  var lanes: Int
  /// How many grid blocks there is room for in one go.
  var lines: Int
  /// A power of two; the audio groups of each synth.
  var blockCount: Int
  /// Sorted by bank and program: the keys that silence each other, which keep to one lane.
  var exclusive: UnsafePointer<synth_exclusive_keys>
  var exclusiveCount: Int
  /// The level of each block at the borders of each grid block rendered in one go.
  var levels: UnsafeMutablePointer<BlockLevel>
  /// Closes a replaced bank that has had its time.
  var gate = Ramp(1)
  /// Where it rings out once it has been replaced.
  var track = Int32(0)
}

struct SynthState: BitwiseCopyable {
  /// A FluidSynth synth.
  var synth: UnsafeMutableRawPointer
  /// A stereo pair of a grid block for each channel block in use, for each grid block rendered in one go.
  var groups: UnsafeMutablePointer<Float>
  /// Reverb and chorus, a stereo pair each; nil without effects.
  var effects: UnsafeMutablePointer<Float>?
  var ops: SynthOps
  /// Where the ops of each grid block rendered in one go end, and how many of those blocks are rendered.
  var opEnds: UnsafeMutablePointer<Int32>
  var rendered = 0
  /// The most voices it had where one of those blocks began.
  var peakVoices = Int32(0)
  /// Neither voices nor tails: it is not rendered until the next note.
  var isAsleep = true
  /// Bit `b`: block `b` may have voices here. The others are not mixed.
  var live = UInt32(0)
  /// For each grid block rendered in one go: the blocks to mix, bit 31 when there is anything, and bit 30 when it has
  /// rung out.
  var made: UnsafeMutablePointer<UInt32>
  /// Lets reverb and chorus out. Whoever mixes has it, who may be another than whoever renders.
  var wetGate: UnsafeMutablePointer<WetGate>
  /// The resets that are to come during a panic.
  var resetsLeft = Int8(0)
  /// Grid blocks in a row without voices and below −120 dBFS.
  var quietBlocks = Int32(0)
  /// Notes handed to it in the grid block that began at `noteFrame`.
  var noteOns = Int32(0)
  var noteFrame = Int64.min
  /// FluidSynth's running number of the next note, and when the last 1024 were started (−1: being ended).
  var nextNote = UInt32(0)
  var noteFrames: UnsafeMutablePointer<Int64>
  /// Voices that the last grid block made silent and this one frees.
  var hasFadedVoices = false
  /// It has started notes since the voice budget was looked at.
  var hasNewNotes = false
  /// Room for a list of its voices.
  var voices: UnsafeMutablePointer<synth_voice>
}

/// The level of a channel block's sound where a grid block begins and ends, and whether voices have begun
/// that do not send to the effects by it yet.
struct BlockLevel: BitwiseCopyable {
  var from: Float
  var to: Float
  var panFrom: Float
  var panTo: Float
  var hasUnscaledSends: Bool

  @_noLocks
  init(
    from: Float = 1, to: Float = 1, panFrom: Float = 0, panTo: Float = 0, hasUnscaledSends: Bool = false
  ) {
    self.panFrom = panFrom
    self.panTo = panTo
    self.from = from
    self.to = to
    self.hasUnscaledSends = hasUnscaledSends
  }
}

/// What keeps reverb and chorus out after a panic: a time, or their own silence.
struct WetGate: BitwiseCopyable {
  var level = Ramp(1)
  /// The grid blocks for which they are not heard.
  var unheardBlocks = Int32(0)

  @_noLocks
  init() {}

  /// Goes on by a grid block, and answers the level where it begins; `level` has the one where it ends.
  @_noLocks
  mutating func advance(fading frames: Int) -> Float {
    let before = level.value
    if unheardBlocks > 0 {
      unheardBlocks -= 1
      if unheardBlocks == 0 { level.move(to: 1, frames: frames) }
    }
    _ = level.advance(EngineLimits.gridFrames)
    return before
  }
}

extension SynthBank {
  var groups: Int { @_noLocks get { EngineLimits.synthsPerBank / lanes } }

  /// The synth that plays a MIDI channel in a lane.
  @_noLocks
  func synth(channel: Int, lane: Int = 0) -> UnsafeMutablePointer<SynthState> {
    synths + (channel % groups) * lanes + lane
  }

  @_noLocks
  func fluidChannel(channel: Int, block: Int) -> Int {
    channel / groups * EngineLimits.channelBlocks + block
  }

  /// The MIDI channels, as bits, of the synth at an index.
  @_noLocks
  func channels(ofSynth index: Int) -> UInt16 {
    var bits: UInt16 = 0
    for channel in 0..<16 where channel % groups == index / lanes { bits |= 1 << UInt16(channel) }
    return bits
  }

  /// Whether a key of a sound silences others, or is silenced by them. A sound that the font lacks is the one
  /// that FluidSynth plays instead of it.
  @_noLocks
  func isExclusive(key: Int, _ sound: ChannelSound, isDrums: Bool) -> Bool {
    var index = keys(bank: sound.bank, program: sound.program)
    if index < 0 { index = isDrums ? keys(bank: 128, program: 0) : keys(bank: 0, program: sound.program) }
    return index >= 0 && exclusive[index].contains(key)
  }

  /// Where a preset is in the table of all, or −1.
  @_noLocks
  private func keys(bank: Int16, program: Int16) -> Int {
    var low = 0
    var high = exclusiveCount
    while low < high {
      let middle = (low + high) >> 1
      let keys = exclusive[middle]
      if keys.bank < bank || (keys.bank == bank && keys.program < program) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < exclusiveCount else { return -1 }
    return exclusive[low].bank == bank && exclusive[low].program == program ? low : -1
  }
}

extension synth_exclusive_keys {
  @_noLocks
  func contains(_ key: Int) -> Bool { (key < 64 ? low >> UInt64(key) : high >> UInt64(key - 64)) & 1 != 0 }
}
