/// Why a file is refused as a whole. Its description is three lines: what failed, why, what to do next.
package struct SMFError: Error, Sendable, Equatable {
  package enum Reason: Sendable, Equatable {
    case empty
    case fileTooLarge(bytes: Int)
    /// The file begins with something else than `MThd` or a RIFF wrapping; these are its first bytes.
    case notMIDI(begins: [UInt8])
    /// A RIFF file without MIDI in it.
    case riffWithoutMIDI
    /// The header chunk is cut short or says it has fewer than its six bytes.
    case brokenHeader(declaredBytes: Int, presentBytes: Int)
    case unknownFormat(Int)
    case divisionZero
    /// SMPTE time with a rate other than 24, 25, 29 or 30, or with no ticks per frame.
    case badFrameRate(framesPerSecond: Int, ticksPerFrame: Int)
    case noTrack
    /// There are tracks, but not one event of them could be read.
    case noReadableEvent(SMFBreak?)
    case tooManyTracks
    case tooManyEvents
    case tooManyMetaEvents
    case tickTooLarge
  }

  package var reason: Reason
  /// Where in the file, counted from 0.
  package var byteOffset: Int
  /// Which track chunk, counted from 0; nil when it concerns the whole file.
  package var track: Int?

  package init(_ reason: Reason, byteOffset: Int, track: Int? = nil) {
    self.reason = reason
    self.byteOffset = byteOffset
    self.track = track
  }
}
