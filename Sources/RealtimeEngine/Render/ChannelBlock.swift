/// 16 MIDI channels for one sounding region, what it holds in them, and the level its sound has in the mix.
struct ChannelBlock: BitwiseCopyable {
  var isTaken = false
  /// The serial number of the player that has it; 0 for none. In a replaced bank its notes ring on here.
  var owner = UInt64(0)
  /// Notes held, by channel and key, and how many in all.
  var held: UnsafeMutablePointer<UInt8>
  var heldCount = 0
  /// The lane that has the last note of a channel and key; 255 for none yet.
  var lanes: UnsafeMutablePointer<UInt8>
  /// Bit `c`: channel `c` no longer is as a fresh one; it has had what only a reset takes back; it has lost
  /// its type.
  var touched = UInt16(0)
  var strange = UInt16(0)
  var untyped = UInt16(0)
  /// Channels that a jump has still to be set right on, before their next note.
  var pending = UInt16(0)
  /// Channels with a pedal down, and those whose notes depend on the one before: they keep to one lane.
  var pedals = UInt16(0)
  var legato = UInt16(0)
  /// For each channel the controllers that may not be what a fresh channel's are.
  var controllers = InlineArray<16, ControllerSet>(repeating: ControllerSet())
  var sounds = InlineArray<16, ChannelSound>(repeating: ChannelSound())
  var freedAt = Int64.min
  var gain = Ramp(1)
  /// The level at the end of the last grid block (negative: a region has just begun) and of this one.
  var level: Float = 1
  var nextLevel: Float = 1
  /// Grid blocks in which voices begin that do not send to the effects by the level yet.
  var unscaledBlocks = Int8(0)
  var gainLane = LaneState(1)
  var panLane = LaneState(0)

  @_noLocks
  init(held: UnsafeMutablePointer<UInt8>, lanes: UnsafeMutablePointer<UInt8>) {
    self.held = held
    self.lanes = lanes
    sounds[9].set(bank: 128, program: 0)
  }

  /// Whether its region keeps a note sounding here.
  var isHolding: Bool { @_noLocks get { owner != 0 && (heldCount > 0 || pedals != 0) } }

  /// Notes that begin now, or on the next line.
  @_noLocks
  mutating func expectUnscaledSends() { unscaledBlocks = 2 }
}

/// What a channel plays with, followed from what it is told: FluidSynth takes the bank with the next program.
struct ChannelSound: BitwiseCopyable {
  var bank = Int16(0)
  var nextBank = Int16(0)
  var program = Int16(0)

  @_noLocks init() {}

  @_noLocks
  mutating func setProgram(_ number: Int) {
    program = Int16(truncatingIfNeeded: number)
    bank = nextBank
  }

  @_noLocks
  mutating func set(bank: Int32, program: Int32) {
    nextBank = Int16(truncatingIfNeeded: bank)
    setProgram(Int(program))
  }
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
