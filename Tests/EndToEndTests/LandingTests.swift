import Foundation
import HootWire
import Testing

@testable import ControlSocket

extension EndToEnd {
  /// A reply means understood, an event means done.
  struct Landing {
    @Test func `Every accepted command gets a number at once and lands exactly once`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("region_add", ["file": .string(Stage.demo("lead.mid"))])
        let verbs: [(String, JSONValue)] = [
          ("play", [:]), ("seek", ["position": "5:1"]), ("tempo", ["bpm": 130]),
          ("marker_add", ["name": "a"]),
          ("region_set", ["region": "lead", "gain": -3]), ("track_set", ["track": "lead", "pan": 0.5]),
          ("region_dup", ["region": "lead"]), ("loop", ["start": "1:1", "end": "9:1"]), ("pause", [:]),
          ("region_mv", ["region": "lead", "at": 4]), ("track_set", ["track": "master", "gain": -1]),
          ("region_split", ["region": "lead", "at": "9:1"]), ("stop", [:]), ("panic", [:]),
          ("region_clear", [:]),
        ]
        var numbers: [Int64] = []
        for _ in 1...4 {
          for (verb, arguments) in verbs where verb != "region_set" || numbers.count < verbs.count {
            let reply = try peer.request(verb, arguments)
            guard reply["type"] == "ok" else { continue }
            numbers.append(try #require(reply["result"]?["command"]?["id"]?.int))
          }
        }
        #expect(numbers.count > 40)
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
        var landed: [Int64: Int] = [:]
        let last = try peer.query("seek", ["position": 0])["command"]?["id"]?.int
        _ = peer.event { event in
          if event.content["type"] == "landed", let id = event.content["command"]?.int {
            landed[id, default: 0] += 1
          }
          return event.content["command"]?.int == last
        }
        #expect(numbers.allSatisfy { landed[$0] == 1 })
        #expect(try peer.query("status")["commands_outstanding"] == 0)
      }
    }

    @Test func `Edits that come together land together, each with its event`() throws {
      try Stage.run { stage in
        // A long block: all edits come while the renderer waits.
        let daemon = try stage.daemon("--period", "8192")
        let peer = try daemon.peer()
        try peer.listen()
        let raw = try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        let before = try peer.query("status")["schedule_revision"]?.int ?? 0
        let edits = (0..<200).map {
          requestFrame(["type": "marker_add", "name": "m\($0)", "at": .integer(Int64($0))])
        }
        for edit in edits { #expect(raw.send(edit.encode()) == .queued) }
        var numbers: [Int64] = []
        for edit in edits {
          let reply = try HootFrame.parse(try #require(raw.receive()))
          #expect(reply.requestID == edit.requestID)
          let content = try JSONBodyCodec.message(reply.body).content
          numbers.append(try #require(content["result"]?["command"]?["id"]?.int))
        }
        var frames: [Int64: Int64] = [:]
        _ = peer.event { event in
          if let id = event.content["command"]?.int { frames[id] = event.content["frame"]?.int }
          return frames.count == numbers.count
        }
        #expect(numbers.allSatisfy { frames[$0] != nil })
        let schedules = (try peer.query("status")["schedule_revision"]?.int ?? .max) - before
        #expect((1..<100).contains(schedules), "\(schedules) schedules for 200 edits")
        #expect(try peer.query("marker_ls")["markers"]?.array?.count == 200)
      }
    }

    @Test func `Replies keep each client's order, and no client waits for another's file`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let path = stage.file("big.wav")
        try Material.wav(path, rate: 44_100, frames: 3_000_000) { Float($0 % 5) / 20 }
        let slow = try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        let requests: [JSONValue] = [
          ["type": "region_add", "file": .string(path)], ["type": "region_ls"], ["type": "nonsense"],
          ["type": "region_add", "file": .string(path), "at": 16], ["type": "play"], ["type": "status"],
        ]
        let frames = requests.map(requestFrame)
        for frame in frames { _ = slow.send(frame.encode()) }
        let quick = try daemon.peer()
        // The other's file is still being read.
        #expect(try quick.query("status")["regions"] == 0)
        #expect(try quick.regions().isEmpty)
        var contents: [JSONValue] = []
        for frame in frames {
          let reply = try HootFrame.parse(try #require(slow.receive()))
          #expect(reply.requestID == frame.requestID)
          contents.append(try JSONBodyCodec.message(reply.body).content)
        }
        #expect(contents[1]["result"]?["regions"]?.array?.count == 1)
        #expect(contents[2]["type"] == "error")
        #expect(contents[5]["result"]?["regions"] == 2)
        let added = contents[3]["result"]?["command"]?["id"]?.int ?? .max
        #expect(added < contents[4]["result"]?["command"]?["id"]?.int ?? 0)
      }
    }

    @Test func `A region asked for before play sounds from its first frame`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen("command", "region", "transport")
        try Material.noise(stage.file("noise.wav"), frames: 48_000)
        let raw = try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        for request in [
          ["type": "region_add", "file": .string(stage.file("noise.wav"))], ["type": "play"],
        ] as [JSONValue] {
          _ = raw.send(requestFrame(request).encode())
        }
        var tools: [String] = []
        var started: JSONValue?
        _ = peer.event { event in
          if let tool = event.content["tool"]?.string { tools.append(tool) }
          if event.content["type"] == "region_started" { started = event.content }
          return tools.count == 2 && started != nil
        }
        #expect(tools == ["region_add", "play"])
        #expect(started?["midway"] == false)
        #expect(started?["beat"] == 0.0)
      }
    }

