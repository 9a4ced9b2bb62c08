import Foundation
import Glibc
import HootWire
import Synchronization
import Testing

@testable import WebServer

/// A desk that says what a test wants, and keeps what it was asked.
final class ScriptedDesk: RequestDesk {
  let asked = Mutex<[JSONValue]>([])
  private let reply: @Sendable (JSONValue) -> JSONValue

  init(
    _ reply: @escaping @Sendable (JSONValue) -> JSONValue = { _ in ["type": "ok", "result": ["done": true]] }
  ) {
    self.reply = reply
  }

  func ask(_ content: JSONValue, timeout: Duration) async -> JSONValue {
    asked.withLock { $0.append(content) }
    return reply(content)
  }

  var questions: [JSONValue] { asked.withLock { $0 } }
}

/// A server on any free port, and plain sockets to it.
final class WebBench {
  let server: WebServer
  let desk: ScriptedDesk
  let port: UInt16
  let folder: String
  static let token = String(repeating: "5e", count: 32)

  /// - Parameter messages: room of the web thread's mailbox.
  init(
    _ desk: ScriptedDesk = ScriptedDesk(), door: (any MessageDoor)? = nil, events: EventSource? = nil,
    sound: PlayedSound? = nil,
    messages: Int = WebLimits.messages
  ) throws {
    folder = "/tmp/cg-web-\(UUID().uuidString.prefix(8))"
    mkdir(folder, 0o700)
    self.desk = desk
    var plan = WebServer.Plan(
      address: "127.0.0.1", port: 0, servesTCP: true, socketPath: folder + "/chaosgarden-http",
      names: ["stage.example"], token: Self.token, uploadFolder: folder)
    plan.messages = messages
    server = try WebServer(plan, desk: desk, door: door, events: events, sound: sound)
    port = try #require(UInt16(server.places[1].split(separator: ":").last ?? ""))
  }

  deinit {
    server.stop()
    rmdir(folder)
  }

  func socket() throws -> PlainSocket { try PlainSocket(port: port) }

  /// One request on a connection of its own, with the token and the right Host unless `headers` say otherwise.
  func ask(_ line: String, _ headers: [String] = [], body: String = "", token: String? = WebBench.token)
    throws
    -> PlainReply
  {
    let socket = try socket()
    var head = "\(line) HTTP/1.1\r\nConnection: close\r\n"
    if !headers.contains(where: { $0.hasPrefix("Host:") }) { head += "Host: 127.0.0.1:\(port)\r\n" }
    if let token { head += "Authorization: Bearer \(token)\r\n" }
    if !body.isEmpty {
      head += "Content-Length: \(body.utf8.count)\r\n"
      if !headers.contains(where: { $0.hasPrefix("Content-Type:") }) {
        head += "Content-Type: application/json\r\n"
      }
    }
    for header in headers { head += header + "\r\n" }
    socket.send(head + "\r\n" + body)
    return try #require(PlainReply(socket.readToEnd()), "no reply to \(line)")
  }
}

struct PlainReply {
  let status: Int
  let headers: [(name: String, value: String)]
  let body: String

  init?(_ text: String) {
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      return nil
    }
    self.status = status
    headers = lines.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      return (
        String(parts[0]).lowercased(), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
      )
    }
    body = String(text[end.upperBound...])
  }

  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
  var json: JSONValue { (try? JSONValue.parse(Array(body.utf8))) ?? nil }
  var code: String? { json["code"]?.string }
}

final class PlainSocket {
  let descriptor: Int32

  init(port: UInt16) throws {
    descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    // What it does not read fills little.
    var room: Int32 = 65_536
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, 4)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    let joined = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard joined == 0 else { throw HeadError.malformed("nobody listens") }
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  @discardableResult
  func send(_ text: String) -> Bool { send(bytes: Array(text.utf8)) }

  @discardableResult
  func send(bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  func read() -> String {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : ""
  }

  /// Reads until `wanted` is in what has come, or nothing comes any more.
  func read(until wanted: String) -> String {
    var text = ""
    while !text.contains(wanted) {
      let more = read()
      if more.isEmpty { return text }
      text += more
    }
    return text
  }

  func readToEnd() -> String {
    var text = ""
    while true {
      let more = read()
      if more.isEmpty { return text }
      text += more
    }
  }
}
