import Testing
import Tools

@testable import Settings

@Suite struct SettingFlagsTests {
  @Test func flagsAreTakenOutAndTheRestIsLeftInOrder() throws {
    let parsed = try SettingFlags([
      "render", "--rate", "44100", "-o", "x.wav", "--audio=timer", "--no-limiter", "a.mid",
    ])
    #expect(parsed.flags.map(\.name) == [.sampleRate, .driver, .limiter])
    #expect(parsed.flags.map(\.text) == ["44100", "timer", "false"])
    #expect(parsed.rest == ["render", "-o", "x.wav", "a.mid"])
  }

  @Test func aBooleanTakesItsValueOnlyBehindAnEqualsSign() throws {
    let parsed = try SettingFlags(["--effects", "false", "--limiter=false"])
    #expect(parsed.flags.map(\.text) == ["true", "false"])
    #expect(parsed.rest == ["false"])
  }

  @Test func behindTwoDashesNothingIsAFlag() throws {
    let parsed = try SettingFlags(["--", "--rate", "1"])
    #expect(parsed.flags.isEmpty)
    #expect(parsed.rest == ["--", "--rate", "1"])
  }

  @Test func aFlagWithoutItsValueIsRefused() {
    #expect(throws: ToolError.self) { try SettingFlags(["--rate"]) }
  }
}

@Suite struct KeyLinesTests {
  @Test func keysAreFoundUnderTablesDottedQuotedAndInline() {
    let lines = KeyLines(
      """
      top = 1
      [a.b]  # a table
      'c' = 2
      d . e = 3
      text = \"\"\"
      x = 9
      \"\"\"
      y = { z = 1 }
      [[list]]
      k = 1
      """)
    #expect(lines.line(of: ["top"]) == 1)
    #expect(lines.line(of: ["a", "b"]) == 2)
    #expect(lines.line(of: ["a", "b", "c"]) == 3)
    #expect(lines.line(of: ["a", "b", "d", "e"]) == 4)
    #expect(lines.line(of: ["a", "b", "y", "z"]) == 8)
    #expect(lines.line(of: ["list", "k"]) == 10)
    #expect(lines.line(of: ["x"]) == nil)
  }
}
