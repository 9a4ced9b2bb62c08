import Testing

@testable import HostClients

@Suite struct RetryAfterTests {
  /// 1994-11-06 08:49:37, RFC 9110's own example.
  private static let then = 784_111_777.0

  @Test(
    arguments: [
      ("30", 30.0), ("0", 0), ("3600", 3600), ("3601", 3600), ("99999999999999999999", 3600), (" 7 ", 7),
      ("Sun, 06 Nov 1994 08:50:07 GMT", 30), ("Sunday, 06-Nov-94 08:50:07 GMT", 30),
      ("Sun Nov  6 08:50:07 1994", 30),
      ("Sun, 06 Nov 1994 08:49:00 GMT", 0), ("Mon, 07 Nov 1994 08:50:07 GMT", 3600), ("-5", nil), ("", nil),
      ("soon", nil),
      ("1.5", nil), ("5 seconds", nil), ("Sun, 06 Foo 1994 08:50:07 GMT", nil),
      ("Sun, 06 Nov 1994 25:50:07 GMT", nil),
      ("Sun, 99 Nov 1994 08:50:07 GMT", nil), ("06 Nov 1994 08:50:07", nil), ("GMT", nil), ("0x10", nil),
      ("٣", nil),
    ] as [(String, Double?)])
  func `[B16] Retry-After is read as seconds or as a date, held within an hour, and junk is nothing`(
    text: String, seconds: Double?
  ) {
    #expect(RetryAfter.seconds(text, now: Self.then) == seconds)
  }
}
