import HootWire
import Tools

extension Garden {
  /// Checks the machine and, when it runs, asks the daemon for its own checks.
  ///
  /// Exit status 69 when something fails, 1 with `--strict` when something warns.
  func doctor() throws(ToolError) -> Int32 {
    var checks = MachineChecks(environment: environment).all
    checks += SetupChecks(environment: environment, socketDirFlag: invocation.options.text(.socketDir)).all
    checks += daemonChecks()
    if invocation.wantsJSON {
      printJSON(["checks": .array(checks.map(\.json))])
    } else {
      let shown = invocation.isQuiet ? checks.filter { $0.state != .ok } : checks
      let width = shown.map(\.name.count).max() ?? 0
      shown.flatMap { $0.lines(console.painter, nameWidth: width) }.forEach(console.print)
    }
    return Self.exit(checks, strict: invocation.arguments.isSet(.strict)).rawValue
  }

  static func exit(_ checks: [Check], strict: Bool) -> ExitCode {
    if checks.contains(where: { $0.state == .fail }) { return .unreachable }
    return strict && checks.contains { $0.state == .warn } ? .refused : .done
  }

  private func daemonChecks() -> [Check] {
    do {
      let link = try link()
      let version = try link.query(.status)["version"]?.string ?? "unknown"
      let result = try link.query(.doctor, timeout: max(15, invocation.timeout))
      let same =
        version == Product.version
        ? Check.ok("versions", "garden and chaosgarden \(version)")
        : .warn(
          "versions", "garden \(Product.version), chaosgarden \(Console.clean(version))",
          "garden down, then garden up")
      return [same] + (result["checks"]?.array ?? []).map { Check($0) }
    } catch {
      let isDown = error.what == "The daemon is not running"
      return [isDown ? .warn("daemon", error.why, error.next) : .fail("daemon", error.what, error.next)]
    }
  }
}
