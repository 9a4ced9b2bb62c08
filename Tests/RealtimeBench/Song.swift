import MusicalTime
import RealtimeEngine

/// Builds schedules for tests: 120 BPM at 48 kHz unless told otherwise, so that a beat is 24,000 frames and a
/// tick 25.
package struct Song {
  package var changes: [TempoChange] = []
  package var tempoRevision: UInt64 = 0
  package var regions: [RegionEntry] = []
  /// Commands with a place, sent once.
  package var timed: [Command] = []
  package var loop: Range<Tick>?
  package var sampleRate = 48_000.0
  package var signatures: [SignatureChange] = []
  package var trackLanes: [Int: AutomationContent] = [:]
  /// A tick beyond which the renderer is not to take it while it rolls.
  package var notAfter = Double.infinity

  package init(changes: [TempoChange] = []) { self.changes = changes }

  package func tempo() throws -> TempoMap {
    try TempoMap(sampleRate: sampleRate, changes: changes, signatures: signatures)
  }

  package func compiled(_ revision: UInt64) throws -> CompiledSchedule {
    CompiledSchedule(
      revision: revision, tempo: try tempo(), tempoRevision: tempoRevision, regions: regions, loop: loop,
      trackLanes: trackLanes, notAfter: notAfter)
  }

  /// Gives a region lanes; points count from its start.
  package mutating func automate(key: UInt64, _ lanes: AutomationContent) {
    for index in regions.indices where regions[index].region.key == key {
      regions[index] = RegionEntry(
        region: regions[index].region, content: regions[index].content, lanes: lanes)
    }
  }

  package mutating func remove(key: UInt64) { regions.removeAll { $0.region.key == key } }

  package mutating func change(key: UInt64, _ change: (inout ScheduledRegion) -> Void) {
    for index in regions.indices where regions[index].region.key == key { change(&regions[index].region) }
  }
}

/// What tests vary of a region.
package struct RegionShape {
  package var gain: Float = 1
  package var fadeIn: Int64 = 0
  package var fadeOut: Int64 = 0
  package var curve = FadeCurve.linear
  package var track = 0
  package var stamp: UInt64 = 1

  package init(
    gain: Float = 1, fadeIn: Int64 = 0, fadeOut: Int64 = 0, curve: FadeCurve = .linear, track: Int = 0,
    stamp: UInt64 = 1
  ) {
    self.gain = gain
    self.fadeIn = fadeIn
    self.fadeOut = fadeOut
    self.curve = curve
    self.track = track
    self.stamp = stamp
  }
}

/// What tests vary of a region's notes.
package struct NoteShape {
  package var offset: Tick = 0
  package var passTicks: Tick?
  package var passes: Int64 = 1
  package var transpose: Int16 = 0
  package var velocityScale: Float = 1
  package var channel: Int16 = -1
  package var bank: Int16 = -1
  package var program: Int16 = -1
  package var origin: Tick?

  package init(
    offset: Tick = 0, passTicks: Tick? = nil, passes: Int64 = 1, transpose: Int16 = 0,
    velocityScale: Float = 1,
    channel: Int16 = -1, bank: Int16 = -1, program: Int16 = -1, origin: Tick? = nil
  ) {
    self.offset = offset
    self.passTicks = passTicks
    self.passes = passes
    self.transpose = transpose
    self.velocityScale = velocityScale
    self.channel = channel
    self.bank = bank
    self.program = program
    self.origin = origin
  }
}

extension Song {
  package mutating func midi(
    key: UInt64, at start: Tick, length: Tick, _ events: [ClipEvent], notes: NoteShape = NoteShape(),
    _ shape: RegionShape = RegionShape()
  ) {
    midi(key: key, at: start, length: length, MIDIClipContent(events: events), notes: notes, shape)
  }

  package mutating func midi(
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

  package mutating func audio(
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
