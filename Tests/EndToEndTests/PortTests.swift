import Foundation
import Glibc
import HootWire
import Testing

extension EndToEnd {
  /// MIDI ports by a list in a file: a FIFO that is played on, and a file that gets a line for each message.
  @Suite struct Ports {
    private final class Keys {
      let path: String
      private let descriptor: Int32

      init(_ path: String) throws {
        self.path = path
        try #require(mkfifo(path, 0o600) == 0)
        descriptor = open(path, O_RDWR | O_NONBLOCK)
      }

      deinit { close(descriptor) }

      func play(_ bytes: [UInt8]) throws {
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
      }
    }

    private struct Sent: Equatable {
      /// nil: at once.
      var frame: Int64?
      var bytes: [UInt8]
    }

    private func list(_ stage: Stage) throws -> (list: String, keys: Keys) {
      let keys = try Keys(stage.file("keys"))
      let lines = """
        in \(stage.file("keys")) Upper KEYS 28:0
        in - Lower KEYS 29:0
        out \(stage.file("brains")) BRAINS MIDI 1 24:0
        out \(stage.file("drums")) DRUMS 25:0
        """
      return (try stage.write(Array(lines.utf8), "ports"), keys)
    }

    private func sent(_ stage: Stage, _ name: String = "brains") -> [Sent] {
      // There is no file before the port was attached.
      let text = (try? Stage.text(stage.file(name))) ?? ""
      return text.split(separator: "\n").map { line in
        let words = line.split(separator: " ")
        return Sent(frame: Int64(words[0]), bytes: words.dropFirst().compactMap { UInt8($0, radix: 16) })
      }
    }

