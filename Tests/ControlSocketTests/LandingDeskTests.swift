import Foundation
import HootWire
import Synchronization
import Testing

@testable import ControlSocket

/// Commands that are answered once they have landed, and what becomes of questions when the daemon goes.
@Suite struct LandingDeskTests {
  private let folder = TemporaryFolder()

  /// A daemon that takes `play` as the command that `id` says, else 7, and tells what the content's `event` is before or
  /// after its reply.
  private func daemon() throws -> TestDaemon {
    try TestDaemon(folder.path) { server, incoming in
      guard case .success(let body) = incoming.request else { return }
      let id: JSONValue = .integer(body.content["id"]?.int ?? 7)
      var event: JSONValue = ["type": .string(body.content["event"]?.string ?? ""), "command": id]
      if event["type"] == "failed" { event = ["type": "failed", "command": id, "lines": ["a", "b", "c"]] }
      let isFirst = body.content["first"]?.bool == true
      if isFirst { server.publishEvent(topic: "command", content: event) }
      var command: JSONValue = ["id": id]
      if body.content["later"]?.bool == true { command = ["id": id, "due_position": "5:1"] }
      _ = server.reply(to: incoming, content: ["type": "ok", "result": ["command": command]])
      if !isFirst, event["type"] != "" { server.publishEvent(topic: "command", content: event) }
    }
  }

  @Test("a command's answer has its landing, whether that is heard before its reply or after")
  func landings() async throws {
    let daemon = try daemon()
    let desk = try SocketDesk(directory: folder.path, name: "mcp")
    let landing = LandingDesk(desk) { tool, _, event in "\(tool.name.rawValue) \(event["command"]?.int ?? 0)"
    }
    for isFirst in [false, true] {
      let answer = await landing.ask(
        ["type": "play", "event": "landed", "first": .bool(isFirst)], timeout: .seconds(30))
      #expect(answer["landed"]?["type"] == "landed" && answer["summary"] == "play 7", "\(isFirst)")
    }
    let failed = await landing.ask(["type": "play", "event": "failed"], timeout: .seconds(30))
    #expect(failed["type"] == "error" && failed["detail"]?["lines"] == ["a", "b", "c"])
    let later = await landing.ask(["type": "play", "event": "landed", "later": true], timeout: .seconds(30))
    #expect(later["result"]?["command"]?["due_position"] == "5:1" && later["landed"] == nil)
    // Another command: the last one's event may be on its way still.
    let silent = await landing.ask(["type": "play", "event": "", "id": 8], timeout: .seconds(30))
    #expect(silent["result"]?["command"]?["id"] == 8 && silent["landed"] == nil)
    desk.stop()
    daemon.stop()
  }

  @Test("without a daemon a question is answered at once, and one in flight when it goes soon after")
  func absence() async throws {
    let desk = try SocketDesk(directory: folder.path, name: "mcp")
    #expect(await desk.ask(["type": "echo"], timeout: .seconds(600))["detail"]?["exit"] == 69)
    let isAsked = Atomic(false)
    let daemon = try TestDaemon(folder.path) { server, incoming in
      guard case .success(let body) = incoming.request, body.content["type"] == "echo" else {
        return isAsked.store(true, ordering: .relaxed)
      }
      TestDaemon.echo(server, incoming)
    }
    #expect(await desk.ask(["type": "echo"], timeout: .seconds(30))["type"] == "ok")
    async let lost = desk.ask(["type": "slow"], timeout: .seconds(600))
    while !isAsked.load(ordering: .relaxed) { try await Task.sleep(for: .milliseconds(2)) }
    daemon.stop()
    #expect(await lost["detail"]?["lines"]?.array?.first == "the daemon is not running")
    desk.stop()
  }

  @Test func aNapEndsInItsTimeOrWithTheDesk() async throws {
    let desk = try SocketDesk(directory: folder.path, name: "mcp")
    let began = ContinuousClock.now
    await desk.nap(.milliseconds(20))
    #expect(ContinuousClock.now - began >= .milliseconds(20))
    async let long: Void = desk.nap(.seconds(3600))
    desk.stop()
    await long
    await desk.nap(.seconds(3600))
  }
}
