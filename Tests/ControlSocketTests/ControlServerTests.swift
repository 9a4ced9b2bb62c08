import Foundation
import HootWire
import Testing

@testable import ControlSocket

@Suite struct ControlServerTests {
  private let folder = TemporaryFolder()

  private func makeServer() throws -> ControlServer { try ControlServer(directory: folder.directory) }

  private func peer(_ name: SocketName, routingID: String? = nil) throws -> RawPeer {
    try RawPeer(folder.directory, name, routingID: routingID)
  }

  @Test(arguments: [SocketName.shell, .control]) func aRequestIsAnsweredInItsOwnKind(_ name: SocketName)
    throws
  {
    let server = try makeServer()
    let peer = try peer(name)
    let request = requestFrame(["type": "play"])
    #expect(peer.socket.send(request.encode()) == .queued)
    let frames = try #require(peer.receive(polling: server))
    let reply = try HootFrame.parse(frames)
    #expect(reply.identity.isEmpty)
    #expect(reply.command == .reply)
    #expect(reply.contentType == .json)
    #expect(reply.requestID == request.requestID)
    let sent = try JSONBodyCodec.message(request.body)
    let message = try JSONBodyCodec.message(reply.body)
    #expect(message.parentHeader == sent.header)
    #expect(message.header.session == sent.header.session)
    #expect(message.header.msgType == "shell_reply")
    #expect(message.content == ["type": "ok", "result": ["type": "play"]])
    #expect(server.counters.requests == 1)
  }

  @Test func whateverStoodBeforeTheMarkComesBack() throws {
    let server = try makeServer()
    let peer = try peer(.shell)
    #expect(peer.socket.send([[], [7, 0, 7]] + requestFrame(["type": "play"]).encode()) == .queued)
    #expect(try #require(peer.receive(polling: server)).prefix(3) == [[], [7, 0, 7], HootFrame.mark])
  }

