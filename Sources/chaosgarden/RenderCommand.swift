import Arrangement
import Commands
import ControlPlane
import FoundationEssentials
import Glibc
import Media
import Settings
import Tools

/// `chaosgarden render`: what `garden render` runs.
enum RenderCommand {
  static func run(_ arguments: [String]) throws -> ExitCode {
    var words = arguments
    let json = take("--json", from: &words)
    let document = try takeSession(from: &words)
    let folder = FileManager.default.currentDirectoryPath
    let parser = CommandLineParser(workingDirectory: folder) { access($0, F_OK) == 0 }
    guard case .run(let invocation) = try parser.parse(words) else { return .usage }
    let typed = invocation.arguments
    let target = target(typed)
    let session = try session(typed, document)
    var progress = RenderProgress()
    let outcome = try session.render(to: target) { progress.show($0) }
    progress.end()
    report(outcome, session, target.mix, json: json)
    return .done
  }

  private static func target(_ typed: Arguments) -> RenderTarget {
    var target = RenderTarget()
    target.mix = typed.text(.output)
    target.stems = typed.text(.stems)
    target.container = typed.choice(.format)
    target.bits = typed.choice(.bits)
    target.dithers = !typed.isSet(.noDither)
    target.overwrites = typed.isSet(.force)
    if let lufs = typed.number(.lufs) {
      target.loudness = RenderTarget.LoudnessWish(target: lufs, ceiling: typed.number(.ceiling) ?? -1)
    }
    return target
  }

  private static func session(_ typed: Arguments, _ document: SessionDocument?) throws -> OfflineSession {
    var wish = OfflineSession.Wish(try Settings.load())
    if let document {
      wish.soundfont = document.soundfont
      wish.sampleRate = document.sampleRate
      wish.effects = document.effects
      wish.limiter = document.limiter
      if let ceiling = document.ceilingDB { wish.ceilingDB = ceiling }
      wish.voices = document.voices
      wish.timing = document.timing?.rawValue ?? "normal"
    }
    if let font = typed.text(.soundfont) { wish.soundfont = font }
    if let rate = typed.integer(.rate) { wish.sampleRate = Double(rate) }
    if let block = typed.integer(.block) { wish.block = block }
    if typed.isSet(.noEffects) { wish.effects = false }
    if typed.isSet(.noLimiter) { wish.limiter = false }
    if let timing = typed.choice(.timing, as: Track.Timing.self) { wish.timing = timing.rawValue }
    if let threads = typed.integer(.threads) { wish.threads = threads }
    wish.click = typed.isSet(.click)
    wish.from = typed.text(.from)
    wish.to = typed.text(.to)
    if let document { return try OfflineSession(document: document, wish) }
    let files = typed.texts(.files)
    guard !files.isEmpty else {
      throw Refusal(
        "missing", .usage, "there is nothing to render", "no file was named, and no session given",
        "chaosgarden render -o out.wav song.mid")
    }
    return try OfflineSession(files: files, wish)
  }

  /// `--session FILE`, or `-` for standard input.
  private static func takeSession(from words: inout [String]) throws -> SessionDocument? {
    guard let index = words.firstIndex(of: "--session") else { return nil }
    guard index + 1 < words.count else {
      throw Refusal(
        "missing", .usage, "--session needs a value", "a file, or - for standard input", "chaosgarden --help")
    }
    let path = words[index + 1]
    words.removeSubrange(index...(index + 1))
    let bytes = path == "-" ? Array(FileHandleReader.standardInput()) : try read(path)
    do { return try SessionDocument.decode(bytes) } catch {
      throw Refusal("bad_session", .badData, error.lines[0], error.lines[1], error.lines[2])
    }
  }

  private static func read(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Refusal(
        "file_missing", .fileMissing, "\(path) could not be read", String(cString: strerror(errno)),
        "ls -l \(path)")
    }
    return Array(data)
  }

  private static func take(_ flag: String, from words: inout [String]) -> Bool {
    guard let index = words.firstIndex(of: flag) else { return false }
    words.remove(at: index)
    return true
  }

  private static func report(
    _ outcome: OfflineSession.Outcome, _ session: OfflineSession, _ path: String?, json: Bool
  ) {
    let seconds = Double(outcome.frames) / outcome.sampleRate
    if json { return Output.line(RenderReport.json(outcome, session, path, seconds)) }
    for warning in session.warnings { Output.note("warning: \(warning)") }
    for line in RenderReport.lines(outcome, session, path, seconds) { Output.line(line) }
  }
}

/// Reads standard input to its end.
enum FileHandleReader {
  static func standardInput() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.read(0, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes += buffer.prefix(count)
    }
  }
}
