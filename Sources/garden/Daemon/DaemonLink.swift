import Commands
import ControlSocket
import Glibc
import HootWire
import Tools

/// `garden`'s end of the control sockets: requests by their declarations, refusals as `ToolError`.
///
/// One thread, the one that made it.
struct DaemonLink {
  let client: ControlClient

  /// Exit status 69 when nobody is there.
  init(socketDir: String, hello: Duration = .seconds(1)) throws(ToolError) {
    var timeouts = ClientTimeouts()
    timeouts.hello = hello
    do {
      client = try ControlClient(directory: socketDir, timeouts: timeouts)
    } catch {
      throw ToolError(error)
    }
    // Never let go: ending a ZeroMQ context can wait for ever on a peer that ends during the handshake, in
    // spite of ZMQ_LINGER 0 (seen with libzmq 4.3.4). The process is about to end, and takes it along.
    _ = Unmanaged.passRetained(client)
  }

  /// Whether a process listens in the directory, alive or hung. Asks the kernel, not ZeroMQ.
  static func isServed(_ socketDir: String) -> Bool {
    SocketName.allCases.contains { socket in
      let path = Array("\(socketDir)/\(socket.rawValue)".utf8)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
      let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      guard descriptor >= 0 else { return false }
      defer { close(descriptor) }
      return withUnsafePointer(to: address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
      }
    }
  }

  /// The `result` of a request.
  func query(
    _ name: ToolName, _ arguments: Arguments = Arguments(), on socket: ControlClient.Socket = .shell,
    timeout: Double = 5
  ) throws(ToolError) -> JSONValue {
    let content = Catalogue.tool(name).request(arguments)
    let reply: JSONValue
    do {
      reply = try client.request(content, on: socket, timeout: .seconds(timeout))
    } catch {
      throw Self.isServed(client.directory.path) ? ToolError(error) : Garden.gone
    }
    // The control socket answers in words of its own (`shutting_down`, …); only `error` is a refusal.
    if let type = reply["type"]?.string, type != "error" { return reply["result"] ?? reply }
    throw ToolError(reply: reply)
  }

  /// What came of a command.
  struct Outcome {
    var result: JSONValue
    /// The `landed` event; nil when nobody waited, or when there was nothing to wait for.
    var landed: JSONValue?
  }

  /// Sends a request and, when its reply names a command, waits at most `timeout` seconds for that to land.
  ///
  /// Exit status 124 when it has not landed in time; the command itself stays given.
  func perform(
    _ tool: Tool, _ arguments: Arguments, replyTimeout: Double, landingTimeout: Double?
  ) throws(ToolError) -> Outcome {
    if landingTimeout != nil {
      do {
        try client.subscribe(topics: ["command"])
      } catch {
        throw ToolError(error)
      }
    }
    let result = try query(tool.name, arguments, timeout: replyTimeout)
    guard let landingTimeout, let id = result["command"]?["id"]?.int else { return Outcome(result: result) }
    return Outcome(result: result, landed: try landing(of: id, tool, within: landingTimeout))
  }

  private func landing(of id: Int64, _ tool: Tool, within seconds: Double) throws(ToolError) -> JSONValue {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while let event = client.nextEvent(timeout: max(.zero, clock.now.duration(to: deadline))) {
      guard event.content["command"]?.int == id else { continue }
      switch event.content["type"]?.string {
      case "landed"?: return event.content
      case "failed"?: throw ToolError(reply: ["detail": event.content])
      default: continue
      }
    }
    throw ToolError(
      code: "timed_out", exit: .timedOut,
      what: "\(tool.usage.command) was accepted as command \(id) and has not landed",
      why: "Waited \(Field.decimal(seconds, 2)) s; the audio thread may be stalled.",
      next: "garden status, or again with --timeout 30 or --no-wait")
  }
}
