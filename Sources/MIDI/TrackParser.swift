/// Reads the events of one track chunk into the material.
struct TrackParser {
  private var cursor: ByteCursor
  let index: Int
  private let scale: TickScale
  private let keepsTempo: Bool
  /// Time of the last whole event in the file's ticks, from the start of the sequence.
  private var raw: Int64
  /// The last channel status, which a data byte stands for.
  private var runningStatus: UInt8?
  /// A sysex or meta event came since, which by the format ends running status.
  private var runningStatusEnded = false
  private var warnedOfRunningStatus = false
  private var sysExIsOpen = false
  private var isBroken = false
  private(set) var hasEnded = false

  init(_ cursor: ByteCursor, index: Int, _ material: SMFMaterial) {
    self.cursor = cursor
    self.index = index
    scale = material.scale
    keepsTempo = material.keepsTempo
    raw = material.nextTrackRaw
  }

  var offset: Int { cursor.offset }
  var tick: Int64 { scale.tick(raw) }
  /// All was read, and there was no end-of-track event.
  var lacksEnd: Bool { !hasEnded && !isBroken }
  var nextIsTrack: Bool { cursor.reads("MTrk") }

  /// Reads to the end-of-track event, the end of the chunk or the first break, whichever comes first.
  mutating func parse(into material: inout SMFMaterial) throws(SMFError) {
    do throws(TrackStop) {
      while !hasEnded, cursor.remaining > 0 {
        try readEvent(into: &material)
        material.readableEvents += 1
      }
    } catch {
      switch error {
      case .refused(let refusal): throw refusal
      case .broken(let cause, let offset):
        isBroken = true
        material.breakTrack(index, cause, at: offset, tick: tick)
      }
    }
    material.endTrack(raw: raw)
  }

  private mutating func readEvent(into material: inout SMFMaterial) throws(TrackStop) {
    let start = cursor.offset
    let delta = try cursor.variableLength(inEventAt: start)
    let due = raw + Int64(delta)
    guard due <= scale.latestRaw else {
      throw .refused(SMFError(.tickTooLarge, byteOffset: start, track: index))
    }
    guard let first = cursor.peek() else { throw .broken(.endInsideEvent, at: start) }
    switch first {
    case 0xFF: try readMeta(eventOffset: start, due: due, into: &material)
    case 0xF0, 0xF7: try skipSysEx(eventOffset: start, into: &material)
    case 0xF1...0xFE: throw .broken(.unknownStatus(first), at: cursor.offset)
    default: try readMessage(eventOffset: start, due: due, into: &material)
    }
    raw = due
  }
}

extension TrackParser {
  private mutating func readMessage(
    eventOffset: Int, due: Int64, into material: inout SMFMaterial
  ) throws(TrackStop) {
    let status = try takeStatus(eventOffset: eventOffset, &material)
    guard let kind = MIDIEvent.Kind(statusByte: status) else {
      throw .broken(.unknownStatus(status), at: eventOffset)
    }
    let data1 = try takeData(eventOffset: eventOffset)
    let data2 = kind.dataByteCount == 2 ? try takeData(eventOffset: eventOffset) : 0
    var event = MIDIEvent(
      tick: scale.tick(due), kind: kind, channel: status & 0x0F, data1: data1, data2: data2)
    if kind == .noteOn, data2 == 0 {
      event.kind = .noteOff
      event.data2 = 64
    }
    try material.add(event, track: index, at: eventOffset)
  }

  private mutating func takeStatus(
    eventOffset: Int, _ material: inout SMFMaterial
  ) throws(TrackStop) -> UInt8 {
    let place = cursor.offset
    guard let byte = cursor.peek() else { throw .broken(.endInsideEvent, at: eventOffset) }
    if byte >= 0x80 {
      _ = cursor.next()
      runningStatus = byte
      runningStatusEnded = false
      return byte
    }
    guard let runningStatus else { throw .broken(.noRunningStatus(found: byte), at: place) }
    if runningStatusEnded, !warnedOfRunningStatus {
      warnedOfRunningStatus = true
      material.warnings.add(.runningStatusTakenUp, track: index, at: place, tick: tick)
    }
    return runningStatus
  }

  private mutating func takeData(eventOffset: Int) throws(TrackStop) -> UInt8 {
    let place = cursor.offset
    guard let byte = cursor.next() else { throw .broken(.endInsideEvent, at: eventOffset) }
    guard byte < 0x80 else { throw .broken(.statusInsideEvent(found: byte), at: place) }
    return byte
  }

  /// F0 begins a message; F7 goes on with one that has not ended in F7, or else escapes bytes of any kind.
  private mutating func skipSysEx(
    eventOffset: Int, into material: inout SMFMaterial
  ) throws(TrackStop) {
    let status = cursor.next()
    let data = try takeCounted(eventOffset: eventOffset)
    if status == 0xF0 || !sysExIsOpen { material.skippedSysEx += 1 }
    sysExIsOpen = (status == 0xF0 || sysExIsOpen) && data.last != 0xF7
    runningStatusEnded = true
  }

  /// A length and that many bytes.
  private mutating func takeCounted(eventOffset: Int) throws(TrackStop) -> UnsafeRawBufferPointer {
    let length = try cursor.variableLength(inEventAt: eventOffset)
    guard let data = cursor.take(length) else { throw .broken(.endInsideEvent, at: eventOffset) }
    return data
  }
}

extension TrackParser {
  private mutating func readMeta(
    eventOffset: Int, due: Int64, into material: inout SMFMaterial
  ) throws(TrackStop) {
    _ = cursor.next()
    guard let type = cursor.next() else { throw .broken(.endInsideEvent, at: eventOffset) }
    let data = try takeCounted(eventOffset: eventOffset)
    let place = MetaPlace(track: index, byteOffset: eventOffset, tick: scale.tick(due))
    switch type {
    case 0x03: material.nameTrack(data, place)
    case 0x06: try material.addMarker(data, place)
    case 0x2F: hasEnded = true
    case 0x51: if keepsTempo { try material.addTempo(data, place) }
    case 0x58: try material.addSignature(data, place)
    default: break
    }
    runningStatusEnded = true
  }
}

/// Where a meta event stands.
struct MetaPlace {
  let track: Int
  let byteOffset: Int
  let tick: Int64
}
