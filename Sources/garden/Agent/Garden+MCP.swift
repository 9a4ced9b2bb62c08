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
      scale: invocation.arguments.number(.scale) ?? 1, more: [Self.renderTool(socketDir)])
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

  // MARK: Rendering

  /// `garden render` of the running session, as a tool.
  private static func renderTool(_ socketDir: String) -> AgentTool {
    let command = Catalogue.clientCommands.first { $0.name == .render }
    let parameters = command.map(\.usage.parameters)?.filter { !$0.isPositional } ?? []
    return AgentTool(
      "render", "Render the session to a sound file, faster than it plays.",
      input: parameters.map { ($0.name.rawValue, $0.schema) }, required: [ParameterName.output.rawValue],
      output: ["schema, output, seconds, frames, sample_rate"], timing: .medium
    ) { _, arguments in
      await withCheckedContinuation { answer in
        do throws(ThreadingError) {
          _ = try OwnedThread(name: "mcp-render") {
            answer.resume(returning: render(arguments, parameters, socketDir))
          }
        } catch {
          let refusal = ToolError(
            code: "no_thread", exit: .tryLater, what: "Nothing can be rendered just now", why: "\(error)",
            next: "ulimit -u")
          answer.resume(returning: refusal.content)
        }
      }
    }
  }

  private static func render(
    _ arguments: JSONObject, _ parameters: [Parameter], _ socketDir: String
  ) -> JSONValue {
    var words = ["render", "--json", "--socket-dir", socketDir]
    for member in arguments.members {
      guard let parameter = parameters.first(where: { $0.name.rawValue == member.key }) else { continue }
      switch member.value {
      case .bool(true): words.append(parameter.flag)
      case .bool(false), .null: break
      case .string(let text): words.append("\(parameter.flag)=\(text)")
      default: words.append("\(parameter.flag)=\(member.value.text)")
      }
    }
    do throws(ToolError) {
      let own = (ChildProcess.ownFolder() ?? "") + "/garden"
      let (status, text) = try ChildProcess.output(of: own, words, input: [])
      // What is no JSON is no report.
      let report = try? JSONValue.parse(text)
      if status == 0, let report { return .done(report) }
      if let detail = report?["error"] { return ["type": "error", "error": "render", "detail": detail] }
      return ToolError(
        code: "render", exit: .refused, what: "The session was not rendered",
        why: "garden render ended with \(status).", next: "garden render -o out.wav"
      ).content
    } catch { return error.content }
  }
}
