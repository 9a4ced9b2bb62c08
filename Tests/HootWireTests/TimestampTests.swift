import HootWire
import Testing

@Suite struct TimestampTests {
  @Test func momentsAreWrittenInUTC() {
    let cases: [(Int64, Int32, String)] = [
      (0, 0, "1970-01-01T00:00:00Z"),
      (-1, 999_999_999, "1969-12-31T23:59:59.999999999Z"),
      (951_782_400, 0, "2000-02-29T00:00:00Z"),
      (1_767_323_045, 678_901_234, "2026-01-02T03:04:05.678901234Z"),
      (4_107_542_400, 5, "2100-03-01T00:00:00.000000005Z"),
      (-62_167_219_200, 0, "0000-01-01T00:00:00Z"),
      (253_402_300_799, 0, "9999-12-31T23:59:59Z"),
    ]
    for (seconds, nanoseconds, text) in cases {
      let timestamp = Timestamp(seconds: seconds, nanoseconds: nanoseconds)
      #expect(timestamp.text == text)
      #expect(Timestamp(text: text) == timestamp)
    }
  }

  @Test func anyOffsetFractionAndSeparatorIsRead() {
    let moment = Timestamp(seconds: 1_767_323_045, nanoseconds: 500_000_000)
    for text in [
      "2026-01-02T03:04:05.5Z", "2026-01-02 03:04:05.5Z", "2026-01-02t03:04:05.50z",
      "2026-01-02T05:34:05.5+02:30", "2026-01-01T22:04:05.5-05:00", "2026-01-02T03:04:05.500000000999Z",
    ] {
      #expect(Timestamp(text: text) == moment, "\(text)")
    }
    #expect(Timestamp(text: "2026-01-02T03:04:60Z")?.text == "2026-01-02T03:05:00Z")
  }

  @Test(arguments: [
    "", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02T03:04Z", "2026-13-02T03:04:05Z",
    "2026-00-02T03:04:05Z", "2026-02-29T03:04:05Z", "2100-02-29T03:04:05Z", "2026-01-02T24:00:00Z",
    "2026-01-02T03:60:05Z", "2026-01-02T03:04:61Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05+0200",
    "2026-01-02T03:04:05Zx", "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "26-01-02T03:04:05Z",
    "-026-01-02T03:04:05Z", "2026-01-02T03:04:05+25:00", "1767323045",
  ])
  func whatIsNoTimeWithOffsetIsRefused(_ text: String) {
    #expect(Timestamp(text: text) == nil)
  }

  @Test func nowIsAfterThisWasWritten() {
    #expect(Timestamp.now.seconds > 1_700_000_000)
    #expect(Timestamp(text: Timestamp.now.text) != nil)
  }
}