    @Test func `Ports are listed, attached by the first that matches, counted and let go`() throws {
      try Stage.run { stage in
        let (list, keys) = try list(stage)
        let peer = try stage.daemon("--midi-ports", list).peer()
        try peer.listen("midi")
        let found = try stage.json("midi", "ls")
        #expect(
          found["inputs"]?.array?.map { $0["name"]?.string } == ["Upper KEYS 28:0", "Lower KEYS 29:0"])
        #expect(found["outputs"]?.array?.map { $0["index"]?.int } == [0, 1])
        let attached = try peer.query("midi_attach", ["direction": "in", "pattern": "KEYS"])["port"]
        #expect(attached?["name"] == "Upper KEYS 28:0")
        let again = try peer.refusal(of: "midi_attach", ["direction": "in", "pattern": "KEYS"])
        #expect(again.lines[0] == "Failed to attach MIDI input: Port already connected: Upper KEYS 28:0")
        let missing = try peer.refusal(of: "midi_attach", ["direction": "out", "pattern": "brains"])
        #expect(missing.lines[0] == "Failed to attach MIDI output: Port not found: brains")
        let none = try peer.refusal(of: "midi_detach", ["direction": "out", "pattern": "BRAINS"])
        #expect(none.lines[0] == "No MIDI output matching 'BRAINS' to detach")
        try peer.query("midi_send", ["message": "start"])
        try peer.query("midi_attach", ["direction": "out", "pattern": "BRAINS"])
        let lost = try peer.refusal(of: "midi_send", ["message": "note_on", "port": "zzz"])
        #expect(lost.lines[0] == "Failed to send MIDI: Port not found: zzz")

        try keys.play([0x93, 60, 100, 60, 0, 0xF8, 0xF0, 1, 2, 0xF7, 0xE0, 0, 127])
        let heard = try #require(peer.event { $0.content["message"]?["type"] == "pitch_bend" })
        #expect(heard["port"] == "Upper KEYS 28:0" && heard["message"]?["value"]?.int == 127 * 128 - 8192)
        #expect(
          try eventually {
            try peer.query("midi_status")["inputs"]?.array?.first?["messages"]?.int == 5
          })
        try peer.query("midi_detach", ["direction": "in", "pattern": "KEYS"])
        #expect(try peer.query("midi_status")["inputs"]?.array?.count == 0)
      }
    }

    @Test func `Every kind of message is sent as it was asked for, and a detached port holds none`() throws {
      try Stage.run { stage in
        let (list, _) = try list(stage)
        let peer = try stage.daemon("--midi-ports", list).peer()
        try peer.query("midi_attach", ["direction": "out", "pattern": "BRAINS"])
        try peer.query("midi_attach", ["direction": "out", "pattern": "DRUMS"])
        let messages: [(JSONValue, [UInt8])] = [
          (["message": "note_on", "channel": 2, "pitch": 61, "velocity": 99], [0x91, 61, 99]),
          (["message": "control_change", "controller": 64, "value": 127], [0xB0, 64, 127]),
          (["message": "program_change", "channel": 16, "program": 33], [0xCF, 33]),
          (["message": "pitch_bend", "bend": -8192], [0xE0, 0, 0]),
          (["message": "timing_clock"], [0xF8]), (["message": "continue"], [0xFB]),
          (["message": "raw", "bytes": "F0 7E 7F 06 01 F7"], [0xF0, 0x7E, 0x7F, 6, 1, 0xF7]),
        ]
        for (index, message) in messages.enumerated() {
          var arguments = message.0
          if index > 0, var object = arguments.object {
            object["port"] = "BRAINS"
            arguments = .object(object)
          }
          try peer.query("midi_send", arguments)
          #expect(eventually { sent(stage).count == index + 1 })
        }
        #expect(sent(stage).map(\.bytes) == messages.map(\.1))
        #expect(sent(stage, "drums").map(\.bytes) == [[0x91, 61, 99]])
        for bytes: JSONValue in ["90 60", "90 60 100", "zz", "f0 f0", "60", "90 3c 64 80 3c 40", "f7"] {
          let refusal = try peer.refusal(of: "midi_send", ["message": "raw", "bytes": bytes])
          #expect(refusal.lines[0].hasPrefix("Failed to convert MIDI message: "))
        }
        for (name, value) in [("pitch", 255), ("channel", 200), ("velocity", -1), ("bend", 9000)]
          as [(String, Int64)]
        {
          let refusal = try peer.refusal(
            of: "midi_send", ["message": "note_on", .init(name): .integer(value)])
          #expect(refusal.code == "out_of_range")
        }
        try peer.query("midi_detach", ["direction": "out", "pattern": "BRAINS"])
        // The note, the pedal and the clock that were begun.
        #expect(sent(stage).suffix(3).map(\.bytes) == [[0x81, 61, 64], [0xB0, 64, 0], [0xFC]])
        #expect(sent(stage, "drums").count == 1)
      }
    }

    @Test func `A key plays its track while the transport stands, and is silent when its port goes`() throws {
      try Stage.run { stage in
        let (list, keys) = try list(stage)
        let peer = try stage.daemon("--midi-ports", list).peer()
        try peer.listen("midi", "command")
        try peer.act("track_add", ["name": "lead"])
        try peer.query("midi_attach", ["direction": "in", "pattern": "Upper", "track": "lead", "channel": 3])
        func voices() throws -> Int64 {
          try peer.query("track_ls")["tracks"]?.array?.first?["voices"]?.int ?? -1
        }
        func level() throws -> Double {
          try peer.query("meter")["tracks"]?.array?.first?["peak_db"]?.double ?? 0
        }
        try keys.play([0x90, 60, 100])
        #expect(try eventually { try voices() > 0 && level() > -60 })
        #expect(try peer.state() == "stopped")
        try peer.act("stop")
        #expect(try voices() > 0)
        try peer.query("midi_detach", ["direction": "in", "pattern": "Upper"])
        #expect(try eventually { try voices() == 0 })
        // A port that goes by itself, and one that is led elsewhere.
        try peer.query("midi_attach", ["direction": "in", "pattern": "Upper", "track": "lead"])
        try keys.play([0x90, 62, 100])
        #expect(try eventually { try voices() > 0 })
        try stage.write(Array("in - Other\n".utf8), "ports")
        #expect(peer.event { $0.content["type"] == "midi_input_disconnected" } != nil)
        #expect(try eventually { try voices() == 0 })
        try stage.write(Array("in \(keys.path) Upper KEYS 28:0\n".utf8), "ports")
        #expect(peer.event { $0.content["type"] == "midi_input_connected" } != nil)
        try keys.play([0x90, 64, 100])
        #expect(try eventually { try voices() > 0 })
        try peer.act("midi_route", ["track": "lead", "off": true])
        #expect(try eventually { try voices() == 0 })
        try peer.act("midi_route", ["track": "lead", "from": "Upper"])
        try keys.play([0x90, 65, 100, 0xB0, 64, 127, 65, 0])
        #expect(try eventually { try voices() > 0 })
        try peer.act("panic")
        #expect(try eventually { try voices() == 0 })
        try peer.act("track_rm", ["track": "lead"])
        try keys.play([0x90, 66, 100])
        #expect(try peer.query("midi_status")["inputs"]?.array?.first?["track"] == .null)
      }
    }
  }
}
