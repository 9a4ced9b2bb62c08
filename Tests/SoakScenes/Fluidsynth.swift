import Foundation
import JACKBench

/// FluidSynth's own program with its own JACK drivers.
package final class Fluidsynth {
  package static let path = "/usr/bin/fluidsynth"
  package static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  private let program: Program
  package let name: String

  package init(_ server: JACKServer, font: String, log: String, seconds: Int) throws {
    name = "fluid"
    program = try Program(
      [
        Self.path, "-a", "jack", "-m", "jack", "-o", "audio.jack.server=\(server.name)", "-o",
        "midi.jack.server=\(server.name)", "-o", "audio.jack.id=\(name)", "-o", "midi.jack.id=\(name)",
        "-o",
        "audio.jack.autoconnect=0", "-R", "0", "-C", "0", font,
      ], environment: ["JACK_DEFAULT_SERVER": server.name], log: log, seconds: seconds)
  }

  package var processID: pid_t { program.processID }
  package var said: String { program.said }

  /// A line for its shell.
  package func type(_ line: String) { program.type(line) }

  /// Its two audio outputs and its MIDI input, once they are there.
  package func ports(_ witness: JACKRecorder) -> (audio: [String], midi: String)? {
    var audio: [String] = []
    var midi: [String] = []
    let isThere = holds(within: 20) {
      let all = witness.ports(name)
      audio = all.filter { !$0.contains("midi") }
      midi = all.filter { $0.contains("midi") }
      return audio.count >= 2 && !midi.isEmpty
    }
    return isThere ? (audio, midi[0]) : nil
  }
}
