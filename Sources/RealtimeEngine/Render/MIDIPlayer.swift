import MusicalTime

/// A sounding MIDI region: where it reads, and where its notes go. Realtime thread.
struct MIDIPlayer: BitwiseCopyable {
  /// No other player ever has it; from 1.
  var serial: UInt64
  var key: UInt64
  var stamp: UInt64
  /// In the schedule in force.
  var region: UnsafePointer<ScheduledRegion>
  var track: Int
  /// Its channel block in the track's bank, which has the notes it holds.
  var block: Int
  var start: Tick
  var end: Tick
  var midi: ScheduledMIDI
  var pass: Int64
  /// The timeline's tick at which this pass began.
  var passStart: Tick
  var nextEvent: Int
  /// Where it notes what it holds on a MIDI port, and that port; −1 where it plays the track's synths.
  var holder = -1
  var port = -1
  /// The number of the jump that its pending channels wait for.
  var jump = UInt64(0)

  @_noLocks
  init(serial: UInt64, region: UnsafePointer<ScheduledRegion>, block: Int, pass: Int64) {
    self.serial = serial
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
  }
}
