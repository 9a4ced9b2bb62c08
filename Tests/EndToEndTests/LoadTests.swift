import Foundation
import Glibc
import HootWire
import Testing

@testable import ControlSocket

extension EndToEnd {
  /// Many regions, many commands, and clients that do not care. `SOAK_SECONDS` makes each go on for as long; the
  /// rate that is reached is measured by `scripts/bench`.
  struct Load {
    /// A client that sends on without waiting for each reply, and takes account of all.
    private struct Pipeline {
      let raw: Wire.RawPeer
      var sent = 0
      var replies = 0
      var refusals: [String: Int] = [:]
      var commands: Set<Int64> = []
      private var open: [UUID] = []

      init(_ stage: Stage) throws { raw = try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell) }

      mutating func send(_ content: JSONValue) {
        let frame = requestFrame(content)
        while raw.send(frame.encode()) != .queued { usleep(500) }
        open.append(frame.requestID)
        sent += 1
      }

      /// Takes replies until no more than `left` are open. Each is the oldest open request's.
      mutating func receive(downTo left: Int) throws {
        while open.count > left {
          let frame = try HootFrame.parse(try #require(raw.receive(), "\(open.count) replies are missing"))
          try #require(frame.requestID == open.removeFirst())
          let content = try JSONBodyCodec.message(frame.body).content
          replies += 1
          if content["type"] == "ok" {
            if let id = content["result"]?["command"]?["id"]?.int { commands.insert(id) }
          } else {
            refusals[content["detail"]?["code"]?.string ?? "?", default: 0] += 1
          }
        }
      }
    }

    private static let soakSeconds = Double(ProcessInfo.processInfo.environment["SOAK_SECONDS"] ?? "") ?? 0

    private static func request(_ number: Int) -> JSONValue {
      switch number % 6 {
      case 0: ["type": "seek", "position": .string("\(number % 64)")]
      case 1: ["type": "track_set", "track": "pad", "gain": .number(-Double(number % 12))]
      case 2: ["type": "region_set", "region": "pad", "gain": .number(-Double(number % 20))]
      case 3: ["type": "status"]
      case 4: ["type": "tempo", "bpm": .number(90 + Double(number % 60))]
      default: ["type": "pause", "at": .string("\(4_000 + number)")]
      }
    }

