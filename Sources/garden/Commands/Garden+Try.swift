import Commands
import Glibc
import HootWire
import Settings
import Tools

extension Garden {
  /// Plays files from start to end on a daemon of its own, and checks what came of it. `scripts/play` ends
  /// here.
  func tryOut() throws(ToolError) -> Int32 {
    let link = try startOwnDaemon()
    defer { endOwnDaemon() }
    let hasSound = try sayWhereItPlays(link)
    let files = invocation.arguments.texts(.files)
    try place(files, link)
    let end = try link.query(.status)["end_beat"]?.double ?? 0
    try send(["type": "play", "from": "0", "to": "100%"], link)
    let wasQuit = try watchUntilEnd(link)
    let played = try link.query(.status)
    let rendered = try render(link, isHeard: hasSound)
    let check = TryCheck(
      played: played, rendered: rendered, wasQuit: wasQuit, endBeat: end,
      wasSteered: (played["commands_accepted"]?.int ?? 0) > Int64(files.count + 1))
    check.lines.forEach(console.print)
    return check.isGood ? ExitCode.done.rawValue : ExitCode.refused.rawValue
  }

  private func startOwnDaemon() throws(ToolError) -> DaemonLink {
    // Whatever keeps it from answering, `up` will say.
    if (try? DaemonLink(socketDir: settings().socketDir)) != nil {
      throw ToolError(
        code: "running", exit: .refused, what: "A daemon runs already, and its session is not to be touched",
        why: "It listens in \(try settings().socketDir).", next: "garden down")
    }
    // What is tried out is not to be there again the next time, nor what was left the last time.
    _ = try up(with: [(.ledger, "memory")])
    return try link()
  }

  private func endOwnDaemon() {
    // On the way out: what went wrong before is what matters.
    _ = try? link().query(.shutdown, on: .control, timeout: 2)
  }

  /// Says once when nobody will hear it. Answers whether somebody will.
  private func sayWhereItPlays(_ link: DaemonLink) throws(ToolError) -> Bool {
    let audio = try link.query(.status)["audio"]
    guard audio?["driver"]?.string == "timer" else { return true }
    console.say("No JACK or PipeWire server was found: the timer plays, and you get a WAV at the end.")
    return false
  }

  /// MIDI first: the first MIDI file's tempo is the piece's, and an audio file's length in beats depends on
  /// it.
  private func place(_ files: [String], _ link: DaemonLink) throws(ToolError) {
    var tempo = "adopt"
    let (midi, audio) = (files.filter(Self.isNamedMIDI), files.filter { !Self.isNamedMIDI($0) })
    for file in midi + audio {
      let result = try send(
        ["type": "region_add", "file": .string(file), "tempo": .string(tempo)], link, timeout: 60)
      if result["region"]?["kind"]?.string == "midi" { tempo = "keep" }
      for warning in result["warnings"]?.array ?? [] { console.say("warning: \(Field.text(warning))") }
    }
  }

  private static func isNamedMIDI(_ path: String) -> Bool {
    [".mid", ".midi"].contains { path.lowercased().hasSuffix($0) }
  }

  @discardableResult
  private func send(_ content: JSONValue, _ link: DaemonLink, timeout: Double = 5) throws(ToolError)
    -> JSONValue
  {
    let reply: JSONValue
    do {
      reply = try link.client.request(content, on: .shell, timeout: .seconds(timeout))
    } catch { throw ToolError(error) }
    guard reply["type"]?.string == "ok" else { throw ToolError(reply: reply) }
    return reply["result"] ?? .null
  }

  /// Shows the piece until it has ended and rung out, or q is typed. Answers whether it was left early.
  private func watchUntilEnd(_ link: DaemonLink) throws(ToolError) -> Bool {
    var hasRolled = false
    var quietTurns = 0
    // Two seconds at ten turns a second, so that the last notes ring out.
    func isOver(_ status: JSONValue) -> Bool {
      if status["transport"]?["state"]?.string == "rolling" {
        hasRolled = true
        quietTurns = 0
      } else if hasRolled {
        quietTurns += 1
      }
      return quietTurns > 20
    }
    guard isatty(STDOUT_FILENO) == 1, isatty(STDIN_FILENO) == 1 else {
      var turn = 0
      while true {
        let status = try link.query(.status)
        if isOver(status) { return false }
        if turn % 10 == 0 { console.print(StatusReport.oneLine(status)) }
        turn += 1
        usleep(100_000)
      }
    }
    var ended = false
    let screen = StatusScreen(painter: console.painter, bar: LevelBar(isUnicode: isUnicode))
    try LiveScreen.run { size throws(ToolError) in
      let status = try link.query(.status)
      ended = isOver(status)
      if ended { return nil }
      let tracks = try link.query(.trackLs)
      return screen.lines(status: status, tracks: tracks, columns: size.columns, rows: size.rows)
    }
    return !ended
  }

  /// Renders the session as it was played. Where nobody heard it, shows the sound, and plays it if only ALSA
  /// can.
  private func render(_ link: DaemonLink, isHeard: Bool) throws(ToolError) -> JSONValue {
    let program = try ChildProcess.requireDaemonExecutable(environment)
    let session = try link.query(.sessionExport, timeout: 30)
    let output: String
    if let wanted = invocation.arguments.text(.output) {
      output = wanted
    } else {
      output = try cacheFile("played.wav")
    }
    let (status, text) = try ChildProcess.output(
      of: program, ["render", "--json", "-o", output, "--session", "-"],
      input: (session["session"] ?? session).encode())
    guard status == 0, let report = try? JSONValue.parse(text) else {
      throw ToolError(
        code: "render_failed", exit: ExitCode(rawValue: status) ?? .internalError,
        what: "What was played could not be rendered", why: "chaosgarden render ended with \(status).",
        next: "garden doctor")
    }
    guard !isHeard else { return report }
    _ = try ChildProcess.run(program, ["audio-info", output])
    if let cards = Files.text("/proc/asound/cards"), !cards.contains("no soundcards"), !cards.isEmpty {
      console.say("A sound card without a server: aplay plays the WAV.")
      do { _ = try ChildProcess.run("aplay", ["-q", output]) } catch {
        console.say("aplay is not there: sudo apt-get install alsa-utils, then: aplay \(output)")
      }
    }
    return report
  }

  private func cacheFile(_ name: String) throws(ToolError) -> String {
    let cache =
      environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? (environment["HOME"] ?? "/tmp") + "/.cache"
    let folder = cache + "/chaosgarden"
    guard Files.makeFolder(folder) else {
      throw ToolError(
        code: "cannot_write", exit: .cannotWrite, what: "The folder \(shownText(folder)) cannot be made",
        why: String(cString: strerror(errno)) + ".", next: "garden try -o /tmp/played.wav FILE")
    }
    return folder + "/" + name
  }
}
