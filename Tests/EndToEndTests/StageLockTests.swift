import Glibc
import HootWire
import Testing

extension EndToEnd {
  @Suite struct StageLock {
    @Test func `A locked stage asks before what the audience would hear, and not before a panic`() throws {
      try Stage.run { stage in
        try Material.noise(stage.file("noise.wav"), frames: 480_000)
        let daemon = try stage.daemon("--audio", "timer")
        let peer = try daemon.peer()
        try stage.json("region", "add", "noise.wav", "--track", "lead")
        try stage.json("track", "add", "idle")
        #expect(try stage.json("lock", "on")["locked"] == true)
        #expect(try peer.query("status")["stage_locked"] == true)
        try peer.listen()
        try peer.act("play")
        try #require(
          try eventually(5) { (try peer.query("meter")["master"]?["peak_db"]?.double ?? -120) > -60 })

        for (type, arguments) in [
          ("region_clear", [:]), ("track_rm", ["track": "lead"]), ("device_use", ["driver": "timer"]),
        ] as [(String, JSONValue)] {
          let refusal = try peer.refusal(of: type, arguments)
          #expect(refusal.code == "locked" && refusal.exit == 1, "\(type)")
          #expect(refusal.lines[2].contains("--yes"), "\(type)")
        }
        let shutdown = try peer.request("shutdown", on: .control)
        #expect(shutdown["detail"]?["code"] == "locked")
        #expect(try peer.regions().count == 1)

        // What makes it silent or changes nothing that sounds never asks.
        try peer.act("track_rm", ["track": "idle"])
        try peer.act("panic")
        try peer.act("stop")
        #expect(try peer.request("emergency_pause", on: .control)["type"] == "ok")
        #expect(daemon.isRunning)
      }
    }

    @Test func `Yes opens a locked stage on the command line and on the wire, and so does SIGTERM`() throws {
      try Stage.run { stage in
        try Material.noise(stage.file("noise.wav"), frames: 4800)
        let daemon = try stage.daemon("--audio", "timer")
        let peer = try daemon.peer()
        try peer.query("lock", ["on": true])
        try stage.json("region", "add", "noise.wav")
        #expect(try stage.garden("region", "clear").status == 1)
        #expect(try stage.garden("region", "clear", "--yes").status == 0)
        try stage.json("region", "add", "noise.wav")
        try peer.query("region_clear", ["confirm": true])
        #expect(try peer.regions().isEmpty)
        let down = try stage.garden("down")
        #expect(down.status == 1 && down.refusal.last?.contains("garden down --yes") == true)
        #expect(daemon.isRunning)
        #expect(daemon.quit() == 0)
      }
    }

    @Test func `The lock holds for the daemon's life only, and is lifted by hand`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--audio", "timer")
        #expect(try stage.json("lock")["locked"] == false)
        try stage.json("lock", "on")
        #expect(try stage.garden("down", "--yes").status == 0)
        _ = daemon
        _ = try stage.daemon("--audio", "timer")
        #expect(try stage.json("lock")["locked"] == false)
        try stage.json("lock", "on")
        try stage.json("lock", "off")
        #expect(try stage.garden("down").status == 0)
      }
    }
  }
}
