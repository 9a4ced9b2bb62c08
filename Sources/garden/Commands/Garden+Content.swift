import ContentStore
import Glibc
import HootWire
import Settings
import Tools

extension Garden {
  private func ask(_ tool: Tool, _ arguments: Arguments) throws(ToolError) -> JSONValue {
    var seconds = invocation.timeout
    let declared = tool.timing.seconds
    if declared > 0, !invocation.options.has(.timeout) {
      seconds = max(seconds, declared)
    }
    return try link().perform(tool, arguments, replyTimeout: seconds, landingTimeout: nil).result
  }

  /// Says the hash first, and with `-q` nothing else.
  func putContent(_ tool: Tool) throws(ToolError) -> Int32 {
    let result = try ask(tool, invocation.arguments)
    if invocation.wantsJSON {
      printJSON(result)
      return ExitCode.done.rawValue
    }
    if let job = result["job_id"]?.string {
      throw ToolError(
        code: "goes_on", exit: .timedOut, what: "The file is not stored yet",
        why: "Its disk is slow; the job \(Console.clean(job)) goes on with it.",
        next: "garden job wait \(Console.clean(String(job.prefix(13))))")
    }
    let hash = Field.text(result["hash"])
    guard !invocation.isQuiet else {
      console.print(hash)
      return ExitCode.done.rawValue
    }
    let what =
      result["mended"]?.bool == true
      ? "a damaged file was replaced" : result["new"]?.bool == true ? "new" : "was there already"
    console.print(
      "\(hash)  \(Field.text(result["size"])) bytes, \(Field.text(result["mime_type"])), \(what)")
    return ExitCode.done.rawValue
  }

  /// To a file by the daemon, or to standard output from where the daemon has found it whole.
  func getContent(_ tool: Tool) throws(ToolError) -> Int32 {
    try showContent(ask(tool, invocation.arguments))
  }

  func showContent(_ result: JSONValue) throws(ToolError) -> Int32 {
    if invocation.wantsJSON {
      printJSON(result)
    } else if let output = result["output"]?.string {
      console.print(
        "\(Console.clean(output))  \(Field.text(result["size"])) bytes, \(Field.text(result["mime_type"]))")
    } else {
      try Content.print(result["path"]?.string ?? "", toTerminal: isatty(STDOUT_FILENO) == 1)
    }
    return ExitCode.done.rawValue
  }

  /// The daemon pauses every few seconds; it is asked until it comes to the end.
  func verifyContent(_ tool: Tool) throws(ToolError) -> Int32 {
    var arguments = invocation.arguments
    var checked: Int64 = 0
    var bytes: Int64 = 0
    var damaged: [JSONValue] = []
    while true {
      let result = try ask(tool, arguments)
      checked += result["checked"]?.int ?? 0
      bytes += result["bytes"]?.int ?? 0
      damaged += result["damaged"]?.array ?? []
      guard let next = result["next"]?.string else { break }
      arguments = try tool.validate([("after", .text(next))])
    }
    if invocation.wantsJSON {
      printJSON(
        ["checked": .integer(checked), "bytes": .integer(bytes), "damaged": .array(damaged), "next": nil])
    } else {
      for entry in damaged {
        console.print(
          "\(Console.clean(Field.text(entry["what"]))): \(Console.clean(Field.text(entry["why"])))")
      }
      let verdict = damaged.isEmpty ? "every one is what its name says" : "\(damaged.count) damaged"
      console.print("\(checked) checked, \(bytes) bytes: \(verdict)")
    }
    return (damaged.isEmpty ? ExitCode.done : .badData).rawValue
  }

  /// The path of a file, or of the store's file that holds what a content name means. Needs no daemon.
  func fileOrContent(_ reference: String) throws(ToolError) -> String {
    guard let name = ContentName(reference) else { return reference }
    let settings = try settings()
    let store = ContentStore(
      folder: settings.casDir, stateFolder: settings.stateDir, serviceFolder: settings.serviceCasDir)
    do { return try store.content(name).path } catch {
      throw ToolError(
        code: error.kind.rawValue, exit: error.kind == .notFound ? .fileMissing : .badData,
        what: error.lines[0],
        why: error.lines[1], next: error.lines[2])
    }
  }
}

/// Bytes on their way to standard output.
private enum Content {
  static func print(_ path: String, toTerminal: Bool) throws(ToolError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      throw ToolError(
        code: ExitCode.fileMissing.word, exit: .fileMissing, what: "\(shownText(path)) could not be opened",
        why: String(cString: strerror(errno)), next: "ls -l \(path)")
    }
    defer { close(descriptor) }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      guard !toTerminal || !piece[..<count].contains(0) else {
        throw ToolError(
          code: "binary", exit: .usage, what: "The content is not text", why: "A terminal would not like it.",
          next: "garden cas get HASH -o FILE")
      }
      try write(piece[..<count])
    }
  }

  private static func write(_ bytes: ArraySlice<UInt8>) throws(ToolError) {
    var bytes = bytes
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw ToolError(
          code: ExitCode.cannotWrite.word, exit: .cannotWrite, what: "The content could not be written",
          why: String(cString: strerror(errno)), next: "garden cas get HASH -o FILE")
      }
      bytes = bytes.dropFirst(count)
    }
  }
}
