import Commands
import HootWire
import Inspection
import MIDI
import Testing
import Tools

@testable import Commands
@testable import garden

@Suite struct ReportTests {
  private let plain = Painter(isEnabled: false)
  private let status: JSONValue = [
    "transport": [
      "state": "rolling", "frame": 96000, "beat": 16.5, "bar": 5, "position": "5:1:480", "seconds": 65.25,
      "tempo_bpm": 120.0, "signature": "4/4", "loop": ["start_beat": 16, "end_beat": 32],
    ],
    "audio": [
      "driver": "timer", "sample_rate": 48000, "period": 512, "xruns": 0, "late_blocks": 2, "load": 0.125,
      "realtime": true,
    ],
    "regions": 3, "tracks": 2, "buses": 1, "voices": 12, "voices_stolen": 0, "end_beat": 64,
    "master": [
      "gain_db": 0.0, "peak_db": -6.0, "loudness": ["max_true_peak_db": -5.5, "short_term_lufs": -14.0],
    ], "soundfont": "embedded",
    "next_regions": [["name": "bass", "track": "low", "position": "5:1:000", "length_beats": 16]],
  ]

  @Test func theStatusIsFourLinesAndTheRegionsAround() {
    #expect(
      StatusReport.lines(status, plain) == [
        "rolling at 5:1:480 (beat 16.5, 1:05.3), 120 bpm, 4/4, loop 16 to 32",
        "timer, 48000 Hz, 512 frames, load 12.5 %, 0 xruns, 2 late blocks",
        "master 0.0 dB, peak -6.0 dB, true peak -5.5 dB, -14.0 LUFS, 12 voices, 0 stolen",
        "2 tracks, 1 bus, 3 regions, end at beat 64, soundfont embedded",
        "  5:1:000  bass  low, 16 beats",
      ])
  }

  @Test(arguments: [JSONValue.null, [:], [1], "text", ["transport": 3, "audio": [], "next_regions": "none"]])
  func aReplyWithoutItsFieldsStillShows(reply: JSONValue) {
    #expect(!StatusReport.lines(reply, plain).isEmpty)
    #expect(!StatusReport.oneLine(reply).isEmpty)
    _ = ObjectReport.lines(reply, plain)
    for list in ListReport.all.values { #expect(list.lines(reply, plain).isEmpty) }
    #expect(
      !MeterReport(painter: plain, bar: LevelBar(isUnicode: true)).lines(reply, columns: 10, rows: 3).isEmpty)
    #expect(!LandingReport.line(Catalogue.tool(.play), reply, reply).isEmpty)
  }

  @Test func theLiveScreenFitsItsTerminal() {
    let tracks: JSONValue = [
      "tracks": .array((1...40).map { ["name": "track number \($0)", "peak_db": -12.0] })
    ]
    let screen = StatusScreen(painter: plain, bar: LevelBar(isUnicode: true))
    for (columns, rows) in [(80, 24), (60, 12), (200, 50)] {
      let lines = screen.lines(status: status, tracks: tracks, columns: columns, rows: rows)
      #expect(lines.count < rows)
      #expect(lines.contains { $0.hasPrefix("master") })
      #expect(lines.contains { $0.contains("more") } == (rows < 50))
      #expect(lines.filter { $0.contains("█") }.allSatisfy { $0.count <= columns })
    }
  }

  @Test func aBarIsFullAtZeroAndEmptyAtMinusSixty() {
    let bar = LevelBar(isUnicode: false)
    #expect(bar.text(decibels: 0, width: 10) == "##########")
    #expect(bar.text(decibels: -30, width: 10) == "#####.....")
    #expect(bar.text(decibels: -60, width: 4) == "....")
    #expect(bar.text(decibels: 20, width: 4) == "####")
    for value in [Double.nan, -.infinity, nil] { #expect(bar.text(decibels: value, width: 4) == "....") }
    #expect(bar.text(decibels: .infinity, width: 4) == "####")
  }

  @Test func numbersReadAsPeopleWriteThem() {
    #expect(Field.decimal(120, 2) == "120")
    #expect(Field.decimal(0.125, 2) == "0.13")
    #expect(Field.decimal(-0.001, 2) == "0")
    #expect(Field.decimal(1e300, 2) == "1e+300")
    #expect(Field.fixed(-3.05, 1) == "-3.1")
    #expect(Field.fixed(9.96, 1) == "10.0")
    #expect(Field.duration(.number(59.96)) == "1:00.0")
    #expect(Field.duration(.number(.nan)) == "-")
    #expect(Field.bytes(5_700_000) == "5.7 MB")
    #expect(Field.decibels(-144.0) == "-inf")
  }

  @Test func whatWouldMoveTheCursorIsReplaced() {
    #expect(Field.text("a\u{1B}[2Jb\n") == "a\u{FFFD}[2Jb\u{FFFD}")
  }

  @Test func aTableAlignsItsColumns() {
    var table = TextTable(headings: ["NAME", ">N"])
    table.rows = [["a", "1"], ["long name", "10"]]
    #expect(table.lines(plain) == ["NAME        N", "a           1", "long name  10"])
    #expect(TextTable(headings: ["NAME"]).lines(plain).isEmpty)
  }

  @Test func aLandingSaysWhereAndHowLate() {
    let landed: JSONValue = ["frame": 96000, "position": "1:1:000", "late_frames": 0]
    #expect(
      LandingReport.line(Catalogue.tool(.play), ["command": ["id": 1]], landed)
        == "rolling from 1:1:000, landed at frame 96000 (late by 0 frames)")
    let region: JSONValue = [
      "command": ["id": 2],
      "region": ["id": "0123456789ab", "name": "riff", "track": "lead", "position": "5:1:000"],
    ]
    #expect(
      LandingReport.line(Catalogue.tool(.regionAdd), region, ["frame": 7, "late_frames": 1])
        == "region add: riff (01234567) on lead at 5:1:000, landed at frame 7 (late by 1 frame)")
    #expect(LandingReport.ids(region) == ["0123456789ab"])
    #expect(LandingReport.ids(region, commandOnly: true) == ["2"])
  }

  @Test func aMIDIFilesLengthFollowsItsTempos() {
    // Four beats at 120 BPM are 2 s, four at 60 BPM are 4 s; the change behind the end counts for nothing.
    let sequence = MIDISequence(
      events: [], lengthTicks: 8 * 960,
      tempos: [
        MIDITempo(tick: 4 * 960, microsecondsPerQuarter: 1_000_000),
        MIDITempo(tick: 20 * 960, microsecondsPerQuarter: 1_000),
      ])
    #expect(MIDIReport.seconds(sequence) == 6)
    #expect(MIDILines.lines(sequence, plain)[1] == "8 beats, 0:06.0, 0 notes")
  }

  @Test func coloursFollowTheFlagThenTheEnvironmentThenTheTerminal() {
    func isEnabled(_ choice: String?, _ environment: [String: String], _ isTerminal: Bool) -> Bool {
      Painter.choose(choice, environment: environment, isTerminal: isTerminal).isEnabled
    }
    #expect(isEnabled(nil, [:], true))
    #expect(!isEnabled(nil, [:], false))
    #expect(!isEnabled(nil, ["NO_COLOR": "1"], true))
    #expect(isEnabled(nil, ["NO_COLOR": ""], true))
    #expect(isEnabled(nil, ["FORCE_COLOR": "1"], false))
    #expect(!isEnabled(nil, ["TERM": "dumb"], true))
    #expect(isEnabled("always", ["NO_COLOR": "1"], false))
    #expect(!isEnabled("never", ["FORCE_COLOR": "1"], true))
  }

  @Test func onlyNamesThatAShellTakesAsTheyAreComplete() {
    #expect(LiveNames.isSafe("bass-2.mid"))
    for name in ["", "-rf", "a b", "$(rm)", "`x`", "a;b", "a'b", "a\"b", "a\nb", "*"] {
      #expect(!LiveNames.isSafe(name), "\(name)")
    }
    #expect(
      LiveNames.names([["name": "a b", "id": "12ab"], ["name": "c"], [:]], ["name", "id"]) == ["12ab", "c"])
  }

  @Test func theDoctorsExitStatusIsItsWorstCheck() {
    let checks = [Check.ok("a", "1"), .warn("b", "2", "fix")]
    #expect(Garden.exit(checks, strict: false) == .done)
    #expect(Garden.exit(checks, strict: true) == .refused)
    #expect(Garden.exit(checks + [.fail("c", "3", "fix")], strict: false) == .unreachable)
    #expect(Check(["name": "x", "state": "odd"]).state == .warn)
  }

  @Test func aCommentedLineGrantsNoRealtime() {
    #expect(MachineChecks.grantsRealtime("# comment\n@audio - rtprio 95\n", to: "@audio"))
    #expect(MachineChecks.grantsRealtime("@audio\t-\trtprio\t95", to: "@audio"))
    #expect(!MachineChecks.grantsRealtime("@pipewire - rtprio 95", to: "@audio"))
    #expect(!MachineChecks.grantsRealtime("@audio hard rtprio 95", to: "@audio"))
    #expect(MachineChecks.grantsRealtime("@audio hard rtprio 95\n@audio soft rtprio 80", to: "@audio"))
    #expect(!MachineChecks.grantsRealtime("@audio - rtprio 95\n@audio - rtprio 10", to: "@audio"))
    #expect(!MachineChecks.grantsRealtime("# @audio - rtprio 95\n#@audio\t-\trtprio\t95\n", to: "@audio"))
  }
}
