extension SMFError: CustomStringConvertible {
  /// What failed, why, and what to do next, one line each.
  package var description: String { [what, why, next].joined(separator: "\n") }

  /// What failed and where.
  package var what: String {
    let place = track.map { "track \($0 + 1), byte \(byteOffset)" } ?? "byte \(byteOffset)"
    return "cannot read this as a MIDI file (\(place))"
  }

  /// The value seen and the value allowed.
  package var why: String {
    switch reason {
    case .empty: "the file is empty; a MIDI file begins with MThd"
    case .notMIDI(let bytes): "it begins with \(Self.quoted(bytes)); a MIDI file begins with MThd"
    case .riffWithoutMIDI: "it is a RIFF file with no MIDI file in it (form RMID, chunk data)"
    case .brokenHeader(let declared, let present):
      "its header says it has \(declared) bytes, the file has \(present) left; it takes 6"
    case .unknownFormat(let format): "it says it is of format \(format); there are 0, 1 and 2"
    case .divisionZero: "it divides the quarter note into 0 ticks; 1 to 32767 are possible"
    case .badFrameRate(let frames, let ticks):
      "it counts \(frames) frames per second of \(ticks) ticks; 24, 25, 29 or 30 of 1 to 255 are possible"
    case .noTrack: "it has a header and no track"
    case .noReadableEvent(let cause?): "no event of any track can be read: \(cause)"
    case .noReadableEvent(nil): "its tracks have no event in them"
    default: limitText
    }
  }

  /// What to do about it.
  package var next: String {
    switch reason {
    case .fileTooLarge, .tooManyTracks, .tooManyEvents, .tooManyMetaEvents, .tickTooLarge:
      "next: split the file, or export only the part that is needed"
    case .notMIDI, .riffWithoutMIDI:
      "next: if it is an audio file, `garden audio info FILE`; otherwise give a .mid file"
    default:
      "next: export it again as a Standard MIDI File, then `garden midi info FILE`"
    }
  }

  private var limitText: String {
    switch reason {
    case .fileTooLarge(let bytes): "it has \(bytes) bytes; at most \(MIDILimits.maximumFileBytes) are read"
    case .tooManyTracks: "it has more than \(MIDILimits.maximumTracks) tracks"
    case .tooManyEvents: "it has more than \(MIDILimits.maximumEvents) channel messages"
    case .tooManyMetaEvents:
      "it has more than \(MIDILimits.maximumMetaEvents) tempos, time signatures and markers"
    case .tickTooLarge:
      "it goes on past tick \(MIDILimits.maximumTick) (\(MIDILimits.ticksPerBeat) to the beat)"
    default: ""
    }
  }

  /// Printable bytes as they are in quotes, others in hexadecimal.
  private static func quoted(_ bytes: [UInt8]) -> String {
    if bytes.allSatisfy({ 0x20..<0x7F ~= $0 }) {
      return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
    }
    return bytes.map { "\(HexByte($0))" }.joined(separator: " ")
  }
}
