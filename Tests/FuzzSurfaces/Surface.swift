import Glibc

/// A place where bytes from outside come in. Each takes any bytes whatever, and either understands them or refuses them
/// in words; what it understood must hold what the rest of the program relies on, or the process ends.
package enum Surface: String, CaseIterable, Sendable {
  /// Standard MIDI Files.
  case smf
  /// The frames of a message, and the message in them.
  case frames
  /// The body of a request in Cap'n Proto.
  case messages
  /// The content of a request, up to the arguments a handler gets.
  case requests
  /// The content of a request in hootenanny's words, up to what comes of it.
  case peers
  /// Places on the timeline as people write them.
  case positions
  /// A configuration file.
  case settings
  /// A soundfont's tables.
  case soundfonts
  /// The headers of audio files, and what they lead to.
  case audio
  /// What comes in through a MIDI port.
  case port
  /// What lies beside content: a blob's metadata, hootenanny's list of artifacts, and what content is called.
  case content
  /// ABC notation.
  case abc
  /// What an agent sends.
  case agent
  /// Parts of results that come while their jobs run.
  case parts
  /// A connection of HTTP.
  case web
  /// A workflow's file.
  case workflow

  /// Gives the bytes to the surface; one line says what came of them. Ordinary thread, one at a time.
  package func take(_ bytes: [UInt8]) -> String {
    switch self {
    case .smf: Self.takeSMF(bytes)
    case .frames: Self.takeFrames(bytes)
    case .messages: Self.takeEnvelope(bytes)
    case .requests: Self.takeRequest(bytes)
    case .peers: Self.takePeer(bytes)
    case .positions: Self.takePosition(bytes)
    case .settings: Self.takeSettings(bytes)
    case .soundfonts: Self.takeSoundFont(bytes)
    case .audio: Self.takeAudio(bytes)
    case .port: Self.takePort(bytes)
    case .content: Self.takeContent(bytes)
    case .abc: Self.takeABC(bytes)
    case .agent: Self.takeAgent(bytes)
    case .parts: Self.takePart(bytes)
    case .web: Self.takeWeb(bytes)
    case .workflow: Self.takeWorkflow(bytes)
    }
  }

  /// Ends the process where something understood is not what it should be: libFuzzer keeps the input.
  static func demand(_ isTrue: Bool, _ what: @autoclosure () -> String) {
    guard !isTrue else { return }
    complain("not true: \(what())")
    abort()
  }

  /// A refusal: each line is one line, and says something.
  static func refusal(_ lines: [String]) -> String {
    demand(!lines.isEmpty, "a refusal has lines")
    for line in lines {
      demand(!line.isEmpty, "a refusal has an empty line: \(lines)")
      demand(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "one line: \(line)")
    }
    return "refused: \(lines[0])"
  }
}

/// Says a line on standard error.
package func complain(_ line: String) {
  let bytes = Array("fuzz: \(line)\n".utf8)
  // Where it cannot be said, there is nobody to tell.
  _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// The bytes of a file, or nil when it cannot be read.
package func fileBytes(_ path: String) -> [UInt8]? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = fread(&block, 1, block.count, file)
    if count == 0 { return ferror(file) == 0 ? bytes : nil }
    bytes += block[..<count]
  }
}
