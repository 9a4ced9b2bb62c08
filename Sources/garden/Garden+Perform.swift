import HootWire
import Settings
import Tools

extension Garden {
  /// Runs the command and gives the exit status.
  func perform() throws(ToolError) -> Int32 {
    switch invocation.command {
    case .tool(let tool): try perform(tool)
    case .client(let command): try perform(command.name)
    }
  }

  private func perform(_ tool: Tool) throws(ToolError) -> Int32 {
    switch tool.name {
    case .status: return try status()
    case .meter: return try meter()
    case .doctor: return try invocation.arguments.isSet(.fix) ? fix() : doctor()
    case .casPut: return try putContent(tool)
    case .casGet: return try getContent(tool)
    case .casVerify: return try verifyContent(tool)
    case .abcParse, .abcValidate, .abcTranspose, .abcToMIDI: return try abc(tool)
    case .midiInfo: return try midiInfo()
    case .audioInfo: return try runDaemonProgram("audio-info", invocation.arguments.text(.file))
    case .soundfontInspect: return try runDaemonProgram("soundfont-inspect", invocation.arguments.text(.font))
    case .panic:
      let link = try link()
      // Beside the ring first: it is silent even when the ring is full. The command after it is what is
      // reported, so a daemon that refuses the first does not keep the second from being sent.
      _ = try? link.query(.emergencyPause, on: .control, timeout: 1)
      try command(tool, link)
    case .tap where tapsOnTerminal: return try tap(tool)
    case .learn: return try learn(tool)
    default:
      try command(tool, link())
    }
    return ExitCode.done.rawValue
  }

  private func perform(_ name: ClientCommandName) throws(ToolError) -> Int32 {
    switch name {
    case .up: return try up()
    case .tryOut: return try tryOut()
    case .down: return try down()
    case .bench: return try bench()
    case .watch: return try watch()
    case .render: return try render()
    case .keyNew: return try newKey()
    case .keyLs: return try listKeys()
    case .token: return try showToken()
    case .serviceInstall: return try installService()
    case .serviceStatus: return try showService()
    case .serviceUninstall: return try uninstallService()
    case .webhookSecret: return try webhookSecret()
    case .soundfontInstall: return try installSoundfont()
    case .jobWait: return try waitForJobs()
    case .jobWatch: return try watchJobs()
    case .jobTop: return try topJobs()
    case .jobDemo: return try demonstrateJobs()
    case .jobBeads: return try followBeads()
    case .artifactFetch: return try fetchArtifact()
    case .benchJobs: return try benchJobs()
    case .workflowRunFile: return try runWorkflow()
    case .mcp: return try serveAgent()
    case .configShow: return try showConfiguration()
    case .configCheck: return try checkConfiguration()
    case .completion:
      Console.write(CompletionScript.text(for: invocation.arguments.text(.shell) ?? "bash"), to: 1)
    case .man: Console.write(try ManualPage.text(for: words(.command)), to: 1)
    case .help: try HelpText.lines(for: words(.topic), console.painter).forEach(console.print)
    case .version: Version.print(asJSON: invocation.wantsJSON, console)
    }
    return ExitCode.done.rawValue
  }

  /// `garden help "region add"` is as good as two words.
  private func words(_ name: ParameterName) -> [String] {
    invocation.arguments.texts(name).flatMap { $0.split(separator: " ").map(String.init) }
  }

