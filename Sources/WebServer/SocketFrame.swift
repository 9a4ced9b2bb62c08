/// One frame of a WebSocket, as RFC 6455, 5.2 has it.
struct SocketFrame: Equatable {
  enum Kind: UInt8 {
    case more = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    var isControl: Bool { rawValue >= 0x8 }
  }

  let kind: Kind
  let payload: [UInt8]

  init(_ kind: Kind, _ payload: [UInt8] = []) { (self.kind, self.payload) = (kind, payload) }

  static func close(_ code: UInt16) -> [UInt8] {
    SocketFrame(.close, [UInt8(code >> 8), UInt8(code & 0xFF)]).bytes
  }

  /// As a server sends it: whole and unmasked.
  var bytes: [UInt8] {
    var head = [0x80 | kind.rawValue]
    switch payload.count {
    case ..<126: head.append(UInt8(payload.count))
    case ..<65_536: head += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default: head += [127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    return head + payload
  }
}

/// Why a WebSocket is closed, as RFC 6455, 7.4.1 numbers it.
struct SocketViolation: Error, Equatable {
  let code: UInt16

  static let protocolError = SocketViolation(code: 1002)
  static let tooLarge = SocketViolation(code: 1009)
}

/// Puts a client's frames together from what comes.
struct SocketFrames {
  private var input: [UInt8]
  /// Of a message in several frames: its kind and what has come of it.
  private var begun: (kind: SocketFrame.Kind, payload: [UInt8])?

  /// - Parameter bytes: what came right behind the request.
  init(_ bytes: [UInt8] = []) { input = bytes }

  mutating func append(_ bytes: some Sequence<UInt8>) { input += bytes }

  /// The next message, or a control frame between the pieces of one; nil until it is whole.
  mutating func next() throws(SocketViolation) -> SocketFrame? {
    while let (frame, isLast) = try frame() {
      if frame.kind.isControl {
        guard isLast, frame.payload.count <= 125 else { throw .protocolError }
        return frame
      }
      guard (frame.kind == .more) == (begun != nil) else { throw .protocolError }
      let payload = (begun?.payload ?? []) + frame.payload
      let kind = begun?.kind ?? frame.kind
      guard payload.count <= WebLimits.socketBytes else { throw .tooLarge }
      begun = isLast ? nil : (kind, payload)
      if isLast { return SocketFrame(kind, payload) }
    }
    return nil
  }

  /// One frame as it came. Clients mask what they send; no extension is agreed on, so no reserved bit is set.
  private mutating func frame() throws(SocketViolation) -> (SocketFrame, isLast: Bool)? {
    guard input.count >= 2 else { return nil }
    guard input[0] & 0x70 == 0, let kind = SocketFrame.Kind(rawValue: input[0] & 0x0F), input[1] & 0x80 != 0
    else { throw .protocolError }
    let short = Int(input[1] & 0x7F)
    let size = short == 127 ? 8 : short == 126 ? 2 : 0
    guard input.count >= 2 + size + 4 else { return nil }
    var length = size == 0 ? UInt64(short) : 0
    for byte in input[2..<2 + size] { length = length << 8 | UInt64(byte) }
    guard length <= UInt64(WebLimits.socketBytes) else { throw .tooLarge }
    let start = 2 + size + 4
    guard input.count >= start + Int(length) else { return nil }
    let mask = Array(input[2 + size..<start])
    let payload = (0..<Int(length)).map { input[start + $0] ^ mask[$0 % 4] }
    let isLast = input[0] & 0x80 != 0
    input.removeFirst(start + Int(length))
    return (SocketFrame(kind, payload), isLast)
  }
}
