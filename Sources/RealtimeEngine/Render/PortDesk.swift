import LockFree

/// The renderer's side of all MIDI ports. Realtime thread.
struct PortDesk: BitwiseCopyable {
  /// Where messages come in: from the device's own thread, and from an ordinary one.
  var deviceIn: RingConsumer<PortMessage>
  var ordinaryIn: RingConsumer<PortMessage>
  /// The end of the first for that thread, which is the renderer's or runs beside it.
  var deviceSource: RingProducer<PortMessage>
  /// What was taken, for the control thread.
  var heard: RingProducer<PortMessage>
  /// What goes out, by who sends it.
  var deviceOut: RingProducer<PortMessage>
  var ordinaryOut: RingProducer<PortMessage>
  /// The device thread's own; never looked at here.
  var deviceStage: UnsafeMutablePointer<OutStage>
  /// `EngineLimits.midiPorts` of each.
  var inputs: UnsafeMutablePointer<LiveInput>
  var outputs: UnsafeMutablePointer<OutPort>
  /// `EngineLimits.outPlayers` for regions, then one for each input.
  var holders: UnsafeMutablePointer<OutHolder>
  /// The number of the next clock to be sent, from the start of the timeline; 24 of them are a beat.
  var nextPulse: Int64 = 0
  /// Whether events are handed out: then one is due at its own frame, else where the grid block begins.
  var isSequencing = false
  var eventTick = 0.0
  var hasOutputs = false
  var hasClocks = false
}

/// A port that somebody plays on. What it plays goes the way of a region's notes, on a channel block of its own.
struct LiveInput: BitwiseCopyable {
  /// Where it plays; −1 nowhere.
  var track = Int32(-1)
  let number: Int
  /// Whether the player has a channel block now.
  var isPlaying = false
  var player: UnsafeMutablePointer<MIDIPlayer>
  /// What each of 16 channels was told: another synth is told the same. The player's clip has it.
  var states: UnsafeMutablePointer<ChannelState>

  @_noLocks
  init(
    number: Int, player: UnsafeMutablePointer<MIDIPlayer>, states: UnsafeMutablePointer<ChannelState>
  ) {
    self.number = number
    self.player = player
    self.states = states
  }
}

/// A port that something is sent to.
struct OutPort: BitwiseCopyable {
  /// Who sends it: 0 nobody, 1 the device's own thread, 2 an ordinary one.
  var sender = UInt8(0)
  var hasClock = false
  /// The clock that the next start or continue belongs to; −1 when it runs or is not to run.
  var startPulse = Int64(-1)
  /// The song position that was told last; −1 when it has moved on since.
  var toldSixteenth = Int64(-1)
  /// Whether its clock was started and not stopped.
  var isRunning = false
  /// A message found no room: its receiver's notes are let go as soon as there is some.
  var hasLost = false
  /// How many hold a note, by channel and key.
  var held: UnsafeMutablePointer<UInt8>

  @_noLocks
  init(held: UnsafeMutablePointer<UInt8>) { self.held = held }
}

/// What a player has sent to a port and must take back.
struct OutHolder: BitwiseCopyable {
  var isTaken = false
  var held: UnsafeMutablePointer<UInt8>
  var count = 0
  /// Channels whose damper or sostenuto pedal is down.
  var dampers = UInt16(0)
  var sostenutos = UInt16(0)

  @_noLocks
  init(held: UnsafeMutablePointer<UInt8>) { self.held = held }
}
