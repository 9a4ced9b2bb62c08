import FoundationEssentials

/// One HOOT01 message as a value: the route it came by and the seven frames.
///
/// Any thread; no I/O. The body is not looked into: that is a `BodyCodec`'s work.
package struct HootFrame: Equatable, Sendable {
  package enum Command: UInt16, Sendable, CaseIterable {
    case ready = 1
    case request = 2
    case reply = 3
    case heartbeat = 4
    case disconnect = 5
  }

  package enum ContentType: UInt16, Sendable, CaseIterable {
    case empty = 0
    case capnProto = 1
    case rawBinary = 2
    case json = 3

    /// The word that peers know from error texts.
    package var name: String {
      switch self {
      case .empty: "Empty"
      case .capnProto: "CapnProto"
      case .rawBinary: "RawBinary"
      case .json: "Json"
      }
    }
  }

  /// The service name that the daemon and its clients write.
  package static let service = "chaosgarden"

  /// Every frame that stood before the mark; echoed unchanged in a reply.
  package var identity: [[UInt8]]
  package var command: Command
  package var contentType: ContentType
  package var requestID: UUID
  package var service: String
  /// W3C trace context, or empty for none.
  package var traceparent: String
  package var body: [UInt8]

  package init(
    identity: [[UInt8]] = [], command: Command, contentType: ContentType, requestID: UUID,
    service: String = HootFrame.service, traceparent: String = "", body: [UInt8] = []
  ) {
    self.identity = identity
    self.command = command
    self.contentType = contentType
    self.requestID = requestID
    self.service = service
    self.traceparent = traceparent
    self.body = body
  }

  /// The heartbeat that answers this message. It carries the same request id: one class of peers pairs by it,
  /// the other does not look.
  package var heartbeatAnswer: HootFrame {
    HootFrame(identity: identity, command: .heartbeat, contentType: .empty, requestID: requestID)
  }

  /// The reply to this request: same route, same request id, no trace context.
  package func reply(_ contentType: ContentType, _ body: [UInt8]) -> HootFrame {
    HootFrame(
      identity: identity, command: .reply, contentType: contentType, requestID: requestID, body: body)
  }
}
