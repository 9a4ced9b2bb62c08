/// Reads Standard MIDI Files, formats 0, 1 and 2. Works on the calling thread, in time and memory linear in
/// the file's size (but for sorting), and touches nothing but the bytes it is given.
package enum SMFReader {
  /// Tracks of formats 0 and 1 sound together; those of format 2 are patterns that play one after another,
  /// each from the end of the one before, with a tempo holding until the next one. Damage that leaves
  /// something to play is told in the sequence's warnings; a header that makes no sense, a file with no
  /// readable event, and a file beyond `MIDILimits` throw.
  package static func read(_ bytes: UnsafeRawBufferPointer) throws(SMFError) -> MIDISequence {
    try refuseBySize(bytes.count)
    var warnings = WarningList()
    let container = try SMFContainer.find(in: bytes, &warnings)
    var body = container
    let header = try SMFHeader(&body)
    var material = SMFMaterial(header, warnings)
    try readTracks(body, into: &material)
    try material.refuseIfUnreadable(endOffset: container.end)
    material.noteHeader(at: container.offset)
    return material.sequence()
  }

  package static func read(_ bytes: [UInt8]) throws(SMFError) -> MIDISequence {
    let outcome = bytes.withUnsafeBytes { buffer in
      Result { () throws(SMFError) in try read(buffer) }
    }
    return try outcome.get()
  }

  private static func refuseBySize(_ count: Int) throws(SMFError) {
    if count == 0 { throw SMFError(.empty, byteOffset: 0) }
    if count > MIDILimits.maximumFileBytes {
      throw SMFError(.fileTooLarge(bytes: count), byteOffset: MIDILimits.maximumFileBytes)
    }
  }
}

/// Warnings up to a limit, and how many more there were.
struct WarningList {
  private(set) var kept: [MIDIWarning] = []
  private(set) var omitted = 0

  mutating func add(_ kind: MIDIWarning.Kind, track: Int? = nil, at byteOffset: Int, tick: Int64? = nil) {
    guard kept.count < MIDILimits.maximumWarnings else {
      omitted += 1
      return
    }
    kept.append(MIDIWarning(kind: kind, track: track, byteOffset: byteOffset, tick: tick))
  }
}
