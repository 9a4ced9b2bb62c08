import HootWire
import Synchronization

@testable import MCP

/// A client of the core in both dialects.
final class Talk: Sendable {
  /// Ids of its own requests, beside those of messages that are written out.
  private let number = Mutex<Int64>(1_000)
  private let connection: MCPConnection

  init(_ desk: ScriptedDesk, scale: Double = 0.01) {
    let said = Said()
    self.said = said
    connection = MCPConnection(MCPServer(desk: desk, scale: scale)) { message in
      said.messages.withLock { $0.append(message) }
    }
  }

  private final class Said: Sendable {
    let messages = Mutex<[JSONValue]>([])
  }

  private let said: Said

  var messages: [JSONValue] { said.messages.withLock { $0 } }

  func send(_ bytes: [UInt8]) async { await connection.receive(.message(bytes)) }
  func send(_ value: JSONValue) async { await send(value.encode()) }
  func sendTooLong() async { await connection.receive(.tooLong) }
  func end() async { await connection.end() }

  static let stateless: JSONValue = [
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": [:],
  ]
  static let withTasks: JSONValue = [
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": ["extensions": ["io.modelcontextprotocol/tasks": [:]]],
  ]

  /// Sends a request and waits for its answer; nil after half a minute.
  func ask(_ method: String, _ params: JSONValue = [:], meta: JSONValue? = nil) async -> JSONValue? {
    let id = number.withLock { number in
      number += 1
      return number
    }
    var members = params.object ?? JSONObject()
    if let meta { members["_meta"] = meta }
    await send(["jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": .object(members)])
    return await answer(to: .integer(id))
  }

  func answer(to id: JSONValue) async -> JSONValue? {
    let deadline = ContinuousClock.now + .seconds(30)
    while .now < deadline {
      if let answer = messages.first(where: { $0["id"] == id }) { return answer }
      try? await Task.sleep(for: .milliseconds(2))
    }
    return nil
  }

  func call(_ tool: String, _ arguments: JSONValue = [:], meta: JSONValue? = nil) async -> JSONValue? {
    await ask("tools/call", ["name": .string(tool), "arguments": arguments], meta: meta)
  }
}
