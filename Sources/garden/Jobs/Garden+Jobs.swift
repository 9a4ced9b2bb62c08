import Glibc
import HootWire
import Tools

extension Garden {
  /// Shows a reply about jobs, hosts or artifacts; false for other requests.
  func showsJobs(_ tool: Tool, _ result: JSONValue) -> Bool {
    if invocation.isQuiet, let ids = JobReport.ids(tool, result) {
      ids.forEach(console.print)
      return true
    }
    guard let lines = JobReport.lines(tool, result, console.painter, columns: columns) else { return false }
    lines.forEach(console.print)
    if let remark = JobReport.remark(tool.name, result) { console.say(remark) }
    return true
  }

  /// The regions that play and those that wait; false where none waits.
  func showsLatents(_ result: JSONValue) -> Bool {
    let latents = result["latent"]?.array ?? []
    guard !latents.isEmpty else { return false }
    if result["regions"]?.array?.isEmpty == false {
      show(ListReport.regions, result)
      console.print("")
    }
    LatentReport.table(latents, console.painter).forEach(console.print)
    return true
  }

  /// Of the terminal; without one nothing needs to be cut.
  var columns: Int { isatty(STDOUT_FILENO) == 1 ? TerminalMode.size().columns : 400 }

  /// Whether a person looks on.
  var isOnTerminal: Bool { isatty(STDOUT_FILENO) == 1 && !invocation.wantsJSON && !invocation.isQuiet }

  /// By its hash or the beginning of one, through the content store, which looks whether it is what its name says.
  func fetchArtifact() throws(ToolError) -> Int32 {
    let link = try link()
    let wanted = try Catalogue.tool(.artifactShow).validate([
      ("hash", .text(invocation.arguments.text(.hash) ?? ""))
    ])
    let shown = try link.query(.artifactShow, wanted, timeout: invocation.timeout)
    let tool = Catalogue.tool(.casGet)
    var values: [(String, ToolValue)] = [("hash", .text(shown["artifact"]?["hash"]?.string ?? ""))]
    if let output = invocation.arguments.text(.output) { values.append(("output", .text(output))) }
    if invocation.arguments.isSet(.force) { values.append(("force", .bool(true))) }
    let result = try link.query(
      .casGet, try tool.validate(values), timeout: max(tool.timing.seconds, invocation.timeout))
    return try showContent(result)
  }

  /// The yardstick is a program of its own, so that it needs neither a daemon nor this program's libraries.
  func benchJobs() throws(ToolError) -> Int32 {
    var folders = environment["PATH"]?.split(separator: ":").map(String.init) ?? []
    if let own = ChildProcess.ownFolder() { folders.insert(own, at: 0) }
    guard let program = folders.map({ $0 + "/job-bench" }).first(where: { access($0, X_OK) == 0 }) else {
      throw ToolError(
        code: "no_program", exit: .unreachable, what: "The program job-bench is not found",
        why: "Looked beside garden (\(ChildProcess.ownFolder() ?? "unknown")) and on PATH.",
        next: "swift build -c release --product job-bench")
    }
    var arguments: [String] = invocation.wantsJSON ? ["--json"] : []
    if let rows = invocation.arguments.integer(.size) { arguments.append(String(rows)) }
    if !invocation.wantsJSON { console.say("measuring: this takes some minutes …") }
    return try ChildProcess.run(program, arguments)
  }
}
