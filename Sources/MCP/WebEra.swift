import FoundationEssentials
import HootWire

/// Which dialect a message by HTTP is in, and whether its headers say what it says: servers between here and the client
/// go by them.
enum WebEra {
  private static let version = "mcp-protocol-version"
  private static let method = "mcp-method"
  private static let name = "mcp-name"

  /// - Throws: where the headers name a version that is not spoken here.
  static func isStateless(_ message: JSONRPCMessage, _ request: WebRequest) throws(Malformed) -> Bool {
    let said = request.values(version)
    if said.count > 1 { throw mismatch("`MCP-Protocol-Version` is given \(said.count) times", message.id) }
    if let meta = message.params?["_meta"], meta[Era.versionKey] != nil { return true }
    guard let said = said.first else { return false }
    if said == Era.statelessVersion { return true }
    guard Era.handshakeVersions.contains(said) else {
      throw Malformed(Era.unsupported(.string(said)), id: message.id)
    }
    return false
  }

  /// The newer dialect's rules for a request, in their order.
  static func check(_ method: String, _ params: JSONObject, _ request: WebRequest) throws(RPCError) {
    guard let meta = params["_meta"], meta.object != nil else {
      throw RPCError(.invalidParams, "`_meta` must be an object")
    }
    for key in [Era.versionKey, Era.abilitiesKey] where meta[key] == nil {
      throw RPCError(.invalidParams, "`_meta` needs `\(key)`")
    }
    try compare("MCP-Protocol-Version", request, meta[Era.versionKey]?.string)
    try compare("Mcp-Method", request, method)
    switch method {
    case "tools/call", "prompts/get": try compare("Mcp-Name", request, params["name"]?.string)
    case "resources/read": try compare("Mcp-Name", request, params["uri"]?.string)
    case _ where method.hasPrefix("tasks/") && !request.values(name).isEmpty:
      try compare("Mcp-Name", request, params["taskId"]?.string)
    default: break
    }
  }

  private static func compare(
    _ header: String, _ request: WebRequest, _ wanted: String?
  ) throws(RPCError) {
    guard let wanted else { return }
    let values = request.values(header.lowercased())
    guard values.count == 1, plain(values[0]) == wanted else {
      let seen = values.isEmpty ? "is missing" : "is \(quoted(values.joined(separator: ", ")))"
      throw RPCError(.headerMismatch, "`\(header)` \(seen), and the message says \(quoted(wanted))")
    }
  }

  private static func mismatch(_ why: String, _ id: JSONValue) -> Malformed {
    Malformed(RPCError(.headerMismatch, why), id: id)
  }

  /// What a header cannot hold stands in it as `=?base64?…?=`; nil where that is no such thing.
  static func plain(_ value: String) -> String? {
    guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else { return value }
    let code = String(value.dropFirst(9).dropLast(2))
    guard let data = Data(base64Encoded: code), data.base64EncodedString() == code else { return nil }
    return String(validating: data, as: UTF8.self)
  }
}

extension JSONRPCMessage {
  var id: JSONValue {
    if case .request(let id, _, _) = self { id } else { nil }
  }

  var params: JSONObject? {
    switch self {
    case .request(_, _, let params), .notification(_, let params): params
    case .response: nil
    }
  }
}
