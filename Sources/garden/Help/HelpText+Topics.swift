import Tools

extension HelpText {
  static func exitCodes(_ painter: Painter) -> [String] {
    [painter.paint("Exit codes", .strong), ""]
      + ExitCode.allCases.map { code in
        let number = String(code.rawValue)
        return String(repeating: " ", count: 5 - number.count) + number + "  " + code.meaning
      }
  }

  /// Every way to write a place on the timeline, with what it means.
  static let positionForms: [(form: String, meaning: String)] = [
    ("16", "sixteen beats (quarter notes) after the start; 0 is the start"),
    ("5:1", "bar 5, beat 1; both from 1, beats in the signature's denominator"),
    ("5:1:480", "and 480 ticks further; a quarter note has 960"),
    ("90s", "ninety seconds after the start"),
    ("1:30.5s", "one minute and 30.5 seconds after the start"),
    ("@chorus", "the marker chorus"),
    ("@next-bar", "the next bar line after the playhead; @next-beat likewise"),
    ("@next-4-bars", "the next of bars 1, 5, 9, …; any number from 1 to 1024"),
    ("@next-marker", "the next marker; @previous-marker likewise"),
    ("@loop-start", "the loop's start; @loop-end likewise"),
    ("@start", "the marker start, or the start of the timeline"),
    ("@end", "the timeline's end"),
    ("+4", "four beats after the playhead"),
    ("-2", "two beats before the playhead"),
    ("50%", "half way to the timeline's end"),
  ]

  static func positions(_ painter: Painter) -> [String] {
    [painter.paint("Positions", .strong), ""]
      + positionForms.map { form, meaning in
        "  " + form + String(repeating: " ", count: 14 - form.count) + meaning
      }
  }
}
