import FoundationEssentials

/// What a request's body says, whatever it was written in.
package struct RequestBody: Equatable, Sendable {
  /// Which words the request speaks in: several kinds of peers share the sockets.
  package enum Form: Sendable {
    /// JSON: our own requests, and the shell requests of older peers.
    case json
    /// The name of a tool, with its fields.
    case tool
    /// A message that stands for itself, not for a tool.
    case payload
  }

  /// The request itself: an object with a `type`, as section JSON of the protocol has it.
  package let content: JSONValue
  /// Only bodies that carry a header have one.
  package let header: HootMessage.Header?
  package let form: Form

  package init(content: JSONValue, header: HootMessage.Header?, form: Form = .json) {
    self.content = content
    self.header = header
    self.form = form
  }
}

/// What a reply's body needs to know of its request.
package struct ReplyContext: Equatable, Sendable {
  /// The id in the request's frame.
  package let requestID: UUID
  /// The request's header, when its body carried one and could be read.
  package let requestHeader: HootMessage.Header?
  /// `shell_reply` or `control_reply`.
  package let replyType: String
  package let time: Timestamp

  package init(
    requestID: UUID, requestHeader: HootMessage.Header?, replyType: String, time: Timestamp = .now
  ) {
    self.requestID = requestID
    self.requestHeader = requestHeader
    self.replyType = replyType
    self.time = time
  }
}

/// The seam between frames and what they mean: one codec per content type. A reply is written by the codec
/// that read its request, since a peer refuses a reply of another kind.
package protocol BodyCodec: Sendable {
  var contentType: HootFrame.ContentType { get }

  func decodeRequest(_ body: [UInt8]) throws(BodyError) -> RequestBody

  func encodeReply(_ content: JSONValue, to context: ReplyContext) -> [UInt8]
}

/// JSON bodies: a `HootMessage` around the content.
package struct JSONBodyCodec: BodyCodec {
  package init() {}

  package var contentType: HootFrame.ContentType { .json }

  package func decodeRequest(_ body: [UInt8]) throws(BodyError) -> RequestBody {
    let message = try JSONBodyCodec.message(body)
    return RequestBody(content: message.content, header: message.header)
  }

  /// A new message id; the request's session and header when they are known, a session of its own otherwise.
  package func encodeReply(_ content: JSONValue, to context: ReplyContext) -> [UInt8] {
    let header = HootMessage.Header(
      msgID: .random, session: context.requestHeader?.session ?? .random, msgType: context.replyType,
      timestamp: context.time)
    return HootMessage(header: header, parentHeader: context.requestHeader, content: content).encode()
      .encode()
  }

  /// A whole message from a JSON body: a client's way to read replies and events.
  package static func message(_ body: [UInt8]) throws(BodyError) -> HootMessage {
    let value: JSONValue
    do { value = try JSONValue.parse(body) } catch { throw .json(error) }
    do { return try HootMessage.parse(value) } catch { throw .message(error) }
  }
}

/// The codecs that one end of the wire has.
package struct BodyCodecs: Sendable {
  private let codecs: [any BodyCodec]

  package init(_ codecs: [any BodyCodec] = [JSONBodyCodec()]) {
    self.codecs = codecs
  }

  package func codec(for contentType: HootFrame.ContentType) -> (any BodyCodec)? {
    codecs.first { $0.contentType == contentType }
  }

  /// The codec that answers a request: the one that reads its kind. A kind that nobody reads is answered in Cap'n Proto,
  /// or in JSON where there is nothing else, so that the client fails now and not after its timeout.
  package func replyCodec(for contentType: HootFrame.ContentType) -> any BodyCodec {
    codec(for: contentType) ?? codec(for: .capnProto) ?? JSONBodyCodec()
  }

  /// Reads the body of a request with the codec for its content type.
  package func decodeRequest(_ frame: HootFrame) throws(BodyError) -> RequestBody {
    guard let codec = codec(for: frame.contentType) else { throw .unsupported(frame.contentType) }
    return try codec.decodeRequest(frame.body)
  }
}

/// Why a request's body could not be read.
package enum BodyError: Error, Equatable, Sendable, CustomStringConvertible {
  case json(JSONError)
  case message(MessageError)
  case unsupported(HootFrame.ContentType)
  /// In the words of the library, or of the peers for what they refuse.
  case capnProto(String)

  package var description: String {
    switch self {
    case .json(let error): "Failed to parse JSON ShellRequest: \(error)"
    case .message(let error): "Failed to parse JSON ShellRequest: \(error)"
    case .unsupported(let contentType): "Unsupported content type: \(contentType.name)"
    case .capnProto(let reason): reason
    }
  }

  /// The content of the reply that refuses the request.
  package var replyContent: JSONValue {
    let code: PeerErrorCode =
      switch self {
      case .json, .message: .shellError
      case .unsupported: .unsupportedContentType
      case .capnProto: .capnProtoParse
      }
    return [
      "type": "error", "error": .string(description), "traceback": nil,
      "detail": ["code": .string(code.rawValue)],
    ]
  }
}

/// The codes that peers know of errors in Cap'n Proto replies; any other is `shellError` to them.
package enum PeerErrorCode: String, Sendable, CaseIterable {
  case capnProtoParse = "capnp_parse_error"
  case unsupportedContentType = "unsupported_content_type"
  case invalidUUID = "invalid_uuid"
  case shellError = "shell_error"
  case streamStart = "stream_start_failed"
  case streamSwitchChunk = "stream_switch_chunk_failed"
  case streamStop = "stream_stop_failed"
  case notImplemented = "not_implemented"
}
