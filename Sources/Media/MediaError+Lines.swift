extension MediaError {
  /// Three plain lines: what failed, why (the value seen, the value allowed), what to type next.
  /// No line holds a control character, whatever the path holds.
  package var lines: [String] {
    [
      "cannot \(verb) '\(path.printable)': \(summary)",
      "found \(found.withoutFullStop.printable); asked for \(asked.printable)",
      "try: \(remedy)",
    ]
  }

  private var verb: String {
    switch kind {
    case .cannotWrite, .diskFull, .badFormat, .formatFull: "write"
    default: "use"
    }
  }

  private var summary: String {
    switch kind {
    case .missing: "no such file"
    case .unreadable: "it cannot be read"
    case .isDirectory: "it is a directory"
    case .notAFile: "it is not a regular file"
    case .notAudio: "it is not audio in a known format"
    case .empty: "it holds no sound"
    case .tooLarge: "it is too large"
    case .tooManyChannels: "its number of channels is outside the range"
    case .badRate: "the sample rate is outside the range"
    case .truncated: "it ends before its first frame"
    case .cannotWrite: "it cannot be written there"
    case .diskFull: "no space is left"
    case .formatFull: "its format holds no more"
    case .badFormat: "the ending does not fit the format"
    case .noMemory: "the system has no memory for it"
    case .notSoundFont: "it is not a soundfont"
    case .brokenSoundFont: "it is a damaged soundfont"
    case .soundFontTooLarge: "it is too large for a soundfont"
    }
  }

  private var remedy: String {
    let file = path.shellQuoted
    let folder = path.folder.shellQuoted
    return switch kind {
    case .missing: "ls -l \(folder)"
    case .unreadable: "ls -l \(file)   (then: chmod u+r \(file))"
    case .isDirectory: "ls \(file)   (and name one file in it)"
    case .notAFile: "ls -l \(file)   (and name a regular file)"
    case .notAudio, .truncated: "file \(file)   (or convert it: ffmpeg -i \(file) converted.wav)"
    case .empty: "ls -l \(file)   (and name a file with sound in it)"
    case .tooLarge: "ffmpeg -i \(file) -t 600 shorter.wav   (the first ten minutes)"
    case .tooManyChannels: "ffmpeg -i \(file) -ac 2 stereo.wav"
    case .badRate: "ffmpeg -i \(file) -ar 48000 converted.wav"
    case .cannotWrite: "ls -ld \(folder)   (and name a folder you may write to)"
    case .diskFull: "df -h \(folder)   (then free some space, or name another disk)"
    case .formatFull: "name a file that ends in .flac"
    case .badFormat: "name a file that ends in .wav or .flac"
    case .noMemory: "free -h"
    case .notSoundFont, .brokenSoundFont, .soundFontTooLarge:
      "garden soundfont ls   (and name one of those, or a whole SF2 or SF3)"
    }
  }
}
