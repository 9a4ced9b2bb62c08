import Foundation
import Glibc

/// A connection to a daemon's HTTP, by its owner's socket.
final class WebLine {
  let descriptor: Int32
  private var input: [UInt8] = []

  /// - Parameter room: bytes that the system takes for it while nobody reads; nil: as many as it likes.
  init(_ folder: String, room: Int32? = nil) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    if var room { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, 4) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: Array("\(folder)/chaosgarden-http".utf8))
    }
    let isOpen = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard isOpen else { throw SceneFailure("HTTP: \(String(cString: strerror(errno)))") }
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func send(_ line: String, body: String = "") throws {
    let head = "\(line) HTTP/1.1\r\nHost: localhost\r\n"
    let rest =
      body.isEmpty ? "\r\n" : "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
    let bytes = Array((head + rest + body).utf8)
    guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw SceneFailure("HTTP takes no request")
    }
  }

  /// The next reply's status and body.
  func reply() throws -> (status: Int, body: String) {
    while true {
      if let end = input.firstRange(of: Array("\r\n\r\n".utf8)) {
        let head = String(decoding: input[..<end.lowerBound], as: UTF8.self)
        let length = head.components(separatedBy: "\r\n").first { $0.hasPrefix("Content-Length: ") }
          .flatMap { Int($0.dropFirst(16)) }
        if input.count >= end.upperBound + (length ?? 0) {
          let body = String(decoding: input[end.upperBound..<end.upperBound + (length ?? 0)], as: UTF8.self)
          input.removeFirst(end.upperBound + (length ?? 0))
          return (head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0, body)
        }
      }
      guard try read() else { throw SceneFailure("HTTP ends in the middle of a reply") }
    }
  }

  /// Reads until a line has come that holds those words, and gives it.
  func line(with words: String) throws -> String {
    while true {
      while let end = input.firstIndex(of: 0x0A) {
        let line = String(decoding: input[..<end], as: UTF8.self)
        input.removeFirst(end + 1)
        if line.contains(words) { return line }
      }
      guard try read() else { throw SceneFailure("the stream ends before \(words)") }
    }
  }

  /// Reads what is there; nil when the daemon has closed it.
  func drain(_ buffer: inout [UInt8]) -> Int? {
    let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    return count > 0 ? count : count < 0 && errno == EAGAIN ? 0 : nil
  }

  private func read() throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return false }
    input += buffer[..<count]
    return true
  }
}
