import FoundationEssentials

// The seven frames: mark, command (16 bit big-endian), content type (likewise), request id (16 bytes),
// service, traceparent, body. Frames that are longer than needed, and frames after the seventh, are
// tolerated: peers of several generations share the sockets.

extension HootFrame {
  /// The protocol mark, `HOOT01`.
  package static let mark: [UInt8] = Array("HOOT01".utf8)

  private static let frameCount = 7

  /// Finds the first frame equal to the mark and reads the seven frames from there; what stood before is
  /// identity.
  ///
  /// - Parameter routingFrames: how many leading frames are known to be routing, whatever they hold. A ROUTER
  ///   passes 1, so that a peer whose routing id happens to be the mark is understood all the same.
  package static func parse(_ frames: [[UInt8]], routingFrames: Int = 0) throws(FrameError) -> HootFrame {
    let start = min(max(routingFrames, 0), frames.count)
    guard let markIndex = frames[start...].firstIndex(of: mark) else { throw .noMark(frames: frames.count) }
    let seven = frames[markIndex...]
    guard seven.count >= frameCount else { throw .tooFewFrames(found: seven.count, wanted: frameCount) }

    let commandCode = try code(seven[markIndex + 1], "command")
    guard let command = Command(rawValue: commandCode) else { throw .unknownCommand(commandCode) }
    let contentCode = try code(seven[markIndex + 2], "content type")
    guard let contentType = ContentType(rawValue: contentCode) else { throw .unknownContentType(contentCode) }
    guard let requestID = UUID(wireBytes: seven[markIndex + 3]) else {
      throw .shortRequestID(bytes: seven[markIndex + 3].count)
    }
    return HootFrame(
      identity: Array(frames[..<markIndex]), command: command, contentType: contentType,
      requestID: requestID,
      service: try text(seven[markIndex + 4], "service"),
      traceparent: try text(seven[markIndex + 5], "traceparent"),
      body: seven[markIndex + 6])
  }

  /// The identity frames, then the seven.
  package func encode() -> [[UInt8]] {
    identity + [
      HootFrame.mark, HootFrame.bigEndian(command.rawValue), HootFrame.bigEndian(contentType.rawValue),
      requestID.wireBytes, Array(service.utf8), Array(traceparent.utf8), body,
    ]
  }

  private static func bigEndian(_ code: UInt16) -> [UInt8] {
    [UInt8(code >> 8), UInt8(code & 0xff)]
  }

  private static func code(_ frame: [UInt8], _ name: String) throws(FrameError) -> UInt16 {
    guard frame.count >= 2 else { throw .shortCode(frame: name, bytes: frame.count) }
    return UInt16(frame[0]) << 8 | UInt16(frame[1])
  }

  private static func text(_ frame: [UInt8], _ name: String) throws(FrameError) -> String {
    guard let text = frame.withUnsafeBufferPointer({ String(valid: $0) }) else { throw .notUTF8(frame: name) }
    return text
  }
}

/// Why a list of frames is no HOOT01 message.
package enum FrameError: Error, Equatable, Sendable, CustomStringConvertible {
  case noMark(frames: Int)
  case tooFewFrames(found: Int, wanted: Int)
  case shortCode(frame: String, bytes: Int)
  case unknownCommand(UInt16)
  case unknownContentType(UInt16)
  case shortRequestID(bytes: Int)
  case notUTF8(frame: String)

  package var description: String {
    switch self {
    case .noMark(let frames): "none of the \(frames) frames is the mark HOOT01"
    case .tooFewFrames(let found, let wanted): "\(found) frames from the mark on; \(wanted) are needed"
    case .shortCode(let frame, let bytes): "the \(frame) frame has \(bytes) bytes; 2 are needed"
    case .unknownCommand(let code): "unknown command \(code); 1 to 5 are known"
    case .unknownContentType(let code): "unknown content type \(code); 0 to 3 are known"
    case .shortRequestID(let bytes): "the request id has \(bytes) bytes; \(UUID.wireLength) are needed"
    case .notUTF8(let frame): "the \(frame) frame is not UTF-8"
    }
  }
}
