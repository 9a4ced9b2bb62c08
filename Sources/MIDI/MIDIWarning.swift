/// One thing in a file that was out of order, where it is, and what was made of it.
package struct MIDIWarning: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// The track cannot be read any further: it plays up to there.
    case brokenTail(SMFBreak)
    /// The track's chunk says it holds more bytes than the file has left.
    case trackCut(declaredBytes: Int, presentBytes: Int)
    /// The RIFF wrapping says it holds more bytes than the file has left.
    case wrappingCut(declaredBytes: Int, presentBytes: Int)
    case missingEndOfTrack
    case bytesAfterEndOfTrack(Int)
    /// The header announces another number of tracks than there is.
    case trackCount(declared: Int, present: Int)
    /// A format 0 file with several tracks; they play together.
    case tracksInFormatZero(Int)
    /// A format 2 file's patterns play one after another.
    case patternsInSequence(Int)
    /// Bytes between chunks that belong to none.
    case garbageSkipped(Int)
    /// The file counts SMPTE time; it was laid on a fixed 120 BPM and its own tempos left out.
    case absoluteTime
    /// A tempo of no time per quarter note; left out.
    case tempoZero
    /// A tempo outside `MIDILimits.playableTempoBPM`; kept.
    case tempoOutOfRange(microsecondsPerQuarter: Int)
    /// A time signature with a numerator of 0 or too fine a denominator; left out.
    case badSignature(numerator: Int, denominatorPower: Int)
    /// A tempo or time signature with the wrong number of bytes; left out.
    case badMetaLength(type: UInt8, length: Int)
    /// An event without status byte after a sysex or meta event. The format ends running status there; the
    /// last one was taken up again, which is what the writers of such files mean.
    case runningStatusTakenUp
  }

  package var kind: Kind
  /// Which track chunk, counted from 0; nil when it concerns the whole file.
  package var track: Int?
  /// Where in the file, counted from 0.
  package var byteOffset: Int
  /// How far the track had been read, or where it applies, in ticks; nil where there is no such time.
  package var tick: Int64?

  package init(kind: Kind, track: Int? = nil, byteOffset: Int, tick: Int64? = nil) {
    self.kind = kind
    self.track = track
    self.byteOffset = byteOffset
    self.tick = tick
  }

  /// True when music was lost behind this place.
  package var isBreak: Bool {
    if case .brokenTail = kind { true } else { false }
  }
}

/// Why a track cannot be read any further. `MIDIWarning.byteOffset` is the place named here.
package enum SMFBreak: Sendable, Equatable {
  /// The track or the file ends within an event; the place is that event's first byte.
  case endInsideEvent
  /// A number of more than four bytes; the place is its first byte.
  case badVariableLength
  /// A data byte where a status byte must stand; the place is that byte.
  case noRunningStatus(found: UInt8)
  /// A status byte where a data byte must stand; the place is that byte.
  case statusInsideEvent(found: UInt8)
  /// A status byte that has no meaning in a file; the place is that byte.
  case unknownStatus(UInt8)
}
