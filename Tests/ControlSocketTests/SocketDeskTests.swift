import Foundation
import HootWire
import Synchronization
import Testing

@testable import ControlSocket

/// The desk that this process's other doors ask at.
@Suite struct SocketDeskTests {
  private let folder = TemporaryFolder()

  @Test func aRequestThatWaitsKeepsNoneOfTheOthers() async throws {
    let kept = Mutex<[Incoming]>([])
    let daemon = try TestDaemon(folder.path) { server, incoming in
      guard case .success(let body) = incoming.request else { return }
      if body.content["type"] == "slow" {
        kept.withLock { $0.append(incoming) }
      } else {
        TestDaemon.echo(server, incoming)
      }
    }
    let desk = try SocketDesk(directory: folder.path, name: "http")
    async let slow = desk.ask(["type": "slow"], timeout: .seconds(30))
    // Until it is with the daemon: nothing else would show that it is passed.
    while kept.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(2)) }
    for number in 0..<100 {
      let content: JSONValue = ["type": "quick", "n": .integer(Int64(number))]
      #expect(await desk.ask(content, timeout: .seconds(30))["result"] == content)
    }
    kept.withLock { if $0.isEmpty { Issue.record("the slow one was answered") } }
    let identity = kept.withLock { $0.first?.peer.identity.first.map { String(decoding: $0, as: UTF8.self) } }
    #expect(identity?.hasPrefix("http@") == true)
    desk.stop()
    // What is in flight at the end is told that it was the end.
    #expect(await slow["detail"]?["lines"]?.array?.first == "the daemon ends")
    #expect(await desk.ask(["type": "quick"], timeout: .seconds(30))["type"] == "error")
    daemon.stop()
  }

  @Test func manyAtOnceAreAllAnsweredWithTheirOwn() async throws {
    let daemon = try TestDaemon(folder.path)
    let desk = try SocketDesk(directory: folder.path, name: "http")
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<300 {
        group.addTask {
          let content: JSONValue = ["type": "echo", "n": .integer(Int64(number))]
          return await desk.ask(content, timeout: .seconds(60))["result"] == content
        }
      }
      for await isRight in group { #expect(isRight) }
    }
    desk.stop()
    daemon.stop()
  }

  @Test func withoutAReplyInTimeItSaysSoAndTheNextIsAnswered() async throws {
    let isDeaf = Atomic(true)
    let daemon = try TestDaemon(folder.path) { server, incoming in
      if !isDeaf.load(ordering: .relaxed) { TestDaemon.echo(server, incoming) }
    }
    let desk = try SocketDesk(directory: folder.path, name: "http")
    let late = await desk.ask(["type": "echo"], timeout: .milliseconds(50))
    #expect(late["detail"]?["exit"] == 124)
    isDeaf.store(false, ordering: .relaxed)
    #expect(await desk.ask(["type": "echo"], timeout: .seconds(30))["type"] == "ok")
    desk.stop()
    daemon.stop()
  }

  @Test func eventsComeOnceTheyAreAskedFor() async throws {
    let daemon = try TestDaemon(folder.path) { server, incoming in
      server.publishEvent(topic: "job", content: ["type": "job"])
      TestDaemon.echo(server, incoming)
    }
    let desk = try SocketDesk(directory: folder.path, name: "http")
    let heard = Mutex<[String]>([])
    desk.listen { topic, content in heard.withLock { $0.append("\(topic) \(content.text)") } }
    let deadline = ContinuousClock.now + .seconds(30)
    while heard.withLock({ $0.isEmpty }), .now < deadline {
      _ = await desk.ask(["type": "echo"], timeout: .seconds(30))
    }
    #expect(heard.withLock { $0.first } == #"job {"type":"job"}"#)
    desk.stop()
    daemon.stop()
  }
}
