import Glibc
import HootWire
import Tools

extension Garden {
  private static let unitName = "chaosgarden.service"

  /// Writes the unit and has systemd start it at each login; starts nothing now.
  func installService() throws(ToolError) -> Int32 {
    let program = try ChildProcess.requireDaemonExecutable(environment)
    guard program.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"'\\$%".utf8.contains($0) }) else {
      throw ToolError(
        code: "bad_path", exit: .refused, what: "the daemon's path cannot stand in a unit",
        why: "\(shownText(program)) has characters that systemd reads as something else.",
        next: "put the programs into a folder with a plain name")
    }
    let text = ServiceUnit.text(program: program)
    if invocation.arguments.isSet(.dryRun) {
      Console.write(text, to: 1)
      return ExitCode.done.rawValue
    }
    let path = try unitPath()
    try refuseChanged(path, text)
    for folder in folders(of: path) { mkdir(folder, 0o700) }
    try Files.write(Array(text.utf8), to: path, overwrites: true)
    console.print("wrote \(path)")
    guard let systemctl = findProgram("systemctl") else {
      console.print("there is no systemctl here; where there is:")
      console.print("systemctl --user daemon-reload && systemctl --user enable --now chaosgarden")
      return ExitCode.done.rawValue
    }
    let loaded = try ChildProcess.run(systemctl, ["--user", "daemon-reload"])
    let enabled = try ChildProcess.run(systemctl, ["--user", "enable", "--quiet", Self.unitName])
    if loaded != 0 || enabled != 0 {
      console.print("it was not enabled: systemctl --user enable chaosgarden")
    }
    console.print("Next: systemctl --user start chaosgarden")
    return ExitCode.done.rawValue
  }

  /// 69 where there is no systemd to ask.
  func showService() throws(ToolError) -> Int32 {
    let path = try unitPath()
    let isThere = access(path, R_OK) == 0
    var fields: [(String, JSONValue)] = [
      ("installed", .bool(isThere)), ("unit", .string(path)),
    ]
    if let systemctl = findProgram("systemctl") {
      for (name, verb) in [("enabled", "is-enabled"), ("active", "is-active")] {
        let answer = try ChildProcess.output(of: systemctl, ["--user", verb, Self.unitName], input: [])
        let word = String(decoding: answer.text, as: UTF8.self).prefix { $0 != "\n" }
        fields.append((name, .string(word.isEmpty ? "unknown" : String(word))))
      }
    } else {
      fields.append(("systemd", "there is none"))
    }
    if invocation.wantsJSON {
      printJSON(JSONValue(fields))
    } else {
      console.print(isThere ? "installed at \(path)" : "not installed: garden service install")
      for (name, value) in fields.dropFirst(2) { console.print("\(name): \(value.string ?? "")") }
    }
    return findProgram("systemctl") == nil ? ExitCode.unreachable.rawValue : ExitCode.done.rawValue
  }

  func uninstallService() throws(ToolError) -> Int32 {
    let path = try unitPath()
    guard access(path, F_OK) == 0 else {
      throw ToolError(
        code: "not_installed", exit: .refused, what: "there is no service to take away",
        why: "\(path) is not there.", next: "garden service status")
    }
    try refuseChanged(path, ServiceUnit.text(program: try ChildProcess.requireDaemonExecutable(environment)))
    let systemctl = findProgram("systemctl")
    if let systemctl {
      _ = try ChildProcess.run(systemctl, ["--user", "disable", "--now", "--quiet", Self.unitName])
    }
    guard unlink(path) == 0 else {
      throw ToolError(
        code: "cannot_write", exit: .cannotWrite, what: "\(path) was not removed",
        why: String(cString: strerror(errno)), next: "ls -l \(path)")
    }
    if let systemctl { _ = try ChildProcess.run(systemctl, ["--user", "daemon-reload"]) }
    console.print("removed \(path)")
    return ExitCode.done.rawValue
  }

  private func unitPath() throws(ToolError) -> String {
    let own = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    guard let base = own ?? environment["HOME"].map({ $0 + "/.config" }), base.hasPrefix("/") else {
      throw ToolError(
        code: "no_home", exit: .configuration, what: "there is no folder for units",
        why: "Neither XDG_CONFIG_HOME nor HOME names one.", next: "HOME=/home/you garden service install")
    }
    return base + "/systemd/user/" + Self.unitName
  }

  private func refuseChanged(_ path: String, _ text: String) throws(ToolError) {
    guard access(path, F_OK) == 0, !invocation.arguments.isSet(.force) else { return }
    guard try Files.read(path, limit: 1 << 20) != Array(text.utf8) else { return }
    throw ToolError(
      code: "changed", exit: .refused, what: "\(path) is not as it was written",
      why: "Somebody changed it, or it starts another daemon.",
      next: "again with --force, or edit it yourself")
  }

  /// The folders above a file that may have to be made, the uppermost first.
  private func folders(of path: String) -> [String] {
    let parts = path.split(separator: "/").dropLast()
    return parts.indices.map { "/" + parts[...$0].joined(separator: "/") }
  }

  private func findProgram(_ name: String) -> String? {
    (environment["PATH"] ?? "").split(separator: ":").map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
  }
}