  /// Sends a request, waits for its command where that is wanted, and shows what came of it.
  private func command(_ tool: Tool, _ link: DaemonLink) throws(ToolError) {
    let outcome = try asking(invocation.arguments) { arguments throws(ToolError) in
      try link.perform(
        tool, arguments, replyTimeout: replyTimeout(tool), landingTimeout: landingTimeout(tool))
    }
    if invocation.wantsJSON { return printJSON(outcome.result, landed: outcome.landed) }
    if showsJobs(tool, outcome.result) || showsWorkflows(tool.name, outcome.result) { return }
    guard tool.isCommand, outcome.result["command"] != nil else {
      if let line = ShortReport.line(tool.name, outcome.result) { return console.print(line) }
      if let lines = CaptureReport.lines(tool.name, outcome.result) {
        lines.forEach(console.print)
        for warning in outcome.result["warnings"]?.array ?? [] {
          console.say("warning: \(Field.text(warning))")
        }
        return
      }
      if tool.name == .regionLs, !invocation.isQuiet, showsLatents(outcome.result) { return }
      if tool.name == .regionShow {
        return LatentReport.shown(outcome.result, console.painter).forEach(console.print)
      }
      if let list = ListReport.all[tool.name] { return show(list, outcome.result) }
      return ObjectReport.lines(outcome.result, console.painter).forEach(console.print)
    }
    if invocation.isQuiet || !invocation.waits {
      return LandingReport.ids(outcome.result, commandOnly: !invocation.isQuiet).forEach(console.print)
    }
    console.print(LandingReport.line(tool, outcome.result, outcome.landed))
    for warning in outcome.result["warnings"]?.array ?? [] { console.say("warning: \(Field.text(warning))") }
  }

  func show(_ list: ListReport, _ result: JSONValue) {
    if invocation.isQuiet { return list.ids(result).forEach(console.print) }
    let lines = list.lines(result, console.painter)
    lines.isEmpty ? console.say(list.empty) : lines.forEach(console.print)
    // A list that is cut says so, beside what it lists.
    let told = result[list.member]?.array?.count ?? 0
    if let total = result["total"]?.int, told > 0, told < Int(total) {
      console.say("\(told) of \(total) are listed; for more: --skip and --limit")
    }
  }

  /// A tool that reads a file may take as long as it declares, unless `--timeout` says otherwise.
  private func replyTimeout(_ tool: Tool) -> Double {
    if tool.timing.seconds > 0, !invocation.options.has(.timeout) {
      return max(tool.timing.seconds, invocation.timeout)
    }
    return invocation.timeout
  }

  /// A transport command for later lands when the playhead gets there, which may be never: it is waited for
  /// only when `--timeout` asks for that.
  private func landingTimeout(_ tool: Tool) -> Double? {
    guard tool.isCommand, invocation.waits else { return nil }
    let isForLater = tool.effect == .transport && invocation.arguments.has(.at)
    return isForLater && !invocation.options.has(.timeout) ? nil : invocation.timeout
  }
}

extension Garden {
  /// The settings with this command line's `--socket-dir` on top; exit status 78 with every problem named.
  func settings(flags: [(name: SettingName, text: String)] = []) throws(ToolError) -> Settings {
    var flags = flags
    if let directory = invocation.options.text(.socketDir) { flags.append((.socketDir, directory)) }
    do {
      return try Settings.load(.system(environment: environment, flags: flags))
    } catch {
      throw Configuration.refusal(error)
    }
  }

  func link() throws(ToolError) -> DaemonLink {
    let link = try DaemonLink(socketDir: settings().socketDir)
    // What a script or a build hands on; the daemon passes over what is none.
    if let text = environment["TRACEPARENT"], text.utf8.count <= 256 { link.client.traceparent = text }
    return link
  }

  /// One object with a `schema`; the landing event stands under `landed`.
  func printJSON(_ result: JSONValue, landed: JSONValue? = nil) {
    console.print(Self.withSchema(result, of: invocation.command.wireName, landed: landed).text)
  }

  static func withSchema(_ result: JSONValue, of name: String, landed: JSONValue? = nil) -> JSONValue {
    var object = JSONObject([("schema", result["schema"] ?? .string("chaosgarden.\(name)/1"))])
    for member in result.object?.members ?? [] { object[member.key] = member.value }
    if result.object == nil, result != .null { object["value"] = result }
    if let landed { object["landed"] = landed }
    return .object(object)
  }

  /// `chaosgarden audio-info FILE` and its like: they need the libraries that only the daemon's program has.
  func runDaemonProgram(_ word: String, _ file: String?) throws(ToolError) -> Int32 {
    var arguments = [word] + (file.map { [$0] } ?? [])
    if invocation.wantsJSON { arguments.append("--json") }
    return try ChildProcess.run(ChildProcess.requireDaemonExecutable(environment), arguments)
  }
}
