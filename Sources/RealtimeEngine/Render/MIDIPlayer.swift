import MusicalTime

/// A sounding MIDI region: where it reads, and what it holds. Realtime thread.
struct MIDIPlayer: BitwiseCopyable {
  var key: UInt64
  var stamp: UInt64
  /// In the schedule in force.
  var region: UnsafePointer<ScheduledRegion>
  var track: Int
  var block: Int
  var start: Tick
  var end: Tick
  var midi: ScheduledMIDI
  var pass: Int64
  /// The timeline's tick at which this pass began.
  var passStart: Tick
  var nextEvent: Int
  /// Notes held, by channel and key.
  var held: UnsafeMutablePointer<UInt8>
  var heldCount = 0

  @_noLocks
  init(
    region: UnsafePointer<ScheduledRegion>, block: Int, pass: Int64, held: UnsafeMutablePointer<UInt8>
  ) {
    key = region.pointee.key
    stamp = region.pointee.stamp
    self.region = region
    track = Int(region.pointee.track)
    self.block = block
    start = region.pointee.start
    end = region.pointee.end
    midi = region.pointee.midi
    self.pass = pass
    passStart = midi.origin + pass * midi.passTicks
    nextEvent = 0
    self.held = held
  }
}