  @Test(arguments: [SocketName.shell, .control, .heartbeat])
  func aHeartbeatIsAnsweredWithOne(_ name: SocketName) throws {
    let server = try makeServer()
    let peer = try peer(name)
    let ping = HootFrame(command: .heartbeat, contentType: .empty, requestID: UUID(), service: "x")
    #expect(peer.socket.send(ping.encode()) == .queued)
    let reply = try HootFrame.parse(try #require(peer.receive(polling: server)))
    #expect(reply == ping.heartbeatAnswer)
    #expect(server.counters.heartbeats == 1)
  }

  @Test func theHeartbeatSocketAnswersAnyCommandWithAHeartbeat() throws {
    let server = try makeServer()
    let peer = try peer(.heartbeat)
    for command in HootFrame.Command.allCases {
      let frame = requestFrame(["type": "play"], command: command)
      #expect(peer.socket.send(frame.encode()) == .queued)
      let reply = try HootFrame.parse(try #require(peer.receive(polling: server)))
      #expect(reply == frame.heartbeatAnswer)
    }
  }

  @Test func theHeartbeatSocketEchoesWhatItDoesNotUnderstand() throws {
    let server = try makeServer()
    let peer = try peer(.heartbeat)
    let pings: [[[UInt8]]] = [
      [Array("ping".utf8)], [[]], [[1], [], [2]], [HootFrame.mark], [HootFrame.mark, [0, 9], [0, 0]],
    ]
    for ping in pings {
      #expect(peer.socket.send(ping) == .queued)
      #expect(peer.receive(polling: server) == ping)
    }
    #expect(server.counters.echoes == UInt64(pings.count))
  }

  @Test func shellAndControlMeetWhatIsMalformedOrNoRequestWithSilence() throws {
    let server = try makeServer()
    let seven = requestFrame(["type": "play"]).encode()
    func replacing(_ index: Int, _ bytes: [UInt8]) -> [[UInt8]] {
      var frames = seven
      frames[index] = bytes
      return frames
    }
    let malformed: [[[UInt8]]] = [
      [[]], [Array("ping".utf8)], seven.dropLast(), replacing(0, [0]), replacing(1, [2]),
      replacing(1, [0, 9]),
      replacing(2, [0, 4]), replacing(3, [1, 2]), replacing(4, [0xff]), replacing(5, [0xff]),
      Array(repeating: [1], count: SocketLimits.messageFrames + 10),
    ]
    for name in [SocketName.shell, .control] {
      let peer = try peer(name)
      for frames in malformed { #expect(peer.socket.send(frames) == .queued) }
      for command in [HootFrame.Command.ready, .reply, .disconnect] {
        #expect(peer.socket.send(requestFrame(nil, command: command).encode()) == .queued)
      }
      let fence = HootFrame(command: .heartbeat, contentType: .empty, requestID: UUID())
      #expect(peer.socket.send(fence.encode()) == .queued)
      // The first that comes back is the answer to the last that was sent.
      #expect(peer.receive(polling: server) == fence.heartbeatAnswer.encode())
    }
    #expect(server.counters.malformed == UInt64(2 * malformed.count))
    #expect(server.counters.ignored == 6)
    #expect(server.counters.requests == 0)
  }

  @Test func aBodyThatCannotBeReadHasItsRefusalInJSON() throws {
    let server = try makeServer()
    let peer = try peer(.shell)
    let bodies: [(HootFrame.ContentType, [UInt8], String)] = [
      (.json, Array("{".utf8), "Failed to parse JSON ShellRequest: "),
      (.json, Array("{}".utf8), "Failed to parse JSON ShellRequest: missing field `header`"),
      (.json, [], "Failed to parse JSON ShellRequest: "),
      (.json, Array(repeating: UInt8(ascii: "["), count: 100_000), "Failed to parse JSON ShellRequest: "),
      (.empty, [], "Unsupported content type: Empty"),
      (.rawBinary, [0, 1], "Unsupported content type: RawBinary"),
      (.capnProto, [0, 0, 0, 0], "Unsupported content type: CapnProto"),
    ]
    for (contentType, body, text) in bodies {
      let request = HootFrame(
        command: .request, contentType: contentType, requestID: UUID(), body: body)
      #expect(peer.socket.send(request.encode()) == .queued)
      let reply = try HootFrame.parse(try #require(peer.receive(polling: server)))
      #expect(reply.requestID == request.requestID)
      #expect(reply.contentType == .json)
      let message = try JSONBodyCodec.message(reply.body)
      #expect(message.content["type"] == "error")
      #expect(message.content["error"]?.string?.hasPrefix(text) == true)
      #expect(message.header.msgType == "shell_reply")
    }
  }

  @Test func aPeerNamedLikeTheMarkIsServedLikeAnyOther() throws {
    let server = try makeServer()
    for name in [SocketName.shell, .heartbeat] {
      let peer = try peer(name, routingID: "HOOT01")
      let ping = HootFrame(command: .heartbeat, contentType: .empty, requestID: UUID())
      #expect(peer.socket.send(ping.encode()) == .queued)
      #expect(peer.receive(polling: server) == ping.heartbeatAnswer.encode())
      #expect(peer.socket.send([[9]]) == .queued)
      #expect(peer.socket.send(ping.encode()) == .queued)
      if name == .heartbeat { #expect(peer.receive(polling: server) == [[9]]) }
      #expect(peer.receive(polling: server) == ping.heartbeatAnswer.encode())
    }
  }

  @Test func onePollTakesAtMostABatchAndTheNextTakesTheRest() throws {
    let server = try makeServer()
    let peer = try peer(.shell)
    let count = SocketLimits.batchMessages + 100
    for index in 0..<count {
      #expect(peer.socket.send(requestFrame(["type": .integer(Int64(index))]).encode()) == .queued)
    }
    var seen: [Int64] = []
    let deadline = Deadline(after: .seconds(10))
    while seen.count < count && deadline.remainingNanoseconds > 0 {
      let batch = server.poll(timeout: .milliseconds(50)).requests
      #expect(batch.count <= SocketLimits.batchMessages)
      seen += batch.compactMap { incoming in
        if case .success(let body) = incoming.request { body.content["type"]?.int } else { nil }
      }
    }
    #expect(seen == (0..<Int64(count)).map { $0 })
  }

  @Test func aFloodOnShellDoesNotKeepControlWaiting() throws {
    let server = try makeServer()
    let flood = try peer(.shell)
    for _ in 0..<SocketLimits.batchMessages { _ = flood.socket.send(requestFrame(["type": "x"]).encode()) }
    let first = requests(1, from: server)
    #expect(!first.isEmpty)
    let control = try peer(.control)
    for _ in 0..<SocketLimits.batchMessages { _ = flood.socket.send(requestFrame(["type": "x"]).encode()) }
    #expect(control.socket.send(requestFrame(["type": "emergency_pause"]).encode()) == .queued)
    #expect(control.receive(polling: server) != nil)
  }

  @Test func aReadableDescriptorEndsTheWaitAndIsNamed() throws {
    let server = try makeServer()
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    #expect(server.poll(timeout: .microseconds(200), descriptors: [ends[0]]).readyDescriptors.isEmpty)
    #expect(write(ends[1], "x", 1) == 1)
    #expect(server.poll(timeout: .seconds(60), descriptors: [ends[0]]).readyDescriptors == [ends[0]])
    // Also when messages are there as well.
    let peer = try peer(.shell)
    #expect(peer.socket.send(requestFrame(["type": "x"]).encode()) == .queued)
    var batch = server.poll(timeout: .zero, descriptors: [ends[0]])
    let deadline = Deadline(after: .seconds(10))
    while batch.requests.isEmpty && deadline.remainingNanoseconds > 0 {
      batch = server.poll(timeout: .zero, descriptors: [ends[0]])
      #expect(batch.readyDescriptors == [ends[0]])
    }
    #expect(batch.requests.count == 1)
  }

  @Test func aClientThatDiesInMidRequestDisturbsNobody() throws {
    let server = try makeServer()
    var dying: RawPeer? = try peer(.shell)
    let living = try peer(.shell)
    #expect(dying?.socket.send(requestFrame(["type": "a"]).encode()) == .queued)
    let orphan = try #require(requests(1, from: server).first)
    dying = nil
    var delivery = server.reply(to: orphan, content: ["type": "ok"])
    let deadline = Deadline(after: .seconds(10))
    while delivery == .queued && deadline.remainingNanoseconds > 0 {
      _ = server.poll(timeout: .milliseconds(5))
      delivery = server.reply(to: orphan, content: ["type": "ok"])
    }
    #expect(delivery == .peerGone)
    #expect(server.counters.repliesDropped == 1)
    let request = requestFrame(["type": "b"])
    #expect(living.socket.send(request.encode()) == .queued)
    let reply = try HootFrame.parse(try #require(living.receive(polling: server)))
    #expect(reply.requestID == request.requestID)
  }

  @Test func aClientThatReadsNothingLosesItsOwnRepliesOnly() throws {
    let server = try makeServer()
    let deaf = try peer(.shell)
    #expect(deaf.socket.send(requestFrame(["type": "a"]).encode()) == .queued)
    let request = try #require(requests(1, from: server).first)
    let body = [UInt8](repeating: 0x20, count: 4096)
    var delivery = Delivery.queued
    for _ in 0..<20_000 where delivery == .queued {
      delivery = server.reply(to: request, contentType: .json, body: body)
    }
    #expect(delivery == .peerFull)
    #expect(server.counters.repliesDropped == 1)
    let other = try peer(.shell)
    #expect(other.socket.send(requestFrame(["type": "b"]).encode()) == .queued)
    #expect(other.receive(polling: server) != nil)
  }

  @Test func aFrameBeyondTheLimitEndsItsSenderOnly() throws {
    let server = try makeServer()
    let hostile = try peer(.shell)
    let frames = requestFrame(["type": "a"]).encode().dropLast()
    let huge = [UInt8](repeating: 0x20, count: SocketLimits.frameBytes + 1)
    #expect(hostile.socket.send(frames + [huge]) == .queued)
    let other = try peer(.shell)
    #expect(other.socket.send(requestFrame(["type": "b"]).encode()) == .queued)
    #expect(other.receive(polling: server) != nil)
    #expect(server.counters.requests == 1)
  }

  @Test func iopubCarriesMessagesInHootennanysForm() throws {
    let server = try makeServer()
    let listener = try peer(.iopub)
    var frames: [[UInt8]]?
    let deadline = Deadline(after: .seconds(10))
    // A plain subscriber cannot know when its subscription stands.
    while frames == nil && deadline.remainingNanoseconds > 0 {
      server.publish(iopub: ["type": "playback_started"])
      _ = server.poll(timeout: .milliseconds(5))
      if case .message(let found) = listener.socket.receive() { frames = found }
    }
    let frame = try HootFrame.parse(try #require(frames))
    #expect(frames?.count == 7)
    #expect(frame.contentType == .json)
    let message = try JSONBodyCodec.message(frame.body)
    #expect(message.header.msgType == "iopub_event")
    #expect(message.parentHeader == nil)
    #expect(message.content == ["type": "playback_started"])
  }

  @Test func whatWasQueuedLeavesBeforeTheServerCloses() throws {
    let server = try makeServer()
    let peer = try peer(.control)
    #expect(peer.socket.send(requestFrame(["type": "shutdown"]).encode()) == .queued)
    let request = try #require(requests(1, from: server).first)
    #expect(server.reply(to: request, content: ["type": "shutting_down"]) == .queued)
    server.close()
    let reply = try HootFrame.parse(try #require(peer.receive()))
    #expect(try JSONBodyCodec.message(reply.body).content == ["type": "shutting_down"])
    #expect(server.reply(to: request, content: ["type": "ok"]) == .peerGone)
  }
}
