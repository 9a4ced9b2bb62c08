import HootWire
import Tools

extension Garden {
  /// Renders with `chaosgarden render`; its exit status is ours. Without files the running session is
  /// rendered.
  func render() throws(ToolError) -> Int32 {
    let program = try ChildProcess.requireDaemonExecutable(environment)
    var arguments = ["render"] + renderFlags()
    let files = invocation.arguments.texts(.files)
    if !files.isEmpty {
      // A file's name may start with a dash; paths are absolute by now, so none does.
      return try ChildProcess.run(program, arguments + files)
    }
    let result = try link().query(.sessionExport, timeout: max(30, invocation.timeout))
    arguments += ["--session", "-"]
    return try ChildProcess.run(program, arguments, input: (result["session"] ?? result).encode())
  }

  private func renderFlags() -> [String] {
    var flags: [String] = []
    for parameter in invocation.command.usage.parameters where !parameter.isPositional {
      let spelling = parameter.shortFlag.map { "-\($0)" } ?? parameter.flag
      switch invocation.arguments[parameter.name] {
      case .bool(true)?: flags.append(spelling)
      case .text(let text)?: flags += [spelling, text]
      case .integer(let number)?: flags += [spelling, String(number)]
      case .number(let number)?: flags += [spelling, String(number)]
      case .bool(false)?, .span?, .point?, .list?, .object?, nil: break
      }
    }
    return flags + (invocation.wantsJSON ? ["--json"] : [])
  }
}