    @Test func `Clients that make tracks at the same time all get a track that sounds`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        let peers = try (0..<6).map { _ in try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell) }
        for index in peers.indices {
          try stage.write(
            Material.midi([.init(tick: 0, length: 96_000, key: 60)], lengthTicks: 96_000), "part\(index).mid")
        }
        for (index, raw) in peers.enumerated() {
          // Two and two on the same track.
          let request: JSONValue = [
            "type": "region_add", "file": .string(stage.file("part\(index).mid")), "track": "t\(index / 2)",
          ]
          _ = raw.send(requestFrame(request).encode())
        }
        for raw in peers {
          let content = try JSONBodyCodec.message(HootFrame.parse(try #require(raw.receive())).body).content
          #expect(content["type"] == "ok", "\(content.text)")
        }
        try peer.act("play")
        #expect(
          try eventually {
            let tracks = try peer.query("track_ls")["tracks"]?.array ?? []
            return tracks.count == 3 && tracks.allSatisfy { $0["voices"]?.int ?? 0 >= 2 }
          })
        let tracks = try peer.query("track_ls")["tracks"]?.array ?? []
        #expect(tracks.compactMap { $0["regions"]?.int } == [2, 2, 2])
        #expect(tracks.allSatisfy { $0["peak_db"]?.double ?? -120 > -100 }, "\(tracks.map(\.text))")
      }
    }

    @Test func `A change made while another's font is loaded is not undone by it`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("region_add", ["file": .string(Stage.demo("lead.mid")), "track": "lead"])
        let raw = try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        // Connected for sure: the request below must come in before those of the other peer.
        _ = raw.send(requestFrame(["type": "status"]).encode())
        _ = try #require(raw.receive())
        _ = raw.send(
          requestFrame(["type": "track_set", "track": "lead", "soundfont": "embedded", "pan": 0.5]).encode())
        usleep(5_000)
        try peer.act("track_set", ["track": "lead", "gain": -12])
        try peer.act("track_set", ["track": "lead", "name": "flute"])
        #expect(
          try JSONBodyCodec.message(HootFrame.parse(try #require(raw.receive())).body).content["type"] == "ok"
        )
        let track = try #require(try peer.query("track_ls")["tracks"]?.array?.first)
        #expect((track["gain_db"], track["pan"], track["name"]) == (-12.0, 0.5, "flute"))
        #expect(track["soundfont"] == "embedded")
      }
    }

    @Test func `A command for later lands when the playhead comes by`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("tempo", ["bpm": 300])
        try peer.act("play")
        let seek = try peer.act("seek", ["position": "21:1", "at": "3:1"]).landed
        // Beat 8 at 300 BPM is frame 76,800: a grid line.
        #expect(seek["beat"] == 80.0)
        #expect(seek["late_frames"] == 0)
        let stop = try peer.act("stop", ["at": "22:1"]).landed
        #expect(stop["beat"] == 0.0)
        #expect(try peer.state() == "stopped")
      }
    }
  }
}
