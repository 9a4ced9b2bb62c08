import Commands
import Foundation
import HootWire
import Testing

@testable import garden

@Suite struct DaemonTests {
  private static let landed: JSONValue = [
    "type": "landed", "command": 17, "tool": "play", "frame": 96000, "beat": 0.0, "position": "1:1:000",
    "late_frames": 0,
  ]

  /// Accepts everything as command 17, which lands.
  private static func landing(_ request: JSONValue) -> FakeDaemon.Answer {
    FakeDaemon.Answer(
      reply: ["type": "ok", "result": ["command": ["id": 17, "due_frame": 95000]]],
      events: [["type": "landed", "command": 16, "frame": 1], landed])
  }

  @Test func playWaitsUntilItHasLandedAndSaysWhere() throws {
    let daemon = FakeDaemon(answer: Self.landing)
    #expect(daemon.failure == nil)
    let run = try GardenRun.run("play", "--from", "5:1", socketDir: daemon.directory)
    #expect(run.out == "rolling from 1:1:000, landed at frame 96000 (late by 0 frames)\n")
    #expect(run.err == "")
    #expect(run.status == 0)
    #expect(daemon.requests == [["type": "play", "from": "5:1"]])
  }

  @Test func withJSONOneObjectHoldsTheReplyAndTheLanding() throws {
    let daemon = FakeDaemon(answer: Self.landing)
    let run = try GardenRun.run("play", "--json", socketDir: daemon.directory)
    let json = try JSONValue.parse(Array(run.out.dropLast().utf8))
    #expect(
      json == [
        "schema": "chaosgarden.play/1", "command": ["id": 17, "due_frame": 95000], "landed": Self.landed,
      ])
  }

  @Test func withoutWaitingTheCommandsIdIsPrinted() throws {
    let daemon = FakeDaemon { _ in
      FakeDaemon.Answer(reply: ["type": "ok", "result": ["command": ["id": 17]]])
    }
    let run = try GardenRun.run("play", "--no-wait", socketDir: daemon.directory)
    #expect(run.out == "17\n")
    #expect(run.status == 0)
  }

  @Test func aCommandThatDoesNotLandInTimeIsExit124() throws {
    let daemon = FakeDaemon { _ in
      FakeDaemon.Answer(reply: ["type": "ok", "result": ["command": ["id": 17]]])
    }
    let run = try GardenRun.run("play", "--timeout", "0.2", socketDir: daemon.directory)
    #expect(run.status == 124)
    #expect(run.err.hasPrefix("garden: play was accepted as command 17 and has not landed\n"))
  }

  @Test func aCommandThatFailsLaterIsExit1WithItsLines() throws {
    let daemon = FakeDaemon { _ in
      FakeDaemon.Answer(
        reply: ["type": "ok", "result": ["command": ["id": 17]]],
        events: [["type": "failed", "command": 17, "lines": ["No voice", "Seen 0.", "garden status"]]])
    }
    let run = try GardenRun.run("play", socketDir: daemon.directory)
    #expect(run.status == 1)
    #expect(run.err == "garden: No voice\n  Seen 0.\n  Next: garden status\n")
  }

  @Test func aRefusalHasTheDaemonsLinesAndExitStatus() throws {
    let daemon = FakeDaemon { _ in
      FakeDaemon.Answer(
        reply: [
          "type": "error", "error": "x", "traceback": nil,
          "detail": ["code": "file_missing", "lines": ["No file", "Seen none.", "ls"], "exit": 66],
        ])
    }
    let run = try GardenRun.run("region", "add", "/no.mid", "--json", socketDir: daemon.directory)
    #expect(run.status == 66)
    #expect(run.err == "garden: No file\n  Seen none.\n  Next: ls\n")
    #expect(try JSONValue.parse(Array(run.out.dropLast().utf8))["error"]?["code"] == "file_missing")
  }

  @Test(arguments: [
    JSONValue.null, [:], ["type": "error"], ["type": "error", "detail": ["lines": [], "exit": 0]],
    ["type": "error", "error": "short", "detail": ["lines": [1, nil], "exit": 9_999_999_999]],
  ])
  func aRefusalWithoutItsFieldsIsStillThreeLinesAndExit1(reply: JSONValue) throws {
    let daemon = FakeDaemon { _ in FakeDaemon.Answer(reply: reply) }
    let run = try GardenRun.run("play", socketDir: daemon.directory)
    #expect(run.status == 1)
    #expect(run.err.split(separator: "\n").count == 3)
  }

  @Test func argumentsAreSentTypedAndPathsAbsolute() throws {
    let daemon = FakeDaemon(answer: Self.landing)
    let run = try GardenRun.run(
      "region", "add", "/a.mid", "--gain", "-3dB", "--channel", "2", "--mute", "--offset", "2.5s", "--at",
      "16",
      socketDir: daemon.directory)
    #expect(run.status == 0)
    #expect(
      daemon.requests == [
        [
          "type": "region_add", "file": "/a.mid", "gain": -3.0, "channel": 2, "mute": true, "offset": "2.5s",
          "at": "16",
        ]
      ])
  }

  @Test func panicGoesBesideTheRingFirst() throws {
    let daemon = FakeDaemon(answer: Self.landing)
    let run = try GardenRun.run("panic", socketDir: daemon.directory)
    #expect(run.status == 0)
    #expect(daemon.requests == [["type": "emergency_pause"], ["type": "panic"]])
  }

  @Test func aTransportCommandForLaterIsNotWaitedFor() throws {
    let daemon = FakeDaemon { _ in FakeDaemon.Answer(reply: ["type": "ok", "result": ["command": ["id": 3]]])
    }
    let run = try GardenRun.run("pause", "--at", "33:1", socketDir: daemon.directory)
    #expect(run.status == 0)
    #expect(run.out == "pause: accepted as command 3\n")
  }

  @Test func withNobodyThereItIsExit69AndSaysHowToStart() throws {
    let run = try GardenRun.run("play", socketDir: "/tmp/garden-nobody")
    #expect(run.status == 69)
    #expect(run.out == "")
    #expect(run.err.hasSuffix("  Next: garden up\n"))
  }

  @Test func aListIsATableOrIdsOrJSON() throws {
    let daemon = FakeDaemon { _ in
      FakeDaemon.Answer(reply: [
        "type": "ok", "result": ["markers": [["name": "chorus", "beat": 128, "position": "33:1:000"]]],
      ])
    }
    #expect(
      try GardenRun.run("marker", "ls", socketDir: daemon.directory).out
        == "NAME    POSITION  BEAT  CUE\nchorus  33:1:000   128  -\n")
    #expect(try GardenRun.run("marker", "ls", "-q", socketDir: daemon.directory).out == "chorus\n")
    #expect(try GardenRun.run("__complete", "marker", socketDir: daemon.directory).out == "chorus\n")
    let places = try GardenRun.run("__complete", "position", socketDir: daemon.directory).out
    #expect(places.hasPrefix("@next-bar\n") && places.hasSuffix("\n@end\n@chorus\n"))
  }

  @Test func downWaitsUntilNobodyListens() throws {
    let daemon = FakeDaemon { request in
      FakeDaemon.Answer(reply: ["type": "ok", "result": ["stopping": true]], isLast: true)
    }
    let run = try GardenRun.run("down", socketDir: daemon.directory)
    #expect(run.status == 0)
    #expect(run.err == "chaosgarden has ended\n")
    #expect(daemon.requests == [["type": "shutdown"]])
    #expect(try GardenRun.run("down", socketDir: daemon.directory).status == 0)
  }

  @Test func completionWithoutADaemonIsSilent() throws {
    let run = try GardenRun.run("__complete", "region", socketDir: "/tmp/garden-nobody")
    #expect(run.out == "" && run.err == "" && run.status == 0)
  }

  @Test func aBrokenConfigurationIsExit78WithItsLine() throws {
    let home = "/tmp/garden-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(
      atPath: home + "/.config/chaosgarden", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: home) }  // What stays in /tmp fails no test.
    let file = home + "/.config/chaosgarden/config.toml"
    try "[audio]\nperoid = 1\n".write(toFile: file, atomically: false, encoding: .utf8)
    let play = try GardenRun.run("play", socketDir: home)
    #expect(play.status == 78)
    #expect(play.err.contains("\(file):2: unknown setting \"audio.peroid\". Did you mean \"audio.period\"?"))
    #expect(try GardenRun.run("config", "check", socketDir: home).status == 78)
  }

  @Test func theScriptsOfTheShellsParse() throws {
    let script = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: script) }  // What stays in /tmp fails no test.
    try CompletionScript.text(for: "bash").write(toFile: script, atomically: false, encoding: .utf8)
    #expect(try ChildProcess.run("/bin/bash", ["-n", script]) == 0)
  }
}
