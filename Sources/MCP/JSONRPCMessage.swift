import HootWire

/// One message of JSON-RPC 2.0, as it comes from a client.
package enum JSONRPCMessage: Equatable, Sendable {
  case request(id: JSONValue, method: String, params: JSONObject)
  case notification(method: String, params: JSONObject)
  /// An answer. Nothing is asked of clients, so it is passed over.
  case response

  /// Reads a message. Any thread; any bytes.
  ///
  /// - Throws: the error that answers it, and the id to answer with, null where it cannot be told.
  package static func read(_ bytes: [UInt8]) throws(Malformed) -> JSONRPCMessage {
    var limits = JSONLimits()
    limits.bytes = MCPLimits.messageBytes
    let value: JSONValue
    do { value = try JSONValue.parse(bytes, limits: limits) } catch {
      throw Malformed(RPCError(.parse, "This is no JSON: \(error)"))
    }
    guard case .object(let object) = value else {
      throw Malformed(RPCError(.invalidRequest, "A message is an object, and this is \(value.kind)"))
    }
    let id = try id(of: object)
    func refuse(_ why: String) -> Malformed { Malformed(RPCError(.invalidRequest, why), id: id ?? nil) }
    guard object["jsonrpc"]?.string == "2.0" else { throw refuse("`jsonrpc` must be \"2.0\"") }
    guard let method = object["method"] else {
      if object["result"] != nil || object["error"] != nil { return .response }
      throw refuse("A request needs a `method`")
    }
    guard let name = method.string else { throw refuse("`method` must be text, and is \(method.kind)") }
    let params: JSONObject
    switch object["params"] {
    case nil: params = JSONObject()
    case .object(let given)?: params = given
    case let other?:
      throw Malformed(
        RPCError(.invalidParams, "`params` must be an object, and is \(other.kind)"), id: id ?? nil)
    }
    return id.map { .request(id: $0, method: name, params: params) }
      ?? .notification(
        method: name, params: params)
  }

  private static func id(of object: JSONObject) throws(Malformed) -> JSONValue? {
    switch object["id"] {
    case nil: return nil
    case .integer(let id)?: return .integer(id)
    case .unsigned(let id)?: return .unsigned(id)
    case .string(let id)? where id.utf8.count <= MCPLimits.idBytes: return .string(id)
    case .string(let id)?:
      throw Malformed(
        RPCError(.invalidRequest, "`id` has \(id.utf8.count) bytes, and \(MCPLimits.idBytes) fit"))
    case let other?:
      throw Malformed(RPCError(.invalidRequest, "`id` must be text or an integer, and is \(other.kind)"))
    }
  }
}

/// What cannot be understood, and whom to tell.
package struct Malformed: Error, Equatable, Sendable {
  package var error: RPCError
  package var id: JSONValue

  package init(_ error: RPCError, id: JSONValue = nil) {
    self.error = error
    self.id = id
  }

  package var reply: JSONValue { error.reply(to: id) }

  /// Of a message that is longer than any may be.
  package static let tooLong = Malformed(
    RPCError(
      .invalidRequest, "A message may have \(MCPLimits.messageBytes) bytes, and this one is longer"))
}

/// An error of the protocol; what a tool refuses is a result.
package struct RPCError: Error, Equatable, Sendable {
  package enum Code: Int64, Sendable {
    case parse = -32700
    case invalidRequest = -32600
    case methodNotFound = -32601
    case invalidParams = -32602
    case internalError = -32603
    case busy = -32000
    /// Of 2025's revisions; the newer one has `invalidParams`.
    case resourceNotFound = -32002
    /// Of the newer dialect over HTTP.
    case headerMismatch = -32020
    case missingClientCapability = -32021
    case unsupportedVersion = -32022
  }

  package var code: Code
  package var message: String
  package var data: JSONValue?

  package init(_ code: Code, _ message: String, data: JSONValue? = nil) {
    self.code = code
    self.message = message
    self.data = data
  }

  package func reply(to id: JSONValue) -> JSONValue {
    var error: JSONValue = ["code": .integer(code.rawValue), "message": .string(message)]
    if let data, case .object(var members) = error {
      members["data"] = data
      error = .object(members)
    }
    return ["jsonrpc": "2.0", "id": id, "error": error]
  }
}
