/// Why an audio file or a soundfont could not be read or written. Nothing was changed when one is thrown.
package struct MediaError: Error, Sendable, Equatable {
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// Nothing is at the path.
    case missing
    /// Something is there and may not be opened, or cannot be read.
    case unreadable
    case isDirectory
    /// A device, a pipe or a socket stands where a file was expected.
    case notAFile
    /// A file, in no format that can be decoded.
    case notAudio
    /// No frame of sound is in it.
    case empty
    case tooLarge
    case tooManyChannels
    case badRate
    /// The file ends before its first frame.
    case truncated
    case cannotWrite
    case diskFull
    /// The file being written has reached what its format can hold.
    case formatFull
    /// The ending of the name and the sample format do not go together, or the ending is unknown.
    case badFormat
    /// The system has no memory for a clip within the limits.
    case noMemory
    /// The file does not begin as a soundfont does.
    case notSoundFont
    /// A soundfont whose chunks or tables do not fit together, or that holds no sound.
    case brokenSoundFont
    case soundFontTooLarge
  }

  package let kind: Kind
  /// As given by the caller, unchanged.
  package let path: String
  /// What was asked for or allowed, in words: "at most 8 channels".
  package let asked: String
  /// What was seen instead, in words, with the library's own text where there is one.
  package let found: String

  package init(_ kind: Kind, path: String, asked: String, found: String) {
    self.kind = kind
    self.path = path
    self.asked = asked
    self.found = found
  }
}
