import Foundation
import HootWire
import HostBench
import Threading

/// A generation host in the shape of Orpheus, on this machine. It keeps who was asked for, and gives each job music of
/// its own.
package final class SceneHost: Sendable {
  private let host: ScriptedHost
  private let calls: Locked<[String: Int]>

  /// What a host does when it is asked.
  package enum Temper: Sendable {
    /// Answers with music of so many beats after a time within these seconds.
    case steady(ClosedRange<Double>, beats: Int)
    /// The same; but now and then it is busy, fails, or breaks off in the middle of a reply.
    case moody(ClosedRange<Double>, beats: Int)
    /// Takes the request and never says anything.
    case hole
  }

  package init(_ temper: Temper) throws {
    let calls = Locked([String: Int]())
    self.calls = calls
    host = try ScriptedHost { request, _ in
      guard request.path == "/predict" else { return [.reply(200, "{\"status\":\"ok\"}")] }
      // What is no JSON has no id either.
      guard let body = try? JSONValue.parse(request.body), let id = body["client_job_id"]?.string else {
        return [.reply(400, "{\"error\":\"bad\",\"message\":\"there is no client_job_id\"}")]
      }
      calls.withLock { $0[id, default: 0] += 1 }
      return Self.steps(temper, id)
    }
  }

  private static func steps(_ temper: Temper, _ id: String) -> [ScriptedHost.Step] {
    switch temper {
    case .hole: return [.hang]
    case .steady(let seconds, let beats):
      return [.wait(seconds: .random(in: seconds)), reply(id, beats)]
    case .moody(let seconds, let beats):
      let wait = ScriptedHost.Step.wait(seconds: .random(in: seconds))
      switch Int.random(in: 0..<24) {
      case 0: return [.reply(429, "{\"error\":\"GPU busy\"}", headers: ["Retry-After: 1"])]
      case 1: return [wait, .reply(500, "{\"error\":\"oom\",\"message\":\"out of memory\"}")]
      case 2: return [wait, .text("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"variations\":[")]
      case 3: return [wait, .reply(422, "{\"error\":\"bad\",\"message\":\"there is no such temperature\"}")]
      default: return [wait, reply(id, beats)]
      }
    }
  }

  private static func reply(_ id: String, _ beats: Int) -> ScriptedHost.Step {
    let music = Data(SceneMusic.midi(beats: beats, name: id)).base64EncodedString()
    return .reply(200, "{\"variations\":[{\"midi_base64\":\"\(music)\",\"num_tokens\":12}]}")
  }

  /// How often each job was asked for.
  package var asked: [String: Int] { calls.withLock { $0 } }

  package func join(_ daemon: SceneDaemon, as name: String, tools: String, slots: Int) throws {
    try daemon.ask(
      "host_add",
      [
        "host": .string(name), "kind": "http", "url": .string(host.url), "slots": .integer(Int64(slots)),
        "tools": .string(tools),
      ])
  }

  package var url: String { host.url }
  package func stop() { host.stop() }
}

enum SceneMusic {
  /// A MIDI file of 960 ticks a beat: a note on each half beat, and a name.
  static func midi(beats: Int, name: String, key: UInt8 = 60) -> [UInt8] {
    var track: [UInt8] = [0, 0xFF, 0x03, UInt8(min(127, name.utf8.count))] + Array(name.utf8.prefix(127))
    for number in 0..<2 * beats {
      let note = key + UInt8(number % 12)
      // 240 ticks each: 0x81 0x70.
      track += number == 0 ? [0] : [0x81, 0x70]
      track += [0x90, note, 90, 0x81, 0x70, 0x80, note, 0]
    }
    track += [0x81, 0x70, 0xFF, 0x2F, 0]
    let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: track.count >> $0) }
    return Array("MThd".utf8) + [0, 0, 0, 6, 0, 0, 0, 1, 0x03, 0xC0] + Array("MTrk".utf8) + length + track
  }
}
