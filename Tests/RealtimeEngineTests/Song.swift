import MusicalTime
import RealtimeEngine

/// Builds schedules for tests: 120 BPM at 48 kHz unless told otherwise, so that a beat is 24,000 frames and a
/// tick 25.
struct Song {
  var changes: [TempoChange] = []
  var tempoRevision: UInt64 = 0
  var regions: [RegionEntry] = []
  var timed: [TimedCommand] = []
  var loop: Range<Tick>?
  var sampleRate = 48_000.0

  func tempo() throws -> TempoMap { try TempoMap(sampleRate: sampleRate, changes: changes) }

  func compiled(_ revision: UInt64) throws -> CompiledSchedule {
    CompiledSchedule(
      revision: revision, tempo: try tempo(), tempoRevision: tempoRevision, regions: regions, timed: timed,
      loop: loop)
  }

  mutating func remove(key: UInt64) { regions.removeAll { $0.region.key == key } }

  mutating func change(key: UInt64, _ change: (inout ScheduledRegion) -> Void) {
    for index in regions.indices where regions[index].region.key == key { change(&regions[index].region) }
  }
}

/// What tests vary of a region.
struct RegionShape {
  var gain: Float = 1
  var fadeIn: Int64 = 0
  var fadeOut: Int64 = 0
  var curve = FadeCurve.linear
  var track = 0
  var stamp: UInt64 = 1
}

/// What tests vary of a region's notes.
struct NoteShape {
  var offset: Tick = 0
  var passTicks: Tick?
  var passes: Int64 = 1
  var transpose: Int16 = 0
  var velocityScale: Float = 1
  var channel: Int16 = -1
  var bank: Int16 = -1
  var program: Int16 = -1
  var origin: Tick?
}

extension Song {
  mutating func midi(
    key: UInt64, at start: Tick, length: Tick, _ events: [ClipEvent], notes: NoteShape = NoteShape(),
    _ shape: RegionShape = RegionShape()
  ) {
    midi(key: key, at: start, length: length, MIDIClipContent(events: events), notes: notes, shape)
  }

  mutating func midi(
    key: UInt64, at start: Tick, length: Tick, _ clip: MIDIClipContent, notes: NoteShape = NoteShape(),
    _ shape: RegionShape = RegionShape()
  ) {
    let midi = ScheduledMIDI(
      clip: clip.pointer, offset: notes.offset, passTicks: notes.passTicks ?? length, passes: notes.passes,
      transpose: notes.transpose, velocityScale: notes.velocityScale, channel: notes.channel,
      bank: notes.bank,
      program: notes.program, origin: notes.origin ?? start)
    let region = ScheduledRegion(
      key: key, stamp: shape.stamp, kind: .midi, track: shape.track, start: start, end: start + length,
      gain: shape.gain, fadeInFrames: shape.fadeIn, fadeOutFrames: shape.fadeOut, curve: shape.curve,
      midi: midi)
    regions.append(RegionEntry(region: region, content: clip))
  }

  mutating func audio(
    key: UInt64, at start: Tick, length: Tick, _ clip: AudioClip, offset: Int64 = 0, passFrames: Int64? = nil,
    passes: Int64 = 1, skip: Int64 = 0, _ shape: RegionShape = RegionShape()
  ) {
    let audio = ScheduledAudio(
      left: clip.left, right: clip.right, isMono: clip.isMono, offset: offset,
      passFrames: passFrames ?? (Int64(clip.frames) - offset), passes: passes, skip: skip)
    let region = ScheduledRegion(
      key: key, stamp: shape.stamp, kind: .audio, track: shape.track, start: start, end: start + length,
      gain: shape.gain, fadeInFrames: shape.fadeIn, fadeOutFrames: shape.fadeOut, curve: shape.curve,
      audio: audio)
    regions.append(RegionEntry(region: region, content: clip))
  }
}

/// The seed font's exact sounds, as events.
enum Notes {
  static let toneProgram: UInt8 = 79
  static let clickKey: UInt8 = 37

  static func on(_ tick: Tick, _ key: UInt8, channel: UInt8 = 0, velocity: UInt8 = 100) -> ClipEvent {
    ClipEvent(tick: tick, kind: .noteOn, channel: channel, data1: key, data2: velocity)
  }

  static func off(_ tick: Tick, _ key: UInt8, channel: UInt8 = 0) -> ClipEvent {
    ClipEvent(tick: tick, kind: .noteOff, channel: channel, data1: key, data2: 64)
  }

  static func controller(_ tick: Tick, _ number: UInt8, _ value: UInt8, channel: UInt8 = 0) -> ClipEvent {
    ClipEvent(tick: tick, kind: .controller, channel: channel, data1: number, data2: value)
  }

  static func program(_ tick: Tick, _ program: UInt8, channel: UInt8 = 0) -> ClipEvent {
    ClipEvent(tick: tick, kind: .program, channel: channel, data1: program, data2: 0)
  }

  static func bend(_ tick: Tick, _ value: Int, channel: UInt8 = 0) -> ClipEvent {
    ClipEvent(
      tick: tick, kind: .pitchBend, channel: channel, data1: UInt8(value & 127), data2: UInt8(value >> 7))
  }

  /// A click of the drum kit at each tick.
  static func clicks(_ ticks: [Tick]) -> [ClipEvent] {
    sorted(
      ticks.flatMap { [on($0, clickKey, channel: 9, velocity: 127), off($0 + 24, clickKey, channel: 9)] })
  }

  /// Pure sines: (tick, length, key).
  static func tones(_ notes: [(Tick, Tick, UInt8)], channel: UInt8 = 0, velocity: UInt8 = 100) -> [ClipEvent]
  {
    sorted(
      [program(0, toneProgram, channel: channel)]
        + notes.flatMap {
          [on($0.0, $0.2, channel: channel, velocity: velocity), off($0.0 + $0.1, $0.2, channel: channel)]
        })
  }

  static func sorted(_ events: [ClipEvent]) -> [ClipEvent] {
    func rank(_ event: ClipEvent) -> Int {
      switch event.kind {
      case .noteOff: 0
      case .controller: 1
      case .program: 2
      case .pitchBend, .channelPressure, .keyPressure: 3
      case .noteOn: 4
      }
    }
    return events.enumerated().sorted {
      ($0.element.tick, rank($0.element), $0.offset) < ($1.element.tick, rank($1.element), $1.offset)
    }.map(\.element)
  }
}
