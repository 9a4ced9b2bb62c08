import CZeroMQ

/// A key of CURVE, public or secret: 32 bytes, written as 40 characters of Z85.
package struct CurveKey: Hashable, Sendable {
  package let text: String

  /// Nil when the text is no key.
  package init?(_ text: String) {
    guard text.utf8.count == 40 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 32)
    guard zmq_z85_decode(&bytes, text) != nil else { return nil }
    self.text = text
  }

  /// Of the 32 bytes that a client shows.
  init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    var text = [CChar](repeating: 0, count: 41)
    guard zmq_z85_encode(&text, bytes, bytes.count) != nil else { return nil }
    self.text = String(decoding: text[..<40].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A new pair; nil where libzmq was built without CURVE.
  package static func pair() -> (public: CurveKey, secret: CurveKey)? {
    var open = [CChar](repeating: 0, count: 41)
    var secret = [CChar](repeating: 0, count: 41)
    guard zmq_curve_keypair(&open, &secret) == 0 else { return nil }
    func key(_ text: [CChar]) -> CurveKey? {
      CurveKey(String(decoding: text[..<40].map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    guard let first = key(open), let second = key(secret) else { return nil }
    return (first, second)
  }
}
