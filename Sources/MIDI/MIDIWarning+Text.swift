extension MIDIWarning: CustomStringConvertible {
  /// One line: what, in which track, at which byte, and what was made of it.
  package var description: String {
    let place = track.map { "track \($0 + 1), byte \(byteOffset)" } ?? "byte \(byteOffset)"
    return "\(place): \(sentence)"
  }

  private var sentence: String {
    switch kind {
    case .brokenTail(let cause):
      "\(cause); the track plays up to \(BeatText(tick ?? 0))"
    case .trackCut(let declared, let present):
      "the track says it has \(declared) bytes, the file has \(present) left; those are played"
    case .wrappingCut(let declared, let present):
      "the RIFF wrapping says it has \(declared) bytes, the file has \(present) left; those are read"
    case .missingEndOfTrack:
      "the track has no end-of-track event; it ends at \(BeatText(tick ?? 0))"
    case .bytesAfterEndOfTrack(let count):
      "the end-of-track event is not the end; bytes ignored after it: \(count)"
    case .trackCount(let declared, let present):
      "the header announces \(declared) tracks, the file has \(present); those are played"
    case .tracksInFormatZero(let count):
      "a format 0 file has one track, this one has \(count); they play together"
    case .patternsInSequence(let count):
      "a format 2 file: its \(count) patterns play one after another"
    case .garbageSkipped(let count):
      "no chunk begins here; bytes skipped: \(count)"
    default:
      timeSentence
    }
  }

  private var timeSentence: String {
    switch kind {
    case .absoluteTime:
      "the file counts time in SMPTE frames; it is laid on a fixed 120 BPM, its own tempos are ignored"
    case .tempoZero:
      "a tempo of 0 microseconds per quarter note at \(BeatText(tick ?? 0)) is ignored"
    case .tempoOutOfRange(let microseconds):
      "a tempo of \(TempoText(microseconds)) BPM at \(BeatText(tick ?? 0)) is outside 20 to 999 BPM; it is kept as it is"
    case .badSignature(let numerator, let power):
      "a time signature of \(numerator) over 2^\(power) at \(BeatText(tick ?? 0)) is ignored"
    case .badMetaLength(let type, let length):
      "a meta event of type \(HexByte(type)) has \(length) data bytes, the wrong number; it is ignored"
    case .runningStatusTakenUp:
      "an event after a sysex or meta event leaves out its status byte; the last one is taken"
    default:
      ""
    }
  }
}

extension SMFBreak: CustomStringConvertible {
  package var description: String {
    switch self {
    case .endInsideEvent: "the track ends within an event"
    case .badVariableLength: "a number has more than four bytes"
    case .noRunningStatus(let byte): "an event begins with the data byte \(HexByte(byte))"
    case .statusInsideEvent(let byte): "an event has the status byte \(HexByte(byte)) among its data"
    case .unknownStatus(let byte): "the status byte \(HexByte(byte)) has no meaning in a file"
    }
  }
}

/// A byte as `0x` and two digits.
struct HexByte: CustomStringConvertible {
  private let byte: UInt8

  init(_ byte: UInt8) { self.byte = byte }

  var description: String {
    (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16, uppercase: true)
  }
}

/// Beats per minute with two decimals, in whole numbers: rounding a Double would need the C library's
/// mathematics.
private struct TempoText: CustomStringConvertible {
  let description: String

  init(_ microsecondsPerQuarter: Int) {
    let hundredths = 6_000_000_000 / max(microsecondsPerQuarter, 1)
    let decimals = hundredths % 100
    description = "\(hundredths / 100)." + (decimals < 10 ? "0" : "") + "\(decimals)"
  }
}

/// A position as a person counts it, the first beat being 1: `beat 4 + 480 ticks`.
private struct BeatText: CustomStringConvertible {
  let description: String

  init(_ tick: Int64) {
    let beat = tick / MIDILimits.ticksPerBeat + 1
    let rest = tick % MIDILimits.ticksPerBeat
    description = rest == 0 ? "beat \(beat)" : "beat \(beat) + \(rest) ticks"
  }
}
