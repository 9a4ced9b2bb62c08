import CCrypto
import FoundationEssentials

/// What shows a receiver who posts: Standard Webhooks' `v1` scheme, HMAC-SHA256 over id, time and body.
package enum WebhookSignature {
  /// `v1,…` once for each secret, with spaces in between: while a secret is changed, both the old and the new one do.
  ///
  /// - Parameters:
  ///   - seconds: since 1970, as `webhook-timestamp` says it.
  ///   - secrets: their bytes, not their text.
  package static func of(id: String, seconds: Int64, body: [UInt8], secrets: [[UInt8]]) -> String {
    let signed = Array("\(id).\(seconds).".utf8) + body
    return secrets.compactMap { secret -> String? in
      var code = [UInt8](repeating: 0, count: 32)
      let isDone = ccrypto_hmac_sha256(secret, secret.count, signed, signed.count, &code) == 1
      return isDone ? "v1," + Data(code).base64EncodedString() : nil
    }.joined(separator: " ")
  }
}
