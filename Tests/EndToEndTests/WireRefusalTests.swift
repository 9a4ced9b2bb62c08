import Foundation
import Glibc
import HootWire
import Testing

@testable import ControlSocket

extension EndToEnd {
  /// What `garden` would never send, straight to the sockets.
  struct Wire {
    @Test func `Requests of the wrong shape are refused and change nothing`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen()
        try peer.act("play")
        let before = try peer.picture()
        let wrong: [(String, JSONValue)] = [
          ("seek", [:]), ("seek", ["position": nil]), ("seek", ["position": true]),
          ("seek", ["position": ["a": 1]]),
          ("seek", ["position": [1, 2]]), ("seek", ["position": 1e300]), ("seek", ["postion": 1]),
          ("tempo", ["bpm": "fast"]), ("tempo", ["bpm": 1e300]), ("tempo", ["bpm": -120]),
          ("tempo", ["ramp": 4]),
          ("region_add", ["file": "relative.mid"]), ("region_add", ["file": "/a\u{0}b"]),
          ("region_add", ["file": 5]),
          ("region_rm", ["region": []]),
          ("region_rm", ["region": .array(Array(repeating: "x", count: 5000))]),
          ("region_dup", ["region": "x", "times": 9_223_372_036_854_775_807]),
          ("track_add", ["name": "a\nb"]),
          ("track_add", ["name": .string(String(repeating: "n", count: 201))]),
          ("track_add", ["name": "\u{202E}", "gain": "loud"]), ("marker_add", ["name": "", "at": 1]),
          ("no_such_tool", [:]), ("", [:]), ("region add", [:]),
          ("loop", ["off": true, "on": true, "start": "1:1"]),
        ]
        for (type, arguments) in wrong {
          let reply = try peer.request(type, arguments)
          // A loop's words may be given together; then the first counts.
          if type == "loop" { continue }
          #expect(reply["type"] == "error", "\(type) \(arguments.text.prefix(80)): \(reply.text)")
        }
        #expect(try peer.request("", [:])["type"] == "error")
        #expect(try peer.client.request(["no": "type"])["type"] == "error")
        #expect(try peer.client.request(["type": 7])["type"] == "error")
        #expect(try peer.client.request([1, 2, 3])["type"] == "error")
        #expect(try peer.client.request("text")["type"] == "error")
        #expect(try peer.picture() == before)
        #expect(try peer.state() == "rolling")
      }
    }

    @Test func `Bodies that are no message get an error, and garbage gets silence`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("play")
        let raw = try RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        let deep = String(repeating: "[", count: 100_000)
        let bodies = [
          "", "{", "null", "{}", "{\"content\":{}}", deep, "{\"a\":1e999}", "\u{FEFF}{}",
          "{\"header\":{},\"metadata\":{},\"content\":{\"type\":\"play\"}}",
        ]
        for body in bodies.map({ Array($0.utf8) }) + [[0xFF, 0xFE, 0x00]] {
          let frame = HootFrame(command: .request, contentType: .json, requestID: UUID(), body: body)
          #expect(raw.send(frame.encode()) == .queued)
          let reply = try #require(raw.receive().map { try HootFrame.parse($0) })
          #expect(reply.requestID == frame.requestID)
          let content = try JSONBodyCodec.message(reply.body).content
          #expect(content["type"] == "error", "\(body.prefix(40))")
        }
        for type in [HootFrame.ContentType.capnProto, .empty, .rawBinary] {
          let frame = HootFrame(command: .request, contentType: type, requestID: UUID(), body: [1, 2, 3])
          _ = raw.send(frame.encode())
          #expect(try #require(raw.receive().map { try HootFrame.parse($0) }).command == .reply)
        }
        var hostile: [[[UInt8]]] = [
          [[]], [Array("HOOT01".utf8)], [Array("HOOT01".utf8), [0], [0], [], [], [], []],
          [Array("HOOT01".utf8), [0, 2], [0, 3], [1], [], [], []],
          [Array("HOOT01".utf8), [255, 255], [0, 3], [UInt8](repeating: 1, count: 16), [], [], []],
          [Array("HOOT01".utf8), [0, 2], [0, 3], [UInt8](repeating: 1, count: 16), [0xFF], [0xC0], []],
          Array(repeating: [0xFF], count: 200), [[UInt8](repeating: 0, count: 1 << 20)],
        ]
        hostile.append(Array(repeating: Array("HOOT01".utf8), count: 64))
        for frames in hostile { #expect(raw.send(frames) == .queued) }
        // Silence for those, and the next good request is answered as ever.
        let good = requestFrame(["type": "status"])
        #expect(raw.send(good.encode()) == .queued)
        #expect(try #require(raw.receive().map { try HootFrame.parse($0) }).requestID == good.requestID)
        #expect(try peer.state() == "rolling")
      }
    }

    @Test func `A client that dies in the middle of anything is nobody's trouble`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("play")
        let path = stage.socketDir + "/chaosgarden-shell"
        let greeting: [UInt8] =
          [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0] + Array("NULL".utf8) + [UInt8](repeating: 0, count: 48)
        let ready: [UInt8] =
          [4, 26, 5] + Array("READY".utf8) + [11] + Array("Socket-Type".utf8) + [0, 0, 0, 6]
          + Array("DEALER".utf8)
        let half: [UInt8] = [1, 6] + Array("HOOT01".utf8) + [1, 2, 0, 2]
        let endless: [UInt8] = [2, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        let talks: [[UInt8]] = [
          [], [0xFF], Array("GET / HTTP/1.1\r\n\r\n".utf8), greeting, greeting + ready,
          greeting + ready + half,
          greeting + ready + endless, greeting + Array(repeating: 0xAA, count: 4096),
        ]
        for talk in talks { try speak(talk, to: path) }
        for talk in talks { try speak(talk, to: stage.socketDir + "/chaosgarden-events") }
        // A whole request, and gone before the reply.
        for _ in 0..<20 {
          let raw = try RawPeer(SocketDirectory(path: stage.socketDir), .shell)
          _ = raw.send(requestFrame(["type": "status"]).encode())
        }
        let slow = stage.started(
          "garden", ["region", "add", Stage.demo("demo.mid")], out: "/dev/null", error: "/dev/null",
          seconds: 5)
        try slow.run()
        kill(slow.processIdentifier, SIGKILL)
        #expect(try peer.state() == "rolling")
        let then = try peer.deviceFrame()
        #expect(try eventually { try peer.deviceFrame() > then })
      }
    }

    private func speak(_ bytes: [UInt8], to path: String) throws {
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      try #require(descriptor >= 0)
      defer { close(descriptor) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
      let connected = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      try #require(connected == 0)
      _ = write(descriptor, bytes, bytes.count)
    }

    /// A client without patience or manners.
    final class RawPeer {
      private let socket: ZMQSocket

      init(_ directory: SocketDirectory, _ name: SocketName) throws {
        socket = try ZMQSocket(ZMQContext(directory), .dealer, directory)
        try socket.connect(name)
      }

      func send(_ frames: [[UInt8]]) -> ZMQSocket.Sent { socket.send(frames) }

      /// The next message within twenty seconds.
      func receive() -> [[UInt8]]? {
        let deadline = Deadline(after: .seconds(20))
        while deadline.remainingNanoseconds > 0 {
          if case .message(let frames) = socket.receive() { return frames }
          var wait = SocketWait([socket])
          _ = wait.wait(until: deadline)
        }
        return nil
      }
    }
  }
}

/// A request as a client of this project frames it.
func requestFrame(_ content: JSONValue) -> HootFrame {
  let header = HootMessage.Header(msgID: UUID(), session: UUID(), msgType: "shell_request", timestamp: .now)
  return HootFrame(
    command: .request, contentType: .json, requestID: header.msgID,
    body: HootMessage(header: header, content: content).encode().encode())
}
