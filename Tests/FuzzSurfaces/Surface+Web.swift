import HootWire
import WebServer

extension Surface {
  /// What comes by a connection of HTTP: requests, files, and the frames of a WebSocket. However it is cut into pieces, the
  /// same comes of it.
  static func takeWeb(_ bytes: [UInt8]) -> String {
    let whole = WebRehearsal.take([bytes[...]])
    let pieces = stride(from: 0, to: bytes.count, by: 7).map { bytes[$0..<min($0 + 7, bytes.count)] }
    let parted = WebRehearsal.take(pieces)
    demand(parted.answered == whole.answered, "\(whole.answered) and \(parted.answered) are answered")
    demand(parted.sent == whole.sent, "the same is said")
    demand(whole.spooled <= bytes.count, "no more is written down than came")
    for lines in whole.refusals { _ = refusal(lines) }
    guard whole.refusals.isEmpty else { return "refused: \(whole.refusals[0][0])" }
    return "\(whole.answered) answered"
  }
}
