import Foundation
import Glibc
import HootWire
import Testing

extension EndToEnd {
  @Suite struct Hygiene {
    /// Page faults of the daemon's realtime thread: fields 10 and 12 of its stat in /proc.
    private func faults(_ daemon: Daemon) throws -> Int {
      let tasks = "/proc/\(daemon.processID)/task"
      for task in try FileManager.default.contentsOfDirectory(atPath: tasks) {
        let text = try Stage.text("\(tasks)/\(task)/stat")
        guard text.contains("(garden-keeper)") else { continue }
        let fields = text.split(separator: " ")
        return (Int(fields[9]) ?? -1) + (Int(fields[11]) ?? -1)
      }
      throw StageError("the daemon has no thread garden-keeper")
    }

    @Test func `After a second of playing the realtime thread faults no page, whatever is added`() throws {
      try Stage.run { stage in
        try Material.noise(stage.file("noise.wav"), frames: 480_000)
        let daemon = try stage.daemon("--audio", "timer")
        let peer = try daemon.peer()
        try peer.listen()
        for name in ["chords.mid", "drums.mid"] {
          try peer.act("region_add", ["file": .string(Stage.demo(name)), "at": "0"])
        }
        try peer.act("play")
        try #require(try eventually { try peer.transport()["seconds"]?.double ?? 0 > 1 })
        let before = try faults(daemon)
        try peer.act("region_add", ["file": .string(stage.file("noise.wav")), "at": "0"])
        try peer.act("region_add", ["file": .string(Stage.demo("lead.mid")), "at": "0"])
        try peer.act("seek", ["position": "0"])
        try #require(try eventually { try peer.transport()["seconds"]?.double ?? 0 > 2 })
        #expect(try faults(daemon) == before)
      }
    }

    @Test func `The status tells what is locked as the kernel counts it`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon("--audio", "timer").peer()
        let memory = try peer.query("status")["memory"]
        let extent = memory?["locked"]?.string
        #expect(["all", "part", "none"].contains(extent))
        #expect(((memory?["locked_bytes"]?.int ?? 0) > 0) == (extent != "none"))
        #expect((memory?["reason"]?.string == nil) == (extent == "all"))
      }
    }

    @Test func `The realtime bench says what it measured`() throws {
      try Stage.run { stage in
        let report = try stage.json("bench", "rt", "--seconds", "0.2", "--period", "256")
        // 0.2 s of 5.33 ms.
        #expect(report["wake_ups"]?.int == 37)
        let order = ["min_us", "p99_us", "p999_us", "max_us"].compactMap { report[$0]?.double }
        #expect(order.count == 4 && order == order.sorted())
        #expect((report["refusal"]?.string == nil) == (report["priority"]?.int != nil))
        #expect(try stage.garden("bench", "rt", "--period", "3").status == 64)
      }
    }
  }
}
