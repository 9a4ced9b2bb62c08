import MusicalTime

/// What the control thread asks of the renderer. It lands where the next grid block starts after the device's
/// next callback, and is answered by `Notice.landed`.
package struct Command: BitwiseCopyable, Sendable {
  package enum Kind: BitwiseCopyable, Sendable {
    /// Take the schedule at `address`; the old one comes back by `Notice.retiredSchedule`.
    case schedule
    /// Roll from `tick` (or from where the playhead is, when not finite) and pause at `secondTick` (or
    /// never). A `value` of 1 or more is the bars that are counted before.
    case play
    case pause
    /// Halt and go to `tick`.
    case stop
    /// Go to `tick`, rolling on if it rolls. Waits for streams that sound there while the old place plays on,
    /// unless `jump` has `JumpFlags.now`; so does `play`.
    case locate
    /// Halt, and silence everything within 10 ms, tails included.
    case panic
    /// On (up to `tick`, where it is finite) or off; linear gain; an `OutputChannel`; clicks in a beat.
    case metronomeOn, metronomeLevel, metronomeOutput, metronomeDivision
    case trackGain, trackPan, trackMute, trackSolo, trackPolyphony, masterGain, voiceBudget
    /// Take the synth bank at `address` for `track` (0: none); the old one rings out and comes back.
    case bank
    /// Take the `MixPlan` at `address`: it is not read any more once this has landed.
    case mix
    case cueGain
    /// Play the `Audition` at `address` once on the cue, in the place of what plays there (0: nothing).
    case audition
    /// Set a track's controls back to their defaults, at once.
    case resetTrack
    /// Take the heads at `address`; the old table comes back by `Notice.retiredHeads`.
    case heads
    /// Whether jumps start the notes that sound where they land.
    case chaseNotes
    /// From now on put what strip `track` adds to the mix into the `FrameHistory` at `address` (0: no more), at place
    /// `value` of the table of taps.
    case tap
    /// The linear gain at which what comes in is heard; 0 for not at all.
    case monitor
    /// Take the `SessionChange` at `address` in the place of everything; may wait for the playhead.
    case enter
    /// Take the rooms at `address` for commands that wait for the playhead.
    case timedRooms
    /// Move the command `id`, which waits at `tick`, to `at`; it may have landed by then.
    case postpone
    /// Take back the command of id `address`, which waits at `tick`; it may have landed by then.
    case withdraw
    /// Lead the MIDI input port `value` to `track` (−1: nowhere), letting go of what it holds. `address` is the
    /// MIDI channel it plays on (0: each message's own); from 256 up its channels begin afresh.
    case midiInput
    /// Open the MIDI output port `value` for a sender (`address`: 1 the device's thread, 2 an ordinary one), or
    /// close it (0).
    case midiOutput
    /// Lead `track`'s notes to the MIDI output port `value` instead of its synths, or back (−1).
    case midiRoute
    /// MIDI clock to the output port `value`, or no more (`address`: 1 or 0).
    case midiClock
  }

  package var id: UInt64
  package var kind: Kind
  /// Of a jump: `JumpFlags`.
  package var jump: UInt8
  package var track: Int32
  /// The device frame at which the command was accepted; lateness is counted from it.
  package var dueFrame: Int64
  package var tick: Double
  package var secondTick: Double
  /// Linear gain, pan −1…1, 0 or 1, or a count.
  package var value: Double
  package var address: UInt
  /// The place that the playhead has to come to first; below 0 for none. It lands there once, and a place that
  /// the playhead has passed waits until it comes by again.
  package var at: Tick

  var isEntrance: Bool {
    @_noLocks get {
      switch kind {
      case .enter: true
      default: false
      }
    }
  }

  @_noLocks
  package init(
    id: UInt64, kind: Kind, track: Int = -1, dueFrame: Int64, tick: Double = .nan, secondTick: Double = .nan,
    value: Double = 0, address: UInt = 0, at: Tick = -1,
    jump: UInt8 = 0
  ) {
    self.id = id
    self.kind = kind
    self.jump = jump
    self.track = Int32(track)
    self.dueFrame = dueFrame
    self.tick = tick
    self.secondTick = secondTick
    self.value = value
    self.address = address
    self.at = at
  }
}
