import Testing
import Webhooks

@Suite struct SignatureTests {
  @Test("[O78] a signature is HMAC-SHA256 over id, time and body, once for each secret")
  func signature() {
    // Computed with Python's hmac and base64.
    let body = Array(#"{"type":"job.succeeded"}"#.utf8)
    let first = [UInt8](repeating: 1, count: 24)
    let second = [UInt8](0..<64)
    #expect(
      WebhookSignature.of(id: "msg_1", seconds: 1_700_000_000, body: body, secrets: [first, second])
        == "v1,nOG7TP49+A/dp9ZcFr4/fltQuqkFsJUSU9PjdhuO+zg= v1,IBL8vcm3NlTnzIO7ntNvAvNkHrT/v7Rm1MWJ36Jbr74=")
    #expect(WebhookSignature.of(id: "msg_1", seconds: 1_700_000_000, body: body, secrets: []) == "")
  }
}
