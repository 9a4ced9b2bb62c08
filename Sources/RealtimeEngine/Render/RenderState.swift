import LockFree
import MusicalTime
import Synchronization

/// Everything the realtime thread owns, in one allocation made before it starts. Only that thread touches it,
/// apart from the ends of rings and cells that other threads were given.
struct RenderState: BitwiseCopyable {
  var sampleRate: Double
  var declickFrames: Int
  var commands: RingConsumer<Command>
  var notices: RingProducer<Notice>
  var report: LatestValue<Report>
  var meters: LatestValue<MeterReport>
  /// The main output for who measures it elsewhere.
  var heard: RingProducer<MeterBlock>
  /// The main output, and what is tapped, for who writes it down.
  var output: FrameHistory
  /// `EngineLimits.taps` of them.
  var taps: UnsafeMutablePointer<Tap>
  /// A grid block of it.
  var silence: UnsafeMutablePointer<Float>
  var input: InputDesk
  /// Whether something came in with the block that is being rendered.
  var inputWasGiven = false
  /// Set by any thread, taken by the next block: the pause that needs no ring.
  var emergency: UnsafeMutablePointer<Atomic<Bool>>

  /// When the next grid block will be heard, in frames of the device's monotonic clock.
  var deviceFrame: Int64 = 0
  var schedule: UnsafePointer<Schedule>
  var transport = Transport()
  var timed: TimedCommands
  var retiring: RetiringSchedules
  var panic = Panic()

  /// All strips: the tracks, the hidden one of auditions, the buses.
  var tracks: UnsafeMutablePointer<TrackState>
  /// How many tracks have ever been used: none above is looked at.
  var trackCount = 0
  var anySolo = false
  var masterGain = Ramp(1)
  var masterMeter = MeterValue()
  var meterFrames = 0

  var players: UnsafeMutablePointer<MIDIPlayer>
  var playerCount = 0
  var voices: UnsafeMutablePointer<AudioVoice>
  var voiceCount = 0
  var streams: StreamDesk
  var retiringBanks: UnsafeMutablePointer<RetiringBank>
  var retiringBankCount = 0
  var audition: AuditionPlayer
  var budget: VoiceBudget
  /// Numbers of players and of their jumps.
  var lastSerial = UInt64(0)
  var lastJump = UInt64(0)
  /// Whose jump `chased` holds, and whether any player has channels that wait to be set right.
  var chasedJump = UInt64(0)
  var hasPendingChases = false

  /// Where events are handed out: the frame of their axis at which this grid block begins, how far ahead of
  /// it they may be, and where the one in hand is, in frames from it.
  var eventBase: Int64 = 0
  var eventLead = Int64(EngineLimits.gridFrames / 2)
  var eventOffset = 0
  /// From 65,536 Hz on FluidSynth's shortest delay is a block, so every note is handed out that much earlier.
  var earlyFrames: Int64 = 0
  /// Whether any bank has lanes between the grid's lines.
  var hasSharpBanks = false
  /// Which of the grid blocks that are made in one go is being put down.
  var line = 0
  /// Grid blocks made in one go had more voices than the budget: their sound is not what it must be.
  var exceededAhead = false
  /// Synths belong to other threads just now.
  var isBesideSynths = false

  /// Whether jumps start the notes that sound where they land; and whether the one being made does.
  var chasesNotes = false
  var isChasingNotes = false
  /// Velocities of the notes that sound at a place, by channel and key, while a region is entered.
  var soundingNotes: UnsafeMutablePointer<UInt8>
  /// What 16 channels have come to, while a region is entered.
  var chased: UnsafeMutablePointer<ChannelState>
  /// Regions found by a search, `EngineLimits.regionsEntered` of them.
  var found: UnsafeMutablePointer<UnsafePointer<ScheduledRegion>?>
  /// The level of each frame of a grid block, while one is worked out.
  var levels: UnsafeMutablePointer<Float>
  /// The master's bus: the main pair of the grid block that is handed out.
  var gridLeft: UnsafeMutablePointer<Float>
  var gridRight: UnsafeMutablePointer<Float>
  /// The whole of it, a buffer for each `OutputChannel`, with how much of it is left. What makes
  /// the click adds it between `clearBuses` and `mix`.
  var gridOutputs: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
  var gridRemaining = 0
  /// The other channels' buses, among `gridOutputs`.
  var cueLeft: UnsafeMutablePointer<Float>
  var cueRight: UnsafeMutablePointer<Float>
  var click: UnsafeMutablePointer<Float>
  /// A block of each of them: they wait as long as the main bus does in the limiter.
  var waiting: UnsafeMutablePointer<Float>
  var cueGain = Ramp(1)
  var cueMeter = MeterValue()
  /// A strip before its fader, while its wires take it.
  var beforeLeft: UnsafeMutablePointer<Float>
  var beforeRight: UnsafeMutablePointer<Float>
  var wiring: Wiring
  /// For each bus.
  var effects: UnsafeMutablePointer<EffectSlot>
  var limiter: Limiter
  /// Whether what is handed out is a grid block older than what is rendered.
  var looksAhead = true
  /// The playhead behind the grid block rendered last, and behind the one before it.
  var place = Place()
  var earlierPlace = Place()
  var span = BlockSpan()
  var metronome: Metronome
  var ports: PortDesk
}

/// Where the playhead is. The anchor keeps the musical place exact when no frame stands for it.
struct Transport: BitwiseCopyable {
  var rolling = false
  var frame: Int64 = 0
  var anchorFrame: Int64 = 0
  var anchorTick: Double = 0
  /// Pause when the playhead gets there; infinite for never.
  var haltTick = Double.infinity
  /// The first regions the playhead has not passed yet.
  var nextAudio = RegionPlace()
  var nextMIDI = RegionPlace()
  /// MIDI events below this tick have been handed to their synths, timed commands below the other have
  /// landed: up to half a grid block ahead of the playhead.
  var sequencedTick = 0.0
  var timedTick = 0.0
  /// Events and timed commands go around the loop where the grid line nearest to its end is. When that comes
  /// before the playhead does: how many frames they are ahead (negative, by the loop's length), for the rest
  /// of the block.
  var eventsAhead: Int64 = 0
  /// When it comes after: the tick that the playhead went around at, and the loop's length in frames, until
  /// that line.
  var loopedAt = Tick(0)
  var loopedBy: Int64 = 0
  /// The same for timed commands, whose line may be another one.
  var timedLoopedBy: Int64 = 0

  @_noLocks init() {}
}

/// A playhead, as it is told.
struct Place: BitwiseCopyable {
  var frame: Int64 = 0
  var tick = 0.0

  @_noLocks init() {}
}

/// Replaced schedules, oldest first, whose clips a fading voice may still read.
struct RetiringSchedules: BitwiseCopyable {
  var revisions: UnsafeMutablePointer<UInt64>
  var count = 0
}

/// A replaced synth bank that rings out.
struct RetiringBank: BitwiseCopyable {
  var bank: UnsafeMutablePointer<SynthBank>
  /// How long it may go on sounding once it holds nothing, and at most.
  var tailFrames: Int64
  var framesLeft: Int64

  @_noLocks
  init(bank: UnsafeMutablePointer<SynthBank>, tailFrames: Int64, framesLeft: Int64) {
    self.bank = bank
    self.tailFrames = tailFrames
    self.framesLeft = framesLeft
  }
}
