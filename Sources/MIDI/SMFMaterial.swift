/// What the tracks of a file have given so far.
struct SMFMaterial {
  let header: SMFHeader
  let scale: TickScale
  var warnings: WarningList
  var readableEvents = 0
  var skippedSysEx = 0
  private(set) var events: [MIDIEvent] = []
  private(set) var tempos: [MIDITempo] = []
  private(set) var signatures: [MIDISignature] = []
  private(set) var markers: [MIDIMarker] = []
  private(set) var tracks: [MIDITrackInfo] = []
  /// Per track: how many events there were in all when it ended, and the tick it ended at.
  private(set) var trackEnds: [(eventCount: Int, tick: Int64)] = []
  /// Where the next track begins, in the file's ticks.
  private(set) var nextTrackRaw: Int64 = 0
  private var firstBreak: (cause: SMFBreak, offset: Int)?

  init(_ header: SMFHeader, _ warnings: WarningList) {
    self.header = header
    self.warnings = warnings
    scale = TickScale(header.division)
  }

  /// Tempos mean nothing where ticks are absolute time.
  var keepsTempo: Bool {
    if case .ticksPerQuarter = header.division { true } else { false }
  }

  var playsTracksInTurn: Bool { header.format == 2 }

  /// Returns the track's index.
  mutating func beginTrack(at offset: Int) throws(SMFError) -> Int {
    guard tracks.count < MIDILimits.maximumTracks else {
      throw SMFError(.tooManyTracks, byteOffset: offset)
    }
    tracks.append(MIDITrackInfo())
    return tracks.count - 1
  }

  mutating func breakTrack(_ track: Int, _ cause: SMFBreak, at offset: Int, tick: Int64) {
    firstBreak = firstBreak ?? (cause, offset)
    warnings.add(.brokenTail(cause), track: track, at: offset, tick: tick)
  }

  mutating func endTrack(raw: Int64) {
    trackEnds.append((events.count, scale.tick(raw)))
    if playsTracksInTurn { nextTrackRaw = raw }
  }

  mutating func add(_ event: MIDIEvent, track: Int, at offset: Int) throws(TrackStop) {
    guard events.count < MIDILimits.maximumEvents else {
      throw .refused(SMFError(.tooManyEvents, byteOffset: offset, track: track))
    }
    events.append(event)
    tracks[track].note(event)
  }

  func refuseIfUnreadable(endOffset: Int) throws(SMFError) {
    if tracks.isEmpty { throw SMFError(.noTrack, byteOffset: endOffset) }
    if readableEvents == 0 {
      throw SMFError(.noReadableEvent(firstBreak?.cause), byteOffset: firstBreak?.offset ?? endOffset)
    }
  }

  /// Warns where the header and the tracks disagree and tells how the file's time was understood.
  mutating func noteHeader(at offset: Int) {
    if header.declaredTracks != tracks.count {
      warnings.add(.trackCount(declared: header.declaredTracks, present: tracks.count), at: offset + 10)
    }
    if header.format == 0, tracks.count > 1 {
      warnings.add(.tracksInFormatZero(tracks.count), at: offset + 8)
    }
    if header.format == 2, tracks.count > 1 {
      warnings.add(.patternsInSequence(tracks.count), at: offset + 8)
    }
    if !keepsTempo { warnings.add(.absoluteTime, at: offset + 12) }
  }
}

extension SMFMaterial {
  mutating func nameTrack(_ text: UnsafeRawBufferPointer, _ place: MetaPlace) {
    guard tracks[place.track].name == nil else { return }
    let name = SMFText.decode(text)
    tracks[place.track].name = name.isEmpty ? nil : name
  }

  mutating func addMarker(_ text: UnsafeRawBufferPointer, _ place: MetaPlace) throws(TrackStop) {
    try refuseBeyondMetaLimit(place)
    markers.append(MIDIMarker(tick: place.tick, name: SMFText.decode(text)))
  }

  mutating func addTempo(_ data: UnsafeRawBufferPointer, _ place: MetaPlace) throws(TrackStop) {
    guard data.count == 3 else { return warnOfLength(0x51, data.count, place) }
    let tempo = MIDITempo(
      tick: place.tick, microsecondsPerQuarter: Int(data[0]) << 16 | Int(data[1]) << 8 | Int(data[2]))
    guard tempo.microsecondsPerQuarter > 0 else { return warn(.tempoZero, place) }
    if !MIDILimits.playableTempoBPM.contains(tempo.bpm) {
      warn(.tempoOutOfRange(microsecondsPerQuarter: tempo.microsecondsPerQuarter), place)
    }
    try refuseBeyondMetaLimit(place)
    tempos.append(tempo)
  }

  /// The third and fourth data bytes tell metronomes and notation programs about clicks; they say nothing
  /// about time.
  mutating func addSignature(_ data: UnsafeRawBufferPointer, _ place: MetaPlace) throws(TrackStop) {
    guard data.count == 4 else { return warnOfLength(0x58, data.count, place) }
    let numerator = Int(data[0])
    let power = Int(data[1])
    guard numerator > 0, power <= MIDILimits.maximumDenominatorPower else {
      return warn(.badSignature(numerator: numerator, denominatorPower: power), place)
    }
    try refuseBeyondMetaLimit(place)
    signatures.append(MIDISignature(tick: place.tick, numerator: numerator, denominator: 1 << power))
  }

  private mutating func warn(_ kind: MIDIWarning.Kind, _ place: MetaPlace) {
    warnings.add(kind, track: place.track, at: place.byteOffset, tick: place.tick)
  }

  private mutating func warnOfLength(_ type: UInt8, _ length: Int, _ place: MetaPlace) {
    warn(.badMetaLength(type: type, length: length), place)
  }

  private func refuseBeyondMetaLimit(_ place: MetaPlace) throws(TrackStop) {
    guard tempos.count + signatures.count + markers.count < MIDILimits.maximumMetaEvents else {
      throw .refused(SMFError(.tooManyMetaEvents, byteOffset: place.byteOffset, track: place.track))
    }
  }
}
