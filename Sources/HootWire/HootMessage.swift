import FoundationEssentials

/// The JSON body of a HOOT01 message: header, parent header, metadata, content.
package struct HootMessage: Equatable, Sendable {
  package struct Header: Equatable, Sendable {
    package var msgID: UUID
    package var session: UUID
    /// `shell_request`, `shell_reply`, `control_request`, `control_reply`, `iopub_event`, `event`; not
    /// checked on receipt.
    package var msgType: String
    package var version: String
    package var timestamp: Timestamp

    package init(
      msgID: UUID, session: UUID, msgType: String, version: String = Header.currentVersion,
      timestamp: Timestamp
    ) {
      self.msgID = msgID
      self.session = session
      self.msgType = msgType
      self.version = version
      self.timestamp = timestamp
    }

    package static let currentVersion = "0.1.0"
  }

  package var header: Header
  /// In a reply: the header of the request.
  package var parentHeader: Header?
  package var metadata: JSONObject
  package var content: JSONValue

  package init(
    header: Header, parentHeader: Header? = nil, metadata: JSONObject = JSONObject(), content: JSONValue
  ) {
    self.header = header
    self.parentHeader = parentHeader
    self.metadata = metadata
    self.content = content
  }
}

extension HootMessage {
  /// Reads a message. `metadata` must be there, `parent_header` may be missing; unknown members are ignored.
  package static func parse(_ value: JSONValue) throws(MessageError) -> HootMessage {
    guard value.object != nil else { throw .wrongKind("message", wanted: "an object", found: value.kind) }
    let header = try Header.parse(try field("header", of: value), "header")
    let parent: Header? =
      switch value["parent_header"] {
      case nil, .null?: nil
      case let parent?: try Header.parse(parent, "parent_header")
      }
    let metadata = try field("metadata", of: value)
    guard let metadataObject = metadata.object else {
      throw .wrongKind("metadata", wanted: "an object", found: metadata.kind)
    }
    return HootMessage(
      header: header, parentHeader: parent, metadata: metadataObject,
      content: try field("content", of: value))
  }

  package func encode() -> JSONValue {
    [
      "header": header.encode(), "parent_header": parentHeader?.encode() ?? .null,
      "metadata": .object(metadata), "content": content,
    ]
  }

  private static func field(_ name: String, of value: JSONValue) throws(MessageError) -> JSONValue {
    guard let field = value[name] else { throw .missing(name) }
    return field
  }
}

extension HootMessage.Header {
  fileprivate static func parse(_ value: JSONValue, _ path: String) throws(MessageError) -> Self {
    guard value.object != nil else { throw .wrongKind(path, wanted: "an object", found: value.kind) }
    func text(_ name: String) throws(MessageError) -> String {
      guard let field = value[name] else { throw .missing("\(path).\(name)") }
      guard let text = field.string else {
        throw .wrongKind("\(path).\(name)", wanted: "a string", found: field.kind)
      }
      return text
    }
    func uuid(_ name: String) throws(MessageError) -> UUID {
      let found = try text(name)
      guard let uuid = UUID(wireText: found) else {
        throw .unreadable("\(path).\(name)", wanted: "a uuid", found: found)
      }
      return uuid
    }
    let time = try text("timestamp")
    guard let timestamp = Timestamp(text: time) else {
      throw .unreadable("\(path).timestamp", wanted: "an RFC 3339 time with offset", found: time)
    }
    return Self(
      msgID: try uuid("msg_id"), session: try uuid("session"), msgType: try text("msg_type"),
      version: try text("version"), timestamp: timestamp)
  }

  fileprivate func encode() -> JSONValue {
    [
      "msg_id": .string(msgID.wireText), "session": .string(session.wireText), "msg_type": .string(msgType),
      "version": .string(version), "timestamp": .string(timestamp.text),
    ]
  }
}

/// Why a JSON value is no message.
package enum MessageError: Error, Equatable, Sendable, CustomStringConvertible {
  case missing(String)
  case wrongKind(String, wanted: String, found: String)
  case unreadable(String, wanted: String, found: String)

  package var description: String {
    switch self {
    case .missing(let field): "missing field `\(field)`"
    case .wrongKind(let field, let wanted, let found): "`\(field)` is \(found); \(wanted) is needed"
    case .unreadable(let field, let wanted, let found): "`\(field)` is \(quoted(found)); \(wanted) is needed"
    }
  }
}
