import FoundationEssentials
import HootWire

/// Cap'n Proto bodies: an envelope around one payload. What a request or reply is called decides its member of the
/// schema, so a new one needs a member there and no line here.
package struct CapnProtoBodyCodec: BodyCodec {
  package let schemas: WireSchemas

  package init(_ schemas: WireSchemas) { self.schemas = schemas }

  package var contentType: HootFrame.ContentType { .capnProto }

  package func decodeRequest(_ body: [UInt8]) throws(BodyError) -> RequestBody {
    let envelope: JSONValue
    do { envelope = try schemas.read(body, as: .envelope) } catch {
      throw .capnProto("Cap'n Proto error: \(error)")
    }
    // A payload that is not there reads as the first member, like any struct of zeros.
    let (name, value) = try Self.member(of: envelope["payload"], orElse: "register")
    switch name {
    case "register": throw .capnProto("Failed: Register unimplemented")
    case "tool_call":
      throw .capnProto("Failed: ToolCall deprecated: \(quoted(value["name"]?.string ?? ""))")
    case "removed_garden_query": throw .capnProto("Failed: garden_query has been removed")
    case "tool_request":
      let (tool, fields) = try Self.member(of: value, orElse: "cas_store")
      guard !tool.hasPrefix("removed_"), !Self.withdrawn.contains(tool) else {
        throw .capnProto("Failed: Unsupported ToolRequest variant")
      }
      return RequestBody(content: Self.content(tool, fields), header: nil, form: .tool)
    default: return RequestBody(content: Self.content(name, value), header: nil, form: .payload)
    }
  }

  /// Members that the peers' own decoders refuse.
  private static let withdrawn: Set = [
    "lua_eval", "lua_describe", "script_store", "script_search", "job_execute",
  ]

  /// The one member of a union.
  private static func member(
    of union: JSONValue?, orElse first: String
  ) throws(BodyError) -> (name: String, value: JSONValue) {
    guard let union else { return (first, nil) }
    guard let member = union.object?.members.last else {
      throw .capnProto("Cap'n Proto error: Message holds a union without a member")
    }
    guard member.key != "?" else {
      throw .capnProto(
        "Enum value or union discriminant \(member.value.text) was not present in the schema")
    }
    return (member.key, member.value)
  }

  /// In the form of JSON requests: the name is the `type`, the fields stand beside it.
  private static func content(_ name: String, _ fields: JSONValue) -> JSONValue {
    JSONValue([("type", .string(name))] + (fields.object?.members ?? []).map { ($0.key, $0.value) })
  }

  /// A content that the schema has no member for is answered as the error it is.
  package func encodeReply(_ content: JSONValue, to context: ReplyContext) -> [UInt8] {
    do { return try envelope(Self.payload(content), context) } catch {
      let problem = "the reply cannot be written: \(error)"
      let refusal: JSONValue = ["type": "error", "error": .string(problem)]
      // Texts alone: the schema has them, and they fit.
      return (try? envelope(Self.payload(refusal), context)) ?? []
    }
  }

  private static func payload(_ content: JSONValue) -> JSONValue {
    let type = content["type"]?.string ?? ""
    guard type == "error" else {
      let fields = (content.object?.members ?? []).filter { $0.key != "type" }
      return ["tool_response": [(type, JSONValue(fields.map { ($0.key, $0.value) }))].object]
    }
    let detail = content["detail"]
    let code = detail?["code"]?.string.flatMap(PeerErrorCode.init(rawValue:)) ?? .shellError
    return [
      "error": [
        "code": .string(code.rawValue), "message": content["error"] ?? "",
        // For programs; the peers' own show the message alone.
        "details": .string(detail?["lines"] == nil ? "" : detail?.text ?? ""),
      ]
    ]
  }

  /// The id of the frame, not the one inside the request.
  private func envelope(_ payload: JSONValue, _ context: ReplyContext) throws(CapnProtoError) -> [UInt8] {
    try schemas.write(
      ["id": context.requestID.envelopeID, "traceparent": "", "payload": payload], as: .envelope)
  }
}

extension [(String, JSONValue)] {
  fileprivate var object: JSONValue { JSONValue(self) }
}

extension JSONValue {
  /// An object with these members.
  fileprivate init(_ members: [(String, JSONValue)]) { self = .object(JSONObject(members)) }
}

extension UUID {
  /// As the schema has it: its halves as the little-endian numbers they would be.
  package var envelopeID: JSONValue {
    let bytes = wireBytes
    func half(_ range: Range<Int>) -> JSONValue {
      JSONValue(bytes[range].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
    return ["low": half(0..<8), "high": half(8..<16)]
  }
}
