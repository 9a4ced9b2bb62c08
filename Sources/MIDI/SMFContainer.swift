/// Finds the MIDI file within the bytes: as they are, or wrapped in a RIFF file of form RMID.
enum SMFContainer {
  /// A cursor over the MIDI file, header chunk first. Its offsets stay those of the whole file.
  static func find(
    in bytes: UnsafeRawBufferPointer, _ warnings: inout WarningList
  ) throws(SMFError) -> ByteCursor {
    let whole = ByteCursor(bytes, 0..<bytes.count)
    if whole.reads("MThd") { return whole }
    if whole.reads("RIFF") { return try unwrap(whole, &warnings) }
    throw SMFError(.notMIDI(begins: Array(bytes.prefix(4))), byteOffset: 0)
  }

  /// RIFF (Multimedia Programming Interface 1.0): four characters, a little-endian size, data padded to even.
  /// The size in the outer chunk is not used: it adds nothing to those of the inner ones.
  private static func unwrap(
    _ whole: ByteCursor, _ warnings: inout WarningList
  ) throws(SMFError) -> ByteCursor {
    var cursor = whole
    let refusal = SMFError(.riffWithoutMIDI, byteOffset: 8)
    guard cursor.take(8) != nil, cursor.reads("RMID"), cursor.take(4) != nil else { throw refusal }
    while cursor.remaining >= 8 {
      let chunkOffset = cursor.offset
      let isData = cursor.reads("data")
      guard cursor.take(4) != nil, let declared = cursor.littleEndian(4) else { throw refusal }
      let present = min(declared, cursor.remaining)
      if isData {
        if present < declared {
          warnings.add(.wrappingCut(declaredBytes: declared, presentBytes: present), at: chunkOffset)
        }
        let inner = ByteCursor(cursor.bytes, cursor.offset..<cursor.offset + present)
        guard inner.reads("MThd") else { throw SMFError(.riffWithoutMIDI, byteOffset: cursor.offset) }
        return inner
      }
      guard cursor.take(declared + declared % 2) != nil else { throw refusal }
    }
    throw refusal
  }
}

/// The header chunk.
struct SMFHeader {
  let format: Int
  let declaredTracks: Int
  let division: MIDIDivision

  /// Takes the header from the cursor's front, where `MThd` stands. A header longer than six bytes is of a
  /// later edition of the format; what it adds is skipped.
  init(_ cursor: inout ByteCursor) throws(SMFError) {
    let start = cursor.offset
    guard cursor.take(4) != nil, let length = cursor.bigEndian(4) else {
      throw SMFError(.brokenHeader(declaredBytes: 0, presentBytes: 0), byteOffset: start)
    }
    let refusal = SMFError(
      .brokenHeader(declaredBytes: length, presentBytes: cursor.remaining), byteOffset: start)
    guard length >= 6, let format = cursor.bigEndian(2), let declaredTracks = cursor.bigEndian(2),
      let word = cursor.bigEndian(2), cursor.take(length - 6) != nil
    else { throw refusal }
    guard format <= 2 else { throw SMFError(.unknownFormat(format), byteOffset: start + 8) }
    self.format = format
    self.declaredTracks = declaredTracks
    division = try Self.division(word, at: start + 12)
  }

  /// Below 0x8000 ticks per quarter note; from there on a negative frame rate and its ticks per frame.
  private static func division(_ word: Int, at offset: Int) throws(SMFError) -> MIDIDivision {
    guard word != 0 else { throw SMFError(.divisionZero, byteOffset: offset) }
    guard word >= 0x8000 else { return .ticksPerQuarter(word) }
    let frames = 256 - (word >> 8)
    let ticks = word & 0xFF
    guard [24, 25, 29, 30].contains(frames), ticks > 0 else {
      throw SMFError(.badFrameRate(framesPerSecond: frames, ticksPerFrame: ticks), byteOffset: offset)
    }
    return .smpte(framesPerSecond: frames, ticksPerFrame: ticks)
  }
}
