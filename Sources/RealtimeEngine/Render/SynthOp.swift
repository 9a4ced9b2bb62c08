/// One thing to tell FluidSynth: put down when its line of the grid is known, told where that line is
/// rendered. Notes, controllers and what a jump has to set right go the same way, so their order is kept.
struct SynthOp: BitwiseCopyable {
  enum Kind: BitwiseCopyable {
    case nothing
    /// `first` is the key, `second` the velocity.
    case noteOn
    case noteOff
    /// Ends a key whatever pedal holds it, as a new note of that key would: the new one is in another synth.
    case endKey
    /// `first` is the number, `second` the value; the other one only where it differs.
    case controller, controllerTo
    case program
    /// `first` is the bank, `second` the program; told only where they differ.
    case soundTo
    case bend, bendTo, bendRangeTo
    case pressure, keyPressure
    /// Lets go of the pedals that would keep notes.
    case pedalsUp
    /// Takes back what cannot be asked for: pressures, parameters and tunings.
    case reset
    /// The type that a panic's reset has taken away; `first` is 1 for drums.
    case type
  }

  var kind: Kind
  var channel: UInt8
  var first: Int16
  var second: Int16

  @_noLocks
  init(_ kind: Kind, _ channel: Int, _ first: Int = 0, _ second: Int = 0) {
    self.kind = kind
    self.channel = UInt8(truncatingIfNeeded: channel)
    self.first = Int16(truncatingIfNeeded: first)
    self.second = Int16(truncatingIfNeeded: second)
  }
}

/// What a synth has yet to be told, in order. Realtime thread, or the one thread that renders the synth.
struct SynthOps: BitwiseCopyable {
  /// For the lines up to this one, and for the next one.
  private var now: UnsafeMutablePointer<SynthOp>
  private var next: UnsafeMutablePointer<SynthOp>
  private(set) var count = 0
  private(set) var nextCount = 0
  /// How many of them have been told.
  var told = 0
  let capacity: Int

  @_noLocks
  init(_ now: UnsafeMutablePointer<SynthOp>, _ next: UnsafeMutablePointer<SynthOp>, capacity: Int) {
    self.now = now
    self.next = next
    self.capacity = capacity
  }

  @_noLocks
  subscript(index: Int) -> SynthOp { now[index] }

  /// Room for one more, and for what is to follow on the next line.
  var isFull: Bool { @_noLocks get { count + nextCount >= capacity } }

  @_noLocks
  mutating func append(_ op: SynthOp, later: Bool) {
    if later {
      next[nextCount] = op
      nextCount += 1
    } else {
      now[count] = op
      count += 1
    }
  }

  /// The next line's are this one's from here on.
  @_noLocks
  mutating func turn() {
    for index in 0..<nextCount { now[count + index] = next[index] }
    count += nextCount
    nextCount = 0
  }

  /// All have been told.
  @_noLocks
  mutating func clear() {
    count = 0
    told = 0
  }

  /// Takes back the notes of a channel block that the next line would have started; answers how many.
  @_noLocks
  mutating func cancelNotes(block: Int) -> Int {
    var cancelled = 0
    for index in 0..<nextCount where Int(next[index].channel) % EngineLimits.channelBlocks == block {
      switch next[index].kind {
      case .noteOn:
        next[index].kind = .nothing
        cancelled += 1
      default: break
      }
    }
    return cancelled
  }
}
