import Glibc
import HootWire
import SoakScenes

/// Measures the daemon beside FluidSynth's program and scsynth on one JACK server, in turns and in the same run. What
/// a peer that is not installed would be compared with is left out, and said to be.
///
/// Arguments: the path of `chaosgarden`, the package's folder, a large soundfont, and `--json`.
@main struct PeerBench {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count >= 3 else {
      print("usage: peer-bench CHAOSGARDEN FOLDER FONT.sf2 [--json]")
      exit(64)
    }
    signal(SIGPIPE, SIG_IGN)
    let peers = Peers(program: words[0], root: words[1], largeFont: words[2])
    var status: Int32 = 0
    for measure in [peers.landing, peers.loading, peers.memory] {
      do {
        for figure in try measure() { print(words.contains("--json") ? figure.json : figure.line) }
        fflush(nil)
      } catch let missing as MissingPeer {
        complain(missing.description)
      } catch {
        complain("\(error)")
        status = 1
      }
    }
    exit(status)
  }

  private static func complain(_ line: String) {
    let bytes = Array("peer-bench: \(line)\n".utf8)
    // Where it cannot be said, there is nobody to tell.
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}

extension PeerFigure {
  /// None is better the higher it is.
  var line: String {
    "\(name): \(shown(value)) \(unit) (\(against); goal <= \(shown(goal)), lower is better) [\(proves)]"
  }

  var json: String {
    JSONValue.object(
      JSONObject([
        ("name", .string(name)), ("value", .number(value)), ("unit", .string(unit)),
        ("against", .string(against)),
        ("goal", .number(goal)), ("better", "lower"), ("proves", .string(proves)),
      ])
    ).text
  }

  private func shown(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
