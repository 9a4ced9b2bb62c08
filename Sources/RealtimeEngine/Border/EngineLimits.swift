/// Every limit of the realtime engine, with the refusal or the policy that answers it.
package enum EngineLimits {
  /// Frames rendered at a time, counted from the renderer's first frame: FluidSynth's own grid. Whatever the
  /// device's block, every decision falls on this grid, which is why the output does not depend on the block.
  package static var gridFrames: Int { @_noLocks get { 64 } }
  /// Frames a driver may ask for at once.
  package static let maximumBlockFrames = 8192
  /// Tracks at once; another is refused.
  package static var tracks: Int { @_noLocks get { 64 } }
  /// Buses at once; another is refused.
  package static var buses: Int { @_noLocks get { 16 } }
  /// Sends of one track or bus; another is refused.
  package static let sendsPerStrip = 8
  /// The hidden track of auditions, and where the buses begin among the strips.
  package static var auditionStrip: Int { @_noLocks get { 64 } }
  package static var firstBusStrip: Int { @_noLocks get { 65 } }
  package static var strips: Int { @_noLocks get { 81 } }
  /// Wires of one strip: to the main bus, to each bus and to the cue, each from before and behind the fader.
  package static var wires: Int { @_noLocks get { 36 } }
  /// Synths with effects that a panic resets while the bus is closed, two resets of a grid block each; the effects of
  /// the others are not heard until they have died away, which takes FluidSynth's reverb at most so long.
  package static var panicResets: Int { @_noLocks get { 8 } }
  package static var effectsTailSeconds: Double { @_noLocks get { 2 } }
  /// Effects of buses that a panic silences in a grid block.
  package static var panicEffects: Int { @_noLocks get { 4 } }
  /// Frames of a sleeping effect's memory that one grid block clears.
  package static var effectClearFrames: Int { @_noLocks get { 4096 } }
  /// Synths in a track's bank; in normal timing MIDI channel `c` (0 to 15) belongs to synth `c mod 4`, in sharp
  /// timing each synth has all channels.
  package static var synthsPerBank: Int { @_noLocks get { 4 } }
  /// What they take at most, the font apart: FluidSynth 2.3.1 takes 1.4 to 3.8 MB for a synth of `voicesPerSynth`.
  /// A font's presets (8 MB for a small General MIDI font) are there once a bank, its samples once a process.
  package static let bankMegabytes = 16
  /// Sounding MIDI regions of one track, each with 16 channels of its own; the next one that starts is
  /// refused, counted and reported.
  package static var channelBlocks: Int { @_noLocks get { 16 } }
  /// Sounding MIDI regions of all tracks together.
  package static var midiPlayers: Int { @_noLocks get { 256 } }
  /// Sounding audio regions, those that fade out included.
  package static var audioVoices: Int { @_noLocks get { 512 } }
  /// Regions of a kind that may begin in one grid block; the rest of those that do stays silent, and is counted.
  package static var regionsStarted: Int { @_noLocks get { 1024 } }
  /// Regions of a kind that cover the place where the playhead is put: those that start last are looked at.
  package static var regionsEntered: Int { @_noLocks get { 1024 } }
  /// Notes started on one synth in one grid block; FluidSynth's own queue holds about 320. More are refused
  /// and counted.
  package static var noteOnsPerGridBlock: Int { @_noLocks get { 200 } }
  /// Voices of one synth: more than a track's polyphony, so that the overload policy and not FluidSynth
  /// decides which end. FluidSynth looks at all of them with every note and controller.
  package static let voicesPerSynth = 320
  /// Voices of one track; more are held to it.
  package static var trackPolyphony: Int { @_noLocks get { 256 } }
  package static let defaultVoiceBudget = 256
  package static var maximumVoiceBudget: Int { @_noLocks get { 4096 } }
  /// Linear gain of a region, a track or the master (+24 dB); more is held to it.
  package static var maximumGain: Double { @_noLocks get { 16 } }
  /// The last tick a playhead can be put on.
  package static var maximumTick: Double { @_noLocks get { 17_179_869_184 } }
  /// Commands on their way to the renderer; a full ring answers `busy`.
  package static let commandRing = 4096
  /// Notices on their way back; the conductor keeps a slot free for each command it sends.
  package static let noticeRing = 8192
  /// Slots of the notice ring that news of regions and loops leave free for what must not be lost; news that
  /// finds no room is counted.
  package static var noticeReserve: Int { @_noLocks get { 6144 } }
  /// Slots of the notice ring that timed commands leave free for what was sent directly: they land later.
  package static var timedNoticeReserve: Int { @_noLocks get { 4096 } }
  /// Rooms for timed commands that are lent to the renderer at once.
  package static let timedRooms = 1024
  /// Commands taken in one block; the rest waits for the next.
  package static var commandsPerBlock: Int { @_noLocks get { 512 } }
  /// Replaced schedules whose clips are still fading out; the next edit waits.
  package static var retiringSchedules: Int { @_noLocks get { 64 } }
  /// Replaced synth banks that still ring out, those of two sessions and some. When one more comes the older half
  /// fades over 5 ms.
  package static var retiringBanks: Int { @_noLocks get { 144 } }
  /// How long a replaced bank may sound on once it holds nothing, and how long it may hold notes.
  package static var ringOutSeconds: Double { @_noLocks get { 10 } }
  package static var heldAfterSwapSeconds: Double { @_noLocks get { 300 } }
  /// MIDI channels set right after a jump in a grid block, those with an event at once apart.
  package static var chasesPerGridBlock: Int { @_noLocks get { 64 } }
  /// What may be put down for a synth before it is told, in one grid block and in many that are made in one go.
  package static let synthOps = 1024
  package static let aheadOps = 8192
  /// Grid blocks that are made in one go when nobody waits for them; fewer where they take much memory.
  package static let aheadBlocks = 128
  package static let leastAheadBlocks = 32
  package static let minimumSampleRate = 22_050.0
  package static let maximumSampleRate = 96_000.0
  /// From this rate on FluidSynth's shortest delay, 1/1024 s, is one of its blocks.
  package static let delayedSampleRate = 65_536.0
  /// Seconds of every fade that hides a cut, and of every control's ramp.
  package static var declickSeconds: Double { @_noLocks get { 0.005 } }
  /// Frames that sound waits in the limiter, which looks that far ahead: one grid block, on or off.
  package static var lookAheadFrames: Int { @_noLocks get { gridFrames } }
  /// The time constant with which the limiter lets go.
  package static var limiterReleaseSeconds: Double { @_noLocks get { 0.1 } }
  /// The master's ceiling, in dB of true peak.
  package static let ceilingDB = -20.0...0.0
  package static let defaultCeilingDB = -1.0
  /// Grid blocks of the main output on their way to the loudness meter: 1.4 s at 48 kHz. What finds no room is
  /// counted and not measured.
  package static let meterRing = 1024
  /// Frames of the main output, and of what is tapped, that are kept for whoever writes them down: 10.9 s at 48 kHz. A
  /// reader that is slower loses them, and knows how many.
  package static let historyFrames = 1 << 19
  /// Those of the main output where nobody is said to read them.
  package static let briefHistoryFrames = 4096
  /// Strips and inputs that are tapped at once; another is refused.
  package static var taps: Int { @_noLocks get { 16 } }
  /// What stands for the input where a strip is tapped.
  package static var inputStrip: Int { @_noLocks get { -2 } }
  /// Meters are measured over 1/20 second.
  package static var metersPerSecond: Double { @_noLocks get { 20 } }
  /// The shortest loop; a shorter one is not taken: the playhead goes around once in a grid block at most, and
  /// this is 66 frames at the lowest rate.
  package static let minimumLoopSeconds = 0.003
  /// Streams that are read ahead or sound at once; the next one is silent, counted and reported.
  package static let streams = 64
  /// Seconds of a stream's ring.
  package static let streamSeconds = 2.0
  /// Seconds before its start that a region's stream is filled.
  package static let streamAheadSeconds = 1.0
  /// Frames a stream must have to begin, and to sound again after it has run out.
  package static var streamReadyFrames: Int64 { @_noLocks get { 4096 } }
  /// Seconds of a head, and how much of one must be left where a jump may land in it.
  package static let headSeconds = 0.5
  package static let headLeadSeconds = 0.4
  /// Replaced tables of heads that voices still read; the next one waits.
  package static var retiringHeads: Int { @_noLocks get { 8 } }
  /// Seconds that a jump waits for its streams; then it is made without them.
  package static var jumpWaitSeconds: Double { @_noLocks get { 2 } }
  /// MIDI ports open at once, in each direction; another is refused.
  package static var midiPorts: Int { @_noLocks get { 16 } }
  /// Messages on their way between ports and the renderer. What finds no room is counted: a note that is lost on the
  /// way out takes those that sound on its port with it.
  package static var midiRing: Int { @_noLocks get { 4096 } }
  /// How late a note or clock may leave, in frames, before it is left out: a port's server was away.
  package static var staleMIDIFrames: Int64 { @_noLocks get { 24_000 } }
  /// Messages that the control thread sends to ports itself and that wait for the next block.
  package static let midiPosts = 1024
  /// Messages that came in and are played in one grid block, of each source; the rest is played in the next.
  package static var liveMessages: Int { @_noLocks get { 256 } }
  /// Regions that sound on MIDI ports at once; the next one that starts is refused, counted and reported.
  package static var outPlayers: Int { @_noLocks get { 64 } }
  /// Bars that are counted before the music, at most; clicks in a beat.
  package static var countInBars: Int64 { @_noLocks get { 4 } }
  package static let clickDivisions = 1...4
  package static var clickSeconds: Double { @_noLocks get { 0.03 } }
}
