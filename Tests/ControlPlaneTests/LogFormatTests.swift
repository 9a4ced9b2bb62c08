import HootWire
import Testing

@testable import ControlPlane

/// One line is one line, whatever it holds.
@Suite struct LogFormatTests {
  private let time = "2026-01-02T03:04:05.678Z"
  /// A line break, quotes, a terminal's escape, a separator of lines and a control character of 8 bits.
  private let hostile = "a \"b\"\nc \u{1B}[2J d\u{2028}e\u{9B}f"

  private func line(_ format: LogFormat, _ message: String, _ fields: [(name: String, value: String)] = [])
    -> String
  {
    format.line(.warning, message, fields, at: time)
  }

  @Test func eachFormHasItsLine() {
    let fields = [(name: "job.id", value: "7"), (name: "why", value: "it = full")]
    #expect(line(.terminal, "no room", fields) == "\(time) warning no room job.id=7 why=\"it = full\"\n")
    #expect(line(.journald, "no room", fields) == "<4>no room job.id=7 why=\"it = full\"\n")
    #expect(
      line(.logfmt, "no room", fields)
        == "time=\(time) level=warning msg=\"no room\" job.id=7 why=\"it = full\"\n")
    #expect(
      line(.json, "no room", fields)
        == #"{"time":"2026-01-02T03:04:05.678Z","level":"warning","message":"no room","job.id":"7","why":"it = full"}"#
        + "\n")
  }

  @Test(arguments: LogFormat.allCases)
  func nothingInAMessageBeginsALineOrMovesTheCursor(format: LogFormat) {
    let text = line(format, hostile, [(name: "x", value: hostile)])
    #expect(text.last == "\n")
    let inner = text.dropLast().unicodeScalars
    #expect(
      !inner.contains { $0.value < 0x20 || $0 == "\u{2028}" || (0x7F...0x9F).contains($0.value) }, "\(text)")
  }

  @Test func aFieldDoesNotTakeTheMessagesPlace() throws {
    let text = line(.json, "right", [(name: "message", value: "wrong"), (name: "level", value: "error")])
    let value = try JSONValue.parse(Array(text.utf8.dropLast()))
    #expect(value["message"] == "right" && value["level"] == "warning")
  }
}
