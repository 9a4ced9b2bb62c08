import Glibc
import HootWire
import Inspection
import Tools

// ABC notation without a daemon: its files are read here, by the code that reads them there.
extension Garden {
  func abc(_ tool: Tool) throws(ToolError) -> Int32 {
    if tool.name == .abcToMIDI { return try convertABC(tool) }
    let source = try abcSource()
    switch tool.name {
    case .abcParse: return show(ABCReport.parse(source), source) { Self.tuneLines($0) }
    case .abcValidate: return show(ABCReport.validate(source), source) { [Self.verdict($0)] }
    default:
      let result = try ABCReport.transpose(source, invocation.arguments)
      if invocation.wantsJSON {
        printJSON(result)
      } else {
        let text = result["abc"]?.string ?? ""
        Console.write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
      }
      return ExitCode.done.rawValue
    }
  }

  /// What is wrong is said as compilers say it, on standard output where it is what was asked for.
  private func show(_ result: JSONValue, _ source: ABCSource, _ lines: (JSONValue) -> [String]) -> Int32 {
    let isValid = result["valid"]?.bool == true
    if invocation.wantsJSON {
      printJSON(result)
    } else {
      let asksForThem = invocation.command.wireName == ToolName.abcValidate.rawValue
      for diagnostic in source.book.diagnostics {
        let line = Console.clean("\(source.name):\(diagnostic.description)")
        asksForThem ? console.print(line) : console.say(line)
      }
      if source.book.omittedDiagnostics > 0 { console.say("and \(source.book.omittedDiagnostics) more") }
      lines(result).forEach(console.print)
    }
    return (isValid ? ExitCode.done : .badData).rawValue
  }

  private static func verdict(_ result: JSONValue) -> String {
    let counted = "\(Field.count(result["tunes"], "tune")), \(Field.count(result["notes_count"], "note"))"
    return result["valid"]?.bool == true ? "valid: \(counted)" : "not valid: \(counted) could be read"
  }

  private static func tuneLines(_ result: JSONValue) -> [String] {
    (result["tunes"]?.array ?? []).flatMap { tune -> [String] in
      let title = tune["titles"]?.array?.first?.string.map { Console.clean($0) } ?? "without a title"
      let tempo = tune["tempo"]?.double.map { ", \(Field.decimal($0, 2)) bpm" } ?? ""
      let head =
        "\(Field.text(tune["number"])): \(title), key \(Field.text(tune["key"])), meter \(Field.text(tune["meter"])), "
        + "unit \(Field.text(tune["unit"]))\(tempo)"
      return [head]
        + (tune["voices"]?.array ?? []).map { voice in
          let name = voice["name"]?.string.map { " \(Console.clean($0))" } ?? ""
          return "  voice \(Field.text(voice["id"]))\(name): \(Field.count(voice["bars"], "bar")), "
            + Field.count(voice["notes_count"], "note")
        }
    }
  }

  /// With a file to write, here; into the content store, by the daemon.
  private func convertABC(_ tool: Tool) throws(ToolError) -> Int32 {
    guard let output = invocation.arguments.text(.output) else {
      let result = try link().perform(
        tool, invocation.arguments, replyTimeout: max(10, invocation.timeout), landingTimeout: nil
      ).result
      return showConverted(result, Field.text(result["hash"]))
    }
    let made = try ABCReport.midi(try abcSource(), invocation.arguments)
    try Files.write(made.bytes, to: output, overwrites: invocation.arguments.isSet(.force))
    var result = made.result
    result["output"] = .string(output)
    return showConverted(.object(result), output)
  }

  private func showConverted(_ result: JSONValue, _ place: String) -> Int32 {
    if invocation.wantsJSON {
      printJSON(result)
    } else if invocation.isQuiet {
      console.print(place)
    } else {
      console.print(
        "\(Console.clean(place))  \(Field.count(result["notes_count"], "note")), \(Field.beats(result["beats"])) beats, "
          + Field.duration(result["duration_seconds"]))
      for warning in result["warnings"]?.array ?? [] { console.say("warning: \(Field.text(warning))") }
    }
    return ExitCode.done.rawValue
  }

  private func abcSource() throws(ToolError) -> ABCSource {
    let arguments = invocation.arguments
    guard arguments.has(.file) != arguments.has(.abc) else {
      throw ToolError(
        code: "missing_parameter", what: "\(invocation.command.usage.command) needs a file, or --abc",
        why: arguments.has(.file) ? "Both were given." : "Neither was given.",
        next: invocation.command.usage.examples.first ?? "garden help")
    }
    if let text = arguments.text(.abc) { return try ABCSource(name: "abc", bytes: Array(text.utf8)) }
    let path = try fileOrContent(arguments.text(.file) ?? "")
    return try ABCSource(name: path, bytes: try Files.read(path, limit: ABCSource.maximumBytes))
  }
}

extension Files {
  /// The whole file or nothing: written beside it under another name first. Exit status 73.
  static func write(_ bytes: [UInt8], to path: String, overwrites: Bool) throws(ToolError) {
    let draft = "\(path).\(getpid()).part"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw unwritable(path, String(cString: strerror(errno))) }
    var problem = writeAll(bytes, to: descriptor)
    if problem == 0, fsync(descriptor) != 0 { problem = errno }
    if close(descriptor) != 0, problem == 0 { problem = errno }
    // A link fails where the name is taken; a new name takes its place.
    if problem == 0, (overwrites ? rename(draft, path) : link(draft, path)) != 0 { problem = errno }
    unlink(draft)
    guard problem == 0 else {
      throw problem == EEXIST
        ? ToolError(
          code: "exists", exit: .cannotWrite, what: "\(shownText(path)) is there already",
          why: "Nothing is overwritten without --force.", next: "again with --force, or with another name")
        : unwritable(path, String(cString: strerror(problem)))
    }
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count < 0 ? errno : ENOSPC }
      rest = rest.dropFirst(count)
    }
    return 0
  }

  private static func unwritable(_ path: String, _ reason: String) -> ToolError {
    ToolError(
      code: ExitCode.cannotWrite.word, exit: .cannotWrite, what: "\(shownText(path)) cannot be written",
      why: reason + ".",
      next: "ls -ld \(shownText(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."))")
  }
}
