import ControlPlane
import Glibc
import Settings
import Tools

/// The program's three lives: the daemon, a render without one, and a look at a file.
struct Chaosgarden {
  let arguments: [String]

  func run() -> ExitCode {
    do {
      switch arguments.first {
      case "render": return try RenderCommand.run(arguments)
      case "audio-info": return try InspectCommand.audio(Array(arguments.dropFirst()))
      case "soundfont-inspect": return try InspectCommand.soundfont(Array(arguments.dropFirst()))
      case "-h", "--help", "help":
        Output.line(Self.help)
        return .done
      case "--version", "version":
        Output.line("chaosgarden \(Product.version)")
        return .done
      default: return try Daemon.run(arguments)
      }
    } catch let refusal as Refusal {
      Output.error(refusal.lines)
      return refusal.exit
    } catch let error as ToolError {
      Output.error(error.lines)
      return error.exit
    } catch let error as SettingsError {
      Output.error(error.lines)
      return error.exit
    } catch {
      Output.error(["chaosgarden failed", "\(error)", "garden doctor"])
      return .internalError
    }
  }

  private static var help: String {
    let flags = Setting.all.map { setting in
      let flag = setting.flag.padding(22)
      return "  \(flag)\(setting.help) (\(setting.builtIn.shown))"
    }
    return """
      chaosgarden [SETTING…]           run the daemon in the foreground; garden up runs it in the background
      chaosgarden render -o OUT.wav FILE…   render files as fast as it goes; --session - reads a session
      chaosgarden audio-info FILE [--json]  show an audio file's format, levels and loudness
      chaosgarden soundfont-inspect FONT [--json]

      Settings of the daemon, which stand in config.toml and the environment too:
      \(flags.joined(separator: "\n"))
      """
  }
}

extension String {
  fileprivate func padding(_ width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(1, width - count))
  }
}
