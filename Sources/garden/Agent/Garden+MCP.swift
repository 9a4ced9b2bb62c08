import Commands
import ControlSocket
import Glibc
import HootWire
import MCP
import Threading
import Tools

extension Garden {
  /// Serves one agent until the input ends: a message a line, and nothing else on standard output.
  func serveAgent() throws(ToolError) -> Int32 {
    _ = try startedDaemon()
    let socketDir = try settings().socketDir
    let desk = try Self.desk(socketDir)
    let server = MCPServer(
      desk: LandingDesk(desk) { LandingLine.text($0, $1, $2) },
      scale: invocation.arguments.number(.scale) ?? 1)
    let output = Locked(())
    let connection = MCPConnection(server) { message in
      output.withLock { _ in Console.write(message.text + "\n", to: STDOUT_FILENO) }
    }
    let (lines, input) = AsyncStream.makeStream(of: LineSplitter.Line.self)
    let ended = try Self.signal()
    Task {
      for await line in lines { await connection.receive(line) }
      await connection.end()
      _ = ended.push(())
    }
    Self.read { input.yield($0) }
    input.finish()
    _ = ended.wait(milliseconds: -1)
    return ExitCode.done.rawValue
  }

  /// Never let go, nor are its sockets: see `DaemonLink`.
  private static func desk(_ socketDir: String) throws(ToolError) -> SocketDesk {
    do {
      let desk = try SocketDesk(directory: socketDir, name: "mcp")
      _ = Unmanaged.passRetained(desk)
      return desk
    } catch let error as SocketError {
      throw ToolError(error)
    } catch {
      throw ToolError(
        code: "no_thread", exit: .tryLater, what: "The agent cannot be served", why: "\(error)",
        next: "ulimit -u")
    }
  }

  private static func signal() throws(ToolError) -> Mailbox<Void> {
    do throws(ThreadingError) { return try Mailbox(capacity: 1) } catch {
      throw ToolError(
        code: "no_descriptor", exit: .internalError, what: "The agent cannot be served", why: "\(error)",
        next: "ulimit -n")
    }
  }

  /// Standard input to its end.
  private static func read(_ take: (LineSplitter.Line) -> Void) {
    var splitter = LineSplitter()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      splitter.take(buffer[..<count]).forEach(take)
    }
    if let last = splitter.finish() { take(last) }
  }
}
