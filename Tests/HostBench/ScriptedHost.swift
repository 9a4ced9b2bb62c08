import Glibc
import Threading

/// A generation host that does what a script says, over real sockets on this machine: replies whole, by halves or not at
/// all, in whatever bytes. It keeps what it was asked. One thread takes connections, each has one of its own.
package final class ScriptedHost: Sendable {
  /// What it does with a request, one after the other; then it closes the connection.
  package enum Step: Sendable {
    case send([UInt8])
    case wait(seconds: Double)
    /// Sends these bytes again and again until the other end is gone.
    case endless([UInt8], every: Double)
    /// Sends what it gives, one after the other; nothing given is waited for, and nil is the end of it.
    case each(@Sendable () -> [UInt8]?)
    /// Says nothing until the other end closes, or the host stops.
    case hang
    /// Ends the connection with a reset.
    case reset
  }

  package struct Request: Sendable {
    package var method: String
    package var path: String
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]
  }

  package let port: UInt16
  package var url: String { "http://127.0.0.1:\(port)" }
  private let listener: Int32
  private let state: Locked<State>
  private let script: @Sendable (Request, Int) -> [Step]

  private struct State {
    var requests: [Request] = []
    var closedByPeer = 0
    var open: Set<Int32> = []
    var isStopping = false
  }

  /// - Parameter script: what to do with a request; the number counts them from 0.
  package init(_ script: @escaping @Sendable (Request, Int) -> [Step]) throws(ThreadingError) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, 64) == 0
          && getsockname(listener, address, &length) == 0
      }
    }
    precondition(listener >= 0 && bound, "no port is left")
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    state = Locked(State())
    self.script = script
    let weak = Unowned(self)
    _ = try OwnedThread(name: "scripted-host") { weak.host.takeConnections() }
  }

  /// The thread keeps the host until `stop`.
  private struct Unowned: @unchecked Sendable {
    let host: ScriptedHost
    init(_ host: ScriptedHost) { self.host = host }
  }

  package var requests: [Request] { state.withLock { $0.requests } }
  /// Connections that the other end closed while the host had more to do.
  package var closedByPeer: Int { state.withLock { $0.closedByPeer } }

  package func stop() {
    let open = state.withLock { state in
      state.isStopping = true
      return state.open
    }
    shutdown(listener, Int32(SHUT_RDWR))
    for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
  }

  private var isStopping: Bool { state.withLock { $0.isStopping } }

  private func takeConnections() {
    while !isStopping {
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { continue }
      state.withLock { _ = $0.open.insert(descriptor) }
      let weak = Unowned(self)
      do {
        _ = try OwnedThread(name: "scripted-call") { weak.host.serve(descriptor) }
      } catch { close(descriptor) }
    }
    close(listener)
  }

  private func serve(_ descriptor: Int32) {
    defer {
      state.withLock { _ = $0.open.remove(descriptor) }
      close(descriptor)
    }
    guard let request = RequestReader.read(descriptor) else { return }
    let number = state.withLock { state in
      state.requests.append(request)
      return state.requests.count - 1
    }
    for step in script(request, number) where !perform(step, descriptor) {
      state.withLock { $0.closedByPeer += 1 }
      return
    }
  }

  /// False when the other end is gone.
  private func perform(_ step: Step, _ descriptor: Int32) -> Bool {
    switch step {
    case .send(let bytes): return send(bytes, descriptor)
    case .wait(let seconds): return waitForClose(descriptor, seconds)
    case .hang: return waitForClose(descriptor, .infinity)
    case .endless(let bytes, let pause):
      while !isStopping {
        guard send(bytes, descriptor), pause == 0 || waitForClose(descriptor, pause) else { return false }
      }
      return true
    case .each(let next):
      while !isStopping, let bytes = next() {
        guard bytes.isEmpty ? waitForClose(descriptor, 0.005) : send(bytes, descriptor) else { return false }
      }
      return true
    case .reset:
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
      return true
    }
  }

  private func send(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// False when the other end closed before the time was over.
  private func waitForClose(_ descriptor: Int32, _ seconds: Double) -> Bool {
    var left = seconds
    while left > 0, !isStopping {
      var interest = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let slice = min(left, 0.02)
      if poll(&interest, 1, Int32(slice * 1000) + 1) > 0 {
        var byte: UInt8 = 0
        if recv(descriptor, &byte, 1, Int32(MSG_PEEK)) <= 0 { return false }
        usleep(1000)
      }
      left -= slice
    }
    return true
  }
}

/// Reads one request of HTTP/1.1 with a Content-Length or without a body.
private enum RequestReader {
  static func read(_ descriptor: Int32) -> ScriptedHost.Request? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var head: Int?
    while head == nil {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
      head = bytes.indices.dropLast(3).first { bytes[$0..<($0 + 4)].elementsEqual([13, 10, 13, 10]) }
    }
    guard let head else { return nil }
    let lines = String(decoding: bytes[..<head], as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    var request = ScriptedHost.Request(
      method: String(words[0]), path: String(words[1]), headers: [:], body: [])
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      request.headers[line[..<colon].lowercased()] = String(
        line[line.index(after: colon)...].drop { $0 == " " })
    }
    let length = Int(request.headers["content-length"] ?? "0") ?? 0
    request.body = Array(bytes[(head + 4)...])
    while request.body.count < length {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      request.body += buffer[..<count]
    }
    return request
  }
}

extension ScriptedHost.Step {
  /// A whole reply. `length` may lie.
  package static func reply(
    _ status: Int, _ body: String, type: String = "application/json", headers: [String] = [],
    length: Int? = nil
  ) -> ScriptedHost.Step {
    let lines = [
      "HTTP/1.1 \(status) Something", "Content-Type: \(type)", "Content-Length: \(length ?? body.utf8.count)",
    ]
    return .send(Array(((lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
  }

  /// The head of an event stream.
  package static let stream = ScriptedHost.Step.text(
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")

  package static func text(_ text: String) -> ScriptedHost.Step { .send(Array(text.utf8)) }
}
