extension SMFReader {
  /// Walks the chunks after the header. Always moves forward, so damage costs no more than one pass.
  static func readTracks(_ body: ByteCursor, into material: inout SMFMaterial) throws(SMFError) {
    var cursor = body
    while cursor.remaining > 0 {
      if cursor.reads("MTrk"), cursor.remaining >= 8 {
        cursor = try readTrack(cursor, into: &material)
      } else if let behind = unknownChunk(cursor) {
        cursor = behind
      } else {
        cursor = skipGarbage(cursor, &material)
      }
    }
  }

  /// Reads the track at the cursor and returns where the next chunk is looked for.
  private static func readTrack(
    _ start: ByteCursor, into material: inout SMFMaterial
  ) throws(SMFError) -> ByteCursor {
    var cursor = start
    let index = try material.beginTrack(at: start.offset)
    guard cursor.take(4) != nil, let declared = cursor.bigEndian(4) else { return cursor }
    let present = min(declared, cursor.remaining)
    let isCut = present < declared
    if isCut {
      material.warnings.add(
        .trackCut(declaredBytes: declared, presentBytes: present), track: index, at: start.offset)
    }
    let content = cursor.offset..<cursor.offset + present
    var track = TrackParser(ByteCursor(cursor.bytes, content), index: index, material)
    try track.parse(into: &material)
    let end = chunkEnd(of: track, content: content, isCut: isCut)
    if track.hasEnded, end > track.offset {
      material.warnings.add(.bytesAfterEndOfTrack(end - track.offset), track: index, at: track.offset)
    } else if track.lacksEnd, !isCut {
      material.warnings.add(.missingEndOfTrack, track: index, at: end, tick: track.tick)
    }
    return ByteCursor(cursor.bytes, end..<cursor.end)
  }

  /// Normally the chunk's own end. A chunk that claims more than the file has would swallow the tracks behind
  /// it, so there the end-of-track event is believed if another track follows it at once.
  private static func chunkEnd(of track: TrackParser, content: Range<Int>, isCut: Bool) -> Int {
    guard isCut, track.hasEnded, track.nextIsTrack else { return content.upperBound }
    return track.offset
  }

  /// Where the chunk at the cursor ends, if it is one: four printable characters and a length that fits.
  private static func unknownChunk(_ start: ByteCursor) -> ByteCursor? {
    var cursor = start
    guard let name = cursor.take(4), name.allSatisfy({ 0x20..<0x7F ~= $0 }),
      let length = cursor.bigEndian(4), cursor.take(length) != nil
    else { return nil }
    return cursor
  }

  /// Looks for the next track.
  private static func skipGarbage(_ start: ByteCursor, _ material: inout SMFMaterial) -> ByteCursor {
    var cursor = start
    repeat { _ = cursor.next() } while cursor.remaining > 0 && !cursor.reads("MTrk")
    material.warnings.add(.garbageSkipped(cursor.offset - start.offset), at: start.offset)
    return cursor
  }
}
