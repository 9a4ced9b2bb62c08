import Foundation
import Glibc
import HootWire
import Synchronization
import Testing

@testable import ControlSocket

@Suite struct ControlClientTests {
  private let folder = TemporaryFolder()

  private func makeClient() throws(SocketError) -> ControlClient {
    try ControlClient(directory: folder.path, timeouts: patient)
  }

  @Test func requestsAreAnsweredOnBothSockets() throws {
    let daemon = try TestDaemon(folder.path)
    let client = try makeClient()
    for socket in [ControlClient.Socket.shell, .control] {
      for index in 0..<50 {
        let content: JSONValue = ["type": "seek", "beat": .integer(Int64(index))]
        #expect(try client.request(content, on: socket) == ["type": "ok", "result": content])
      }
    }
    #expect(client.heartbeat(timeout: .seconds(10)))
    daemon.stop()
    #expect(daemon.counters.requests == 100)
  }

  @Test func withoutADaemonTheClientSaysSo() {
    for path in [folder.path, folder.path + "/none"] {
      let error = #expect(throws: SocketError.self) { try ControlClient(directory: path) }
      #expect(error?.kind == .unreachable)
      #expect(error?.lines == ["the daemon is not running", "nobody listens in \(path)", "garden up"])
    }
  }

  @Test func aPeerThatNeverSaysWhoItIsKeepsNoClientFromEnding() throws {
    let directory = try folder.directory
    let listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: Array(directory.path(of: .heartbeat).utf8))
    }
    let isBound = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    try #require(isBound && listen(listener, 8) == 0)
    var client: ControlClient? = try ControlClient(connectingTo: directory)
    #expect(client?.heartbeat(timeout: .milliseconds(100)) == false)
    // It lets go of its context here; what comes after is reached.
    client = nil
    #expect(client == nil)
  }

  @Test func aDaemonThatHangsIsToldFromOneThatIsNotThere() throws {
    let directory = try folder.directory
    let context = try ZMQContext(directory)
    let sockets = try [SocketName.shell, .heartbeat].map { name in
      let socket = try ZMQSocket(context, .router, directory)
      try socket.bind(name)
      return socket
    }
    let error = #expect(throws: SocketError.self) { try ControlClient(directory: folder.path) }
    #expect(error?.kind == .silent(milliseconds: 250))
    #expect(error?.lines.first == "the daemon does not answer")
    #expect(sockets.count == 2)
  }

  @Test func aReplyThatComesTooLateIsNotTakenForAnother() throws {
    let held = Mutex<[Incoming]>([])
    let daemon = try TestDaemon(folder.path) { server, incoming in
      guard case .success(let body) = incoming.request else { return }
      if body.content["type"] == "slow" {
        held.withLock { $0.append(incoming) }
      } else {
        for late in held.withLock({ $0 }) { server.reply(to: late, content: ["type": "late"]) }
        server.reply(to: incoming, content: ["type": "ok"])
      }
    }
    let client = try makeClient()
    let error = #expect(throws: SocketError.self) {
      try client.request(["type": "slow"], timeout: .milliseconds(50))
    }
    #expect(error?.kind == .timeout(milliseconds: 50))
    // The request may still be on its way when its client gives up; the next one must not overtake it unseen.
    while held.withLock({ $0.isEmpty }) { usleep(1000) }
    #expect(try client.request(["type": "quick"]) == ["type": "ok"])
    daemon.stop()
  }

  @Test func aRequestThatIsTooLargeIsNotSent() throws {
    let daemon = try TestDaemon(folder.path)
    let client = try makeClient()
    let text = String(repeating: "x", count: HootLimits.bodyBytes)
    let error = #expect(throws: SocketError.self) { try client.request(["type": .string(text)]) }
    guard case .tooLarge(_, HootLimits.bodyBytes)? = error?.kind else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try client.request(["type": "play"])["type"] == "ok")
    daemon.stop()
    #expect(daemon.counters.requests == 1)
  }

  @Test func aReplyThatIsTooLargeBecomesARefusal() throws {
    let text = String(repeating: "x", count: HootLimits.bodyBytes)
    let daemon = try TestDaemon(folder.path) { server, incoming in
      server.reply(to: incoming, content: ["type": "ok", "result": .string(text)])
    }
    let reply = try makeClient().request(["type": "get_snapshot"], timeout: .seconds(30))
    #expect(reply["type"] == "error")
    #expect(reply["error"]?.string?.contains("at most \(HootLimits.bodyBytes) can be sent") == true)
    daemon.stop()
  }

  @Test func aReplyOfAnotherKindIsNamed() throws {
    let daemon = try TestDaemon(folder.path) { server, incoming in
      let isRaw = (try? incoming.request.get())?.content["type"] == "raw"  // An unreadable body is not raw.
      server.reply(to: incoming, contentType: isRaw ? .rawBinary : .json, body: Array("nonsense".utf8))
    }
    let client = try makeClient()
    let raw = #expect(throws: SocketError.self) { try client.request(["type": "raw"]) }
    #expect(raw?.kind == .badReply("it is RawBinary; Json was asked for"))
    let broken = #expect(throws: SocketError.self) { try client.request(["type": "json"]) }
    guard case .badReply(let text)? = broken?.kind else {
      Issue.record("\(String(describing: broken))")
      return
    }
    #expect(text.contains("at byte 1"))
    daemon.stop()
  }

  @Test func severalClientsAtOnceEachGetTheirOwnReplies() async throws {
    let daemon = try TestDaemon(folder.path)
    let path = folder.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for name in 0..<4 {
        group.addTask {
          let client = try ControlClient(directory: path, timeouts: patient)
          for index in 0..<50 {
            let content: JSONValue = ["client": .integer(Int64(name)), "index": .integer(Int64(index))]
            #expect(try client.request(content)["result"] == content)
          }
        }
      }
      try await group.waitForAll()
    }
    daemon.stop()
    #expect(daemon.counters.requests == 200)
  }
}
