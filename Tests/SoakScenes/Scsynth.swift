import Foundation
import JACKBench

/// SuperCollider's server, beside the daemon on the same JACK server.
package final class Scsynth {
  package static let path = "/usr/bin/scsynth"
  package static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  private let program: Program
  private let line: Datagrams

  package init(_ server: JACKServer, log: String, seconds: Int) throws {
    let port = UInt16.random(in: 20_000..<60_000)
    program = try Program(
      [Self.path, "-u", "\(port)", "-i", "0", "-o", "2", "-R", "0", "-l", "2"],
      environment: [
        "JACK_DEFAULT_SERVER": server.name, "SC_JACK_DEFAULT_OUTPUTS": "", "SC_JACK_DEFAULT_INPUTS": "",
        "JACK_NO_START_SERVER": "1",
      ], log: log, seconds: seconds)
    line = try Datagrams(port: port)
    guard holds(within: 20, { sync(0, seconds: 0.2) }) else {
      throw SceneFailure("scsynth does not answer: \(program.said)")
    }
  }

  package var processID: pid_t { program.processID }

  /// `/sync`, answered when everything before it is done; false when no answer comes.
  package func sync(_ id: Int32, seconds: Double = 2) -> Bool {
    line.send(OSC.message("/sync", [.int(id)]))
    while let answer = line.receive(seconds: seconds) {
      if answer.starts(with: Array("/synced".utf8)),
        answer.suffix(4).elementsEqual(OSC.bigEndian(UInt32(bitPattern: id)))
      {
        return true
      }
    }
    return false
  }

  /// Loads the definition of a click: one for a hundredth of a second, from its exact frame.
  package func loadClick() -> Bool {
    line.send(OSC.message("/d_recv", [.blob(SynthDefinition.click)]))
    return sync(1)
  }

  package func click(at time: Double, number: Int32) {
    line.send(OSC.bundle(at: time, OSC.message("/s_new", [.text("click"), .int(number), .int(0), .int(0)])))
  }
}

/// The binary form of a synth definition, version 2: constants, parameters, then units with their inputs.
private enum SynthDefinition {
  static var click: [UInt8] {
    // Line from 1 to 0.5 in 10 ms, then the synth frees itself; out on bus 0 from the very frame.
    let constants: [Float] = [1, 0.5, 0.01, 2, 0]
    return Array("SCgf".utf8) + long(2) + word(1) + text("click") + long(constants.count)
      + constants.flatMap { OSC.bigEndian($0.bitPattern) } + long(0) + long(0) + long(2)
      + text("Line") + [2] + long(4) + long(1) + word(0) + constant(0) + constant(1) + constant(2)
      + constant(3) + [2]
      + text("OffsetOut") + [2] + long(2) + long(0) + word(0) + constant(4) + long(0) + long(0) + word(0)
  }

  private static func constant(_ index: Int) -> [UInt8] { long(-1) + long(index) }
  private static func long(_ value: Int) -> [UInt8] { OSC.bigEndian(UInt32(truncatingIfNeeded: value)) }
  private static func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
  private static func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }
}
