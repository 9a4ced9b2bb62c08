import MusicalTime

/// The click on every beat, and the bars that are counted before the music. Realtime thread.
struct Metronome: BitwiseCopyable {
  var isOn = false
  var level = Ramp(0.501_187)
  /// An `OutputChannel`'s first: click, cue or main.
  var output: Int32
  /// Clicks in a beat.
  var division: Tick = 1

  /// It is off from this tick on.
  var endTick = Double.infinity
  /// Places below this tick have clicked; where the playhead has been put anew, none has.
  var next: Tick = 0
  var isPlaced = false
  /// The device's frame at which the last click began.
  var lastFrame: Int64 = -1 << 40
  var count = CountIn()

  /// Accent, beat and part of a beat, one after the other.
  let sounds: UnsafePointer<Float>
  let soundFrames: Int
  /// What sounds, and how much of it has.
  var sound = 0
  var position: Int
  /// This grid block of it.
  let bus: UnsafeMutablePointer<Float>

  @_noLocks
  init(sounds: UnsafePointer<Float>, soundFrames: Int, bus: UnsafeMutablePointer<Float>) {
    self.sounds = sounds
    self.soundFrames = soundFrames
    self.bus = bus
    output = ClickOutput.clickChannel
    position = soundFrames
  }

  /// Ends a count; the music will not start by itself.
  @_noLocks
  mutating func cancelCount() {
    count.framesLeft = 0
    count.isDue = false
  }

  /// A click from one frame of this grid block on; what still sounds ends there.
  @_noLocks
  mutating func start(_ kind: ClickKind, at frame: Int, done: inout Int) {
    render(to: frame, done: &done)
    switch kind {
    case .accent: sound = 0
    case .beat: sound = 1
    case .part: sound = 2
    }
    position = 0
  }

  /// The bus from `done` up to a frame.
  @_noLocks
  mutating func render(to frame: Int, done: inout Int) {
    let samples = sounds + sound * soundFrames
    while done < frame {
      let sample = position < soundFrames ? samples[position] : 0
      bus[done] = sample * level.next()
      if position < soundFrames { position += 1 }
      done += 1
    }
  }
}

enum ClickKind: BitwiseCopyable { case accent, beat, part }

/// Bars of clicks before the music, in the tempo and the signature of the place where it starts. They are
/// counted in frames: the playhead stands.
struct CountIn: BitwiseCopyable {
  /// Until the music starts, from this grid block's first frame on: whole grid blocks, so that it starts on its
  /// exact frame. 0 when nothing is counted.
  var framesLeft: Int64 = 0
  /// Counted to its end: the music starts with the next grid block.
  var isDue = false
  var framesPerTick = 0.0
  /// Where the music starts, counted from the signature's first tick.
  var start = 0.0
  /// The next click, in beats of the signature from its first tick on; before it they are negative.
  var nextBeat: Int64 = 0
  var beatTicks: Tick = 1
  var beatsPerBar: Int64 = 1
  /// Whether the music then starts the notes that sound at its place.
  var chasesNotes = false

  @_noLocks init() {}

  var isCounting: Bool { @_noLocks get { framesLeft > 0 } }
}
