import Glibc
import Tools

extension Garden {
  private struct FontPackage {
    var name: String
    var about: String
  }

  private static let packages = [
    "fluid": FontPackage(name: "fluid-soundfont-gm", about: "FluidR3 GM, 148 MB, MIT licence"),
    "timgm": FontPackage(name: "timgm6mb-soundfont", about: "TimGM6mb, 6 MB, GPL-2"),
    "musescore": FontPackage(
      name: "musescore-general-soundfont", about: "MuseScore General, SF3, 40 MB, MIT licence"),
  ]

  /// Runs apt-get, with sudo when this is not root, and says so first.
  func installSoundfont() throws(ToolError) -> Int32 {
    guard let choice = invocation.arguments.text(.name), let package = Self.packages[choice] else {
      throw ToolError(
        code: "missing_parameter", what: "soundfont install needs a name",
        why: "One of: " + Self.packages.keys.sorted().joined(separator: ", ") + ".",
        next: "garden soundfont install fluid")
    }
    guard Files.exists("/usr/bin/apt-get") else {
      throw ToolError(
        code: "no_apt", exit: .refused, what: "There is no apt-get here",
        why: "\(package.about): it comes as the Debian package \(package.name).",
        next: "garden soundfont use /path/to/font.sf2")
    }
    let apt = ["apt-get", "install", "-y", "--no-install-recommends", package.name]
    let command = geteuid() == 0 ? apt : ["sudo"] + apt
    console.say("Installing \(package.about), because General MIDI programs sound better with it.")
    console.say("Running: \(command.joined(separator: " "))")
    let status = try ChildProcess.run(command[0], Array(command.dropFirst()))
    guard status == 0 else {
      throw ToolError(
        code: "install_failed", exit: .refused, what: "\(package.name) was not installed",
        why: "apt-get ended with exit status \(status).", next: "sudo apt-get update")
    }
    console.say("Next: garden soundfont ls")
    return ExitCode.done.rawValue
  }
}
