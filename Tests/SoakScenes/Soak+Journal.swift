import ControlSocket
import Foundation
import Glibc
import HootWire

extension Soak {
  /// The daemon killed with −9 while a client edits, `times` times: each acknowledged edit is there afterwards, once, and
  /// of those under way each is whole or not at all.
  func journal() throws -> Verdict {
    let folder = try SceneFolder()
    var known: Set<String> = []
    var (lost, doubled, strange, edits) = (0, 0, 0, 0)
    var answers: [Double] = []
    for round in 0..<times {
      let began = ContinuousClock.now
      let daemon = try SceneDaemon(program, ["--audio", "timer", "--soundfont", "embedded"], in: folder)
      _ = try daemon.ask("status")
      let time = (ContinuousClock.now - began).components
      if round > 0 { answers.append(Double(time.attoseconds) / 1e15 + Double(time.seconds) * 1e3) }
      let names = try daemon.ask("marker_ls")["markers"]?.array?.compactMap { $0["name"]?.string } ?? []
      let present = Set(names)
      lost += known.subtracting(present).count
      doubled += names.count - present.count
      strange += present.count { !$0.hasPrefix("m") }
      known = present
      if known.count > 4_000 {
        try daemon.ask("session_new")
        known = []
      }
      let told = try edit(daemon, round)
      known.formUnion(told)
      edits += told.count
    }
    answers.sort()
    let middle = answers.isEmpty ? 0 : answers[answers.count / 2]
    return Verdict(
      "journal", isGood: lost == 0 && doubled == 0 && strange == 0 && edits > times,
      "\(times) kills, \(edits) acknowledged edits, \(lost) lost, \(doubled) doubled; the status answered "
        + "\(middle.rounded()) ms after the start, at most \((answers.last ?? 0).rounded()) ms")
  }

  /// Edits without waiting for replies until the daemon is killed at some moment; gives what it acknowledged.
  private func edit(_ daemon: SceneDaemon, _ round: Int) throws -> [String] {
    let process = daemon.processID
    let pause = UInt32.random(in: 1_000...150_000)
    let killer = Thread {
      usleep(pause)
      if process > 0 { kill(process, SIGKILL) }
    }
    killer.start()
    var waiting: [UUID: String] = [:]
    var told: [String] = []
    var next = 0
    while process > 0, kill(process, 0) == 0, daemon.isRunning {
      while waiting.count < 8 {
        let name = "m\(round)-\(next)"
        next += 1
        waiting[try daemon.client.send(["type": "marker_add", "name": .string(name), "at": "2:1"])] = name
      }
      guard let reply = try daemon.client.nextReply(timeout: .milliseconds(50)) else { continue }
      if let name = waiting.removeValue(forKey: reply.id), reply.content["type"] == "ok" { told.append(name) }
    }
    return told
  }
}
