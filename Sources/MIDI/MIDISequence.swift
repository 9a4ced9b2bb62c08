/// Everything a MIDI file says, as one immutable value in ticks of 960 per beat. Safe on every thread.
package struct MIDISequence: Sendable, Equatable {
  /// Messages of all tracks: by tick, then note-offs, then controllers, programs, bends and pressures, then
  /// note-ons; otherwise in the order of tracks and of the file. In a sequence that was read, each note-on
  /// has its own note-off at least one tick later and no note-off stands alone.
  package let events: [MIDIEvent]
  /// No event is later than this.
  package let lengthTicks: Int64
  /// Strictly ascending in tick; of several at one tick the last counts. Empty when the file names none,
  /// which by the format means 120 BPM.
  package let tempos: [MIDITempo]
  /// Strictly ascending in tick, as `tempos`. Empty means 4/4.
  package let signatures: [MIDISignature]
  /// Ascending in tick.
  package let markers: [MIDIMarker]
  /// One entry per track chunk, in file order.
  package let tracks: [MIDITrackInfo]
  /// 0, 1 or 2, as the file's header says.
  package let format: Int
  /// How the file counted time; `events` never do.
  package let division: MIDIDivision
  /// Note-ons in `events`.
  package let noteCount: Int
  /// System exclusive messages left out; one in several packets counts once.
  package let skippedSysEx: Int
  /// Note-offs left out because no note was waiting for them.
  package let strayNoteOffs: Int
  /// Notes that no note-off ended; each got one at the end.
  package let hangingNotes: Int
  /// What in the file was out of order, and what was made of it. At most `MIDILimits.maximumWarnings`.
  package let warnings: [MIDIWarning]
  /// Warnings beyond those in `warnings`.
  package let omittedWarnings: Int

  /// Puts `events`, `tempos`, `signatures` and `markers` in order and lengthens `lengthTicks` to the last
  /// event if it is shorter. Does not pair notes.
  package init(
    events: [MIDIEvent], lengthTicks: Int64 = 0, tempos: [MIDITempo] = [],
    signatures: [MIDISignature] = [], markers: [MIDIMarker] = [], tracks: [MIDITrackInfo] = [],
    format: Int = 1, division: MIDIDivision = .ticksPerQuarter(Int(MIDILimits.ticksPerBeat)),
    skippedSysEx: Int = 0, strayNoteOffs: Int = 0, hangingNotes: Int = 0, warnings: [MIDIWarning] = [],
    omittedWarnings: Int = 0
  ) {
    self.events = events.sorted(by: MIDIEvent.precedes)
    self.lengthTicks = max(lengthTicks, self.events.last?.tick ?? 0)
    self.tempos = Self.lastOfEachTick(tempos, at: \.tick)
    self.signatures = Self.lastOfEachTick(signatures, at: \.tick)
    self.markers = markers.sorted { $0.tick < $1.tick }
    self.tracks = tracks
    self.format = format
    self.division = division
    noteCount = self.events.reduce(into: 0) { count, event in count += event.kind == .noteOn ? 1 : 0 }
    self.skippedSysEx = skippedSysEx
    self.strayNoteOffs = strayNoteOffs
    self.hangingNotes = hangingNotes
    self.warnings = warnings
    self.omittedWarnings = omittedWarnings
  }

  private static func lastOfEachTick<Item>(_ items: [Item], at tick: (Item) -> Int64) -> [Item] {
    var kept: [Item] = []
    for item in items.sorted(by: { tick($0) < tick($1) }) {
      if let last = kept.last, tick(last) == tick(item) { kept.removeLast() }
      kept.append(item)
    }
    return kept
  }
}