    private func stage(_ body: (Stage, Peer) throws -> Void) throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.query(
          "region_add", ["file": .string(Stage.demo("texture.wav")), "track": "pad", "name": "pad"])
        try peer.query("play")
        try body(stage, peer)
      }
    }

    @Test func `Edits and commands that find the renderer full wait for its next block`() throws {
      try Stage.run { stage in
        // Blocks of 170 ms: between two of them more schedules are made than may be with the renderer.
        let peer = try stage.daemon("--period", "8192").peer()
        try peer.query(
          "region_add", ["file": .string(Stage.demo("lead.mid")), "track": "pad", "name": "pad"])
        var pipeline = try Pipeline(stage)
        for number in 0..<200 {
          pipeline.send(["type": "region_set", "region": "pad", "gain": .number(-Double(number % 6))])
          pipeline.send(["type": "seek", "position": .string("\(1 + number % 8)")])
        }
        // Others are served meanwhile.
        #expect(try peer.query("status")["commands_outstanding"] != nil)
        try pipeline.receive(downTo: 0)
        #expect(pipeline.replies == 400 && pipeline.refusals.isEmpty, "\(pipeline.refusals)")
        #expect(pipeline.commands.count == 400)
      }
    }

    @Test func `Commands without a pause are all answered in order, and what is accepted lands`() throws {
      try stage { stage, peer in
        try peer.listen()
        var pipeline = try Pipeline(stage)
        var landed: Set<Int64> = []
        func take(_ wait: Duration) {
          while let event = peer.client.nextEvent(timeout: wait) {
            if event.content["type"] == "landed", let id = event.content["command"]?.int { landed.insert(id) }
          }
        }
        let until = ContinuousClock.now + .seconds(Self.soakSeconds)
        while pipeline.sent < 1_200 || ContinuousClock.now < until {
          for _ in 0..<40 { pipeline.send(Self.request(pipeline.sent)) }
          try pipeline.receive(downTo: 80)
          take(.zero)
        }
        try pipeline.receive(downTo: 0)
        #expect(pipeline.replies == pipeline.sent)
        // Beyond what may wait it says so, and nothing else.
        #expect(pipeline.refusals.keys.allSatisfy { $0 == "busy" }, "\(pipeline.refusals)")
        #expect(try eventually { try peer.query("status")["commands_outstanding"] == 0 })
        take(.milliseconds(300))
        let waiting = try peer.query("status")["commands_waiting"]?.int ?? -1
        // The pauses far ahead wait for the playhead; all else has landed, each told once.
        #expect(pipeline.commands.subtracting(landed).count == Int(waiting) && waiting > 0)
        #expect(try peer.state() == "rolling")
      }
    }

    @Test func `A client that floods and reads nothing keeps nobody else waiting, nor any memory`() throws {
      try stage { stage, peer in
        let flood = try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        let before = try Self.residentKilobytes(peer)
        var sent = 0
        var waits: [Duration] = []
        for round in 0..<40 {
          for _ in 0..<200 where flood.send(requestFrame(["type": "status"]).encode()) == .queued {
            sent += 1
          }
          let start = ContinuousClock.now
          try peer.query("region_set", ["region": "pad", "gain": .number(-Double(round % 10))])
          waits.append(ContinuousClock.now - start)
        }
        #expect(sent > 1_000)
        // 2,000 replies of 3 kilobytes are queued at most, and what the allocator keeps of the rest.
        #expect(try Self.residentKilobytes(peer) < before + 40_000)
        #expect(try peer.state() == "rolling" && waits.count == 40)
      }
    }

    private static func residentKilobytes(_ peer: Peer) throws -> Int {
      let pid = try peer.query("status")["pid"]?.int ?? 0
      let status = try Stage.text("/proc/\(pid)/status")
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
      return try #require(Int(line.filter(\.isNumber)))
    }

    @Test func `Twenty thousand regions are made, listed in part, edited and played`() throws {
      // A hundred thousand take a debug build most of a minute: `scripts/bench` edits so many.
      try stage { stage, peer in
        try peer.listen("command", "region")
        let made = try peer.query("region_dup", ["region": "pad", "times": 19_999])
        #expect(made["count"]?.int == 19_999 && made["regions"]?.array?.count == 500)
        let full = try peer.refusal(of: "region_dup", ["region": "pad", "times": 100_000])
        #expect(full.code == "full")
        let list = try peer.query("region_ls")
        #expect(list["total"]?.int == 20_000 && list["regions"]?.array?.count == 500)
        let last = try peer.query("region_ls", ["skip": 19_999])["regions"]?.array ?? []
        #expect(last.count == 1 && last.first?["name"] == "pad-20000")
        let edit = try peer.act("region_set", ["region": "pad-20000", "gain": -3])
        #expect(edit.result["regions"]?.array?.first?["gain_db"]?.double == -3)
        let place = try #require(last.first?["position"]?.string)
        // Not `act`: it drops what comes before the landing.
        try peer.query("seek", ["position": .string(place)])
        let id = try #require(last.first?["id"]?.string)
        #expect(peer.event { $0.content["region"]?.string == id } != nil)
        let status = try peer.query("status")
        #expect(status["regions"]?.int == 20_000)
        // What is stated a region, and little more.
        #expect((status["schedule_bytes"]?.int ?? 0) < 20_000 * 400)
        #expect(try peer.act("region_clear").result["removed"]?.int == 20_000)
      }
    }

    @Test func `A file that is known is not read again`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let path = stage.file("one.wav")
        try Material.wav(path, rate: 48_000, frames: 4_800) { Float($0 % 7) / 20 }
        var pipeline = try Pipeline(stage)
        for _ in 0..<200 { pipeline.send(["type": "region_add", "file": .string(path), "track": "a"]) }
        try pipeline.receive(downTo: 0)
        #expect(pipeline.commands.count == 200 && pipeline.refusals.isEmpty)
        #expect(try peer.query("clip_ls")["clips"]?.array?.count == 1)
        #expect(Set(try peer.regions().map { $0["name"]?.string }).count == 200)
        // One that has changed is another clip.
        try Material.wav(path, rate: 48_000, frames: 9_600) { Float($0 % 5) / 20 }
        try peer.query("region_add", ["file": .string(path), "track": "a"])
        #expect(try peer.query("clip_ls")["clips"]?.array?.count == 2)
      }
    }
  }
}
