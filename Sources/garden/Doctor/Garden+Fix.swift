import Glibc
import HootWire
import Tools

extension Garden {
  /// Shows exactly what would be done, asks, and does it. Without root it prints the commands to paste.
  func fix() throws(ToolError) -> Int32 {
    let isRoot = geteuid() == 0
    let user = environment["SUDO_USER"] ?? (isRoot ? "" : environment["USER"] ?? environment["LOGNAME"] ?? "")
    let remedies = RemedyPlan(user: user).remedies
    guard !remedies.isEmpty else {
      console.say("nothing is to be done: limits, group, governor and realtime budget are as they should be")
      return ExitCode.done.rawValue
    }
    show(remedies)
    guard isRoot else {
      console.say("These need root:")
      for remedy in remedies { console.print(remedy.command) }
      return ExitCode.refused.rawValue
    }
    guard mayGoOn() else {
      throw ToolError(
        code: "not_confirmed", exit: .refused, what: "Nothing was changed",
        why: "It was not answered with yes.",
        next: "garden doctor --fix --yes")
    }
    for remedy in remedies {
      try Self.carryOut(remedy)
      console.say("done: \(remedy.purpose)")
    }
    for after in Set(remedies.map(\.after)) where !after.isEmpty { console.say("to take effect: \(after)") }
    return ExitCode.done.rawValue
  }

  private func show(_ remedies: [Remedy]) {
    for remedy in remedies {
      console.say("\(remedy.purpose):")
      for line in remedy.shown { console.say("  " + Console.clean(line)) }
    }
    if !Files.exists("/usr/lib/rtkit/rtkit-daemon"), !Files.exists("/usr/libexec/rtkit-daemon") {
      console.say("note: rtkit is not there; PipeWire asks it for realtime priority: apt-get install rtkit")
    }
  }

  private func mayGoOn() -> Bool {
    if invocation.options.isSet(.yes) { return true }
    guard isatty(STDIN_FILENO) == 1 else { return false }
    Console.write("Type yes to do all of this: ", to: STDERR_FILENO)
    return readLine() == "yes"
  }

  static func carryOut(_ remedy: Remedy) throws(ToolError) {
    switch remedy.action {
    case .write(let path, let text):
      guard Files.write(text, to: path) else {
        throw ToolError(
          code: "cannot_write", exit: .cannotWrite, what: "\(path) could not be written",
          why: String(cString: strerror(errno)) + ".", next: "ls -ld \(path)")
      }
    case .run(let words):
      let status = try ChildProcess.run("/usr/sbin/" + words[0], Array(words.dropFirst()))
      guard status == 0 else {
        throw ToolError(
          code: "failed", exit: .refused, what: words.joined(separator: " ") + " failed",
          why: "It ended with exit status \(status).", next: "sudo " + words.joined(separator: " "))
      }
    }
  }
}

extension Files {
  /// Whole, under its name, or not at all; what the kernel shows as files is written in place. False with errno set.
  static func write(_ text: String, to path: String) -> Bool {
    let isKernels = path.hasPrefix("/proc/") || path.hasPrefix("/sys/")
    let target = isKernels ? path : path + ".part"
    let descriptor = open(target, O_WRONLY | O_CLOEXEC | (isKernels ? 0 : O_CREAT | O_TRUNC), 0o644)
    guard descriptor >= 0 else { return false }
    let bytes = Array(text.utf8)
    let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    // Readable for everyone, whatever this session's mask: who logs in has to see what was granted.
    let isKept = isKernels || fchmod(descriptor, 0o644) == 0 && fsync(descriptor) == 0
    var isWhole = written == bytes.count && isKept
    if close(descriptor) != 0 { isWhole = false }
    if !isKernels, isWhole, rename(target, path) == 0 { return true }
    if !isKernels { unlink(target) }
    return isKernels && isWhole
  }
}
