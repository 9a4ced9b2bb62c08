import HootWire

/// Which of the protocol's two dialects a request is in. Told by the request itself, so that one connection may mix them.
package enum Era: Equatable, Sendable {
  /// Up to 2025-11-25: opened by `initialize`, with tasks in the core.
  case handshake(version: String)
  /// From 2026-07-28 on: each request says what its client can do; tasks are an extension.
  case stateless(ClientAbilities)

  package static let statelessVersion = "2026-07-28"
  package static let handshakeVersions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
  package static let tasksExtension = "io.modelcontextprotocol/tasks"

  /// What a client of the newer dialect says of itself with a request.
  package struct ClientAbilities: Equatable, Sendable {
    /// It understands a task's handle in place of a result.
    package var takesTasks = false

    package init() {}
  }

  static let versionKey = "io.modelcontextprotocol/protocolVersion"
  static let abilitiesKey = "io.modelcontextprotocol/clientCapabilities"

  /// - Parameter agreed: what `initialize` has agreed on.
  package static func of(_ params: JSONObject, agreed: String?) throws(RPCError) -> Era {
    guard let version = params["_meta"]?[versionKey] else {
      return .handshake(version: agreed ?? handshakeVersions[0])
    }
    guard version.string == statelessVersion else {
      throw unsupported(version)
    }
    guard let given = params["_meta"]?[abilitiesKey], given.object != nil else {
      throw RPCError(.invalidParams, "`_meta` needs `\(abilitiesKey)`, an object")
    }
    var abilities = ClientAbilities()
    abilities.takesTasks = given["extensions"]?[tasksExtension]?.object != nil
    return .stateless(abilities)
  }

  static func unsupported(_ version: JSONValue) -> RPCError {
    RPCError(
      .unsupportedVersion,
      "The protocol version \(quoted(version.string ?? version.kind)) is not spoken here",
      data: [
        "supported": .array(([statelessVersion] + handshakeVersions).map { .string($0) }),
        "requested": version,
      ])
  }

  package var isStateless: Bool {
    if case .stateless = self { return true }
    return false
  }

  /// Links to resources stand in results since 2025-06-18.
  var hasLinks: Bool {
    switch self {
    case .stateless: true
    case .handshake(let version): version >= "2025-06-18"
    }
  }
}
