import CDrivers

/// Every limit of this target, named once.
package enum DriverLimits {
  /// The most frames a renderer is asked for at once. A device with a longer buffer is served in slices.
  package static let sliceFrames = Int(DRV_SLICE_FRAMES)
  /// Periods of the timer, in frames.
  package static let timerPeriods = 16...sliceFrames
  /// Sample rates of the timer, in frames per second.
  package static let sampleRates = 8_000.0...192_000.0
  /// A quarter of an hour at 192 kHz, an hour at 48 kHz: 1.4 GB.
  package static let tapFrames = 1...172_800_000
  /// JACK's client names have 64 bytes with their terminator, and a colon ends the client's part of a port
  /// name.
  package static let clientNameBytes = 1...63
  package static let serverNameBytes = 1...63
  /// A server that has not called for so long, and for so many periods, counts as gone until it calls again.
  /// A killed PipeWire tells its clients nothing.
  package static let silenceSeconds = 1.5
  package static let silencePeriods = 8.0
  /// How long a device may not call before the keeper's timer drives; at least four of its periods.
  package static let watchdogSeconds = 0.1
  /// Time that the keeper makes up at most; beyond it the clock goes on from the present.
  package static let catchUpSeconds = Int(DRV_CATCH_UP_SECONDS)
  /// How often the keeper's supervisor looks after the device.
  static let supervisionMilliseconds: Int32 = 50
  /// How soon a device that is away is looked for again: first, and at most.
  static let firstRetry = Duration.milliseconds(50)
  package static let lastRetry = Duration.milliseconds(500)
  /// How long a device that was asked for may take to its first block.
  static let firstBlock = Duration.seconds(1)
  /// News of the device that nobody took: older ones are dropped.
  static let deviceEvents = 64
  /// Connections remembered for a port, and the bytes of their names.
  package static let rememberedConnections = 64
  static let connectionListBytes = 32_768
  /// Looks after which a connection that a server was asked for, and that is not there, counts as refused: half a second.
  static let looksForConnection = 10
  /// Connections that a message names; of further ones it gives the number.
  static let connectionsTold = 4
  /// A server that has not called for so long is not asked for connections.
  static let tendingSeconds = 0.05
  /// How long a server that hangs may keep us from going on.
  package static let openingMilliseconds: Int32 = 5_000
  package static let closingMilliseconds: Int32 = 2_000
  /// MIDI messages that wait for the control thread; further ones are dropped and counted.
  package static let midiInputs = Int(DRV_MIDI_SLOTS)
  /// How soon a card that was listened to and is gone is looked for again.
  static let cardRetryMicroseconds: UInt32 = 300_000
  /// Bytes of the longest message that is sent to a port: system exclusive.
  package static let longMessageBytes = Int(DRV_LONG_BYTES)
  /// How soon a MIDI port that has come or gone is noticed, and how often ports served by a thread of ours are looked at
  /// while something may go out.
  static let portsMilliseconds: Int32 = 100
  static let servedMilliseconds: Int32 = 2
  /// How far ahead messages are handed to a port that can be told when to send them.
  static let aheadSeconds = 0.02
  /// How long a port that is closed is given to let go of its notes.
  static let closingPortMilliseconds = 500
  /// Ports of others that a sequencer lists, and the bytes of their names.
  static let listedPorts = 1024
  static let portNameBytes = 256
  /// How long a port that is let go waits at most for what is in its queue.
  static let queuedNanoseconds: Int64 = 1_000_000_000
  /// Messages taken from a sequencer at once.
  static let receivedMessages = 256
  /// Bytes of a list of ports in a file.
  static let portListBytes = 65_536
  /// Sound cards that are listed, the bytes of their names, and the devices of one.
  static let cards = 32
  static let cardNameBytes = 128
  package static let cardDevices = 0...31
  /// Below JACK's own server, above every ordinary thread.
  package static let timerPriority = 70
  package static let timerStackBytes = 512 * 1024
}
