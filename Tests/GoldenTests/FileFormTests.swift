import MIDI
import Testing

/// The same notes in every form that a MIDI file may have.
@Suite struct FileFormTests {
  private let studio: Studio

  init() throws { studio = try Studio() }

  private func expectOnsets(
    _ render: Render, _ due: [Int], within: Int = 32, source: SourceLocation = #_sourceLocation
  ) {
    let onsets = render.sound.onsets(gap: 2_000)
    #expect(onsets.count == due.count, "\(onsets)", sourceLocation: source)
    for (onset, due) in zip(onsets, due) {
      #expect(abs(onset - due) <= within, "frame \(onset) for \(due)", sourceLocation: source)
    }
  }

  /// A click, `ticks` after the event before; it takes 10 ticks.
  private func click(_ ticks: Int) -> [UInt8] {
    RawMIDI.wait(ticks) + [0x99, Note.clickKey, 127] + RawMIDI.wait(10) + [0x89, Note.clickKey, 64]
  }

  /// 100 ticks a beat, 600,000 µs a beat from the start and 400,000 from tick 400 on: a tick is 288 frames, then 192.
  private let tempo = RawMIDI.wait(0) + RawMIDI.tempo(600_000) + RawMIDI.wait(400) + RawMIDI.tempo(400_000)
  private let division: [UInt8] = [0, 100]
  /// Ticks 100, 250, 400 and 700.
  private let due = [100 * 288, 250 * 288, 400 * 288, 400 * 288 + 300 * 192]

  @Test func `Format 0`() throws {
    let track =
      RawMIDI.wait(0) + RawMIDI.tempo(600_000) + click(100) + click(140) + RawMIDI.wait(140)
      + RawMIDI.tempo(400_000) + click(0) + click(290) + RawMIDI.wait(0) + RawMIDI.end
    expectOnsets(try studio.render(midi: RawMIDI.file(format: 0, division: division, track)), due)
  }

  @Test func `Format 1, the notes spread over two tracks`() throws {
    let first = click(100) + click(290) + RawMIDI.wait(0) + RawMIDI.end
    let second = click(250) + click(440) + RawMIDI.wait(0) + RawMIDI.end
    let midi = RawMIDI.file(
      format: 1, division: division, tempo + RawMIDI.wait(0) + RawMIDI.end, first, second)
    expectOnsets(try studio.render(midi: midi), due)
  }

  @Test func `Format 2, its patterns one after another`() throws {
    let first =
      RawMIDI.wait(0) + RawMIDI.tempo(600_000) + click(100) + click(140) + RawMIDI.wait(140) + RawMIDI.end
    let second =
      RawMIDI.wait(0) + RawMIDI.tempo(400_000) + click(0) + click(290) + RawMIDI.wait(0) + RawMIDI.end
    let render = try studio.render(midi: RawMIDI.file(format: 2, division: division, first, second))
    expectOnsets(render, due)
    #expect(render.report.warnings.contains { $0.contains("one after another") })
  }

  @Test func `Running status, with note-ons of velocity 0 for note-offs`() throws {
    let key = Note.clickKey
    var track = RawMIDI.wait(0) + RawMIDI.tempo(600_000) + RawMIDI.wait(100) + [0x99, key, 127]
    for (wait, velocity) in [(10, 0), (140, 127), (10, 0)] {
      track += RawMIDI.wait(wait) + [key, UInt8(velocity)]
    }
    track += RawMIDI.wait(140) + RawMIDI.tempo(400_000) + RawMIDI.wait(0) + [0x99, key, 127]
    for (wait, velocity) in [(10, 0), (290, 127), (10, 0)] {
      track += RawMIDI.wait(wait) + [key, UInt8(velocity)]
    }
    track += RawMIDI.wait(0) + RawMIDI.end
    let render = try studio.render(midi: RawMIDI.file(format: 0, division: division, track))
    expectOnsets(render, due)
    #expect(render.report.warnings.isEmpty)
  }

  @Test func `System exclusive messages between the notes`() throws {
    let sysEx: [UInt8] = RawMIDI.wait(0) + [0xF0, 5, 0x7E, 0x7F, 9, 1, 0xF7]
    let track =
      sysEx + RawMIDI.wait(0) + RawMIDI.tempo(600_000) + click(100) + sysEx + click(140) + RawMIDI.wait(140)
      + RawMIDI.tempo(400_000) + sysEx + click(0) + click(290) + RawMIDI.wait(0) + RawMIDI.end
    expectOnsets(try studio.render(midi: RawMIDI.file(format: 0, division: division, track)), due)
  }

  /// Frames a second, as the first byte of the division, and ticks a frame. 29 means 30,000/1,001.
  @Test(arguments: [(24, 100), (25, 40), (29, 80), (30, 80)])
  func `SMPTE time is the clock's, whatever the file's tempo`(framesPerSecond: Int, ticksPerFrame: Int) throws
  {
    let ticks = [0, 700, 1_500, 2_600, 4_001, 9_999]
    var track = RawMIDI.wait(0) + RawMIDI.tempo(123_456)
    for (index, tick) in ticks.enumerated() {
      track += click(index == 0 ? tick : tick - ticks[index - 1] - 10)
    }
    track += RawMIDI.wait(0) + RawMIDI.end
    let division = [UInt8(256 - framesPerSecond), UInt8(ticksPerFrame)]
    let render = try studio.render(midi: RawMIDI.file(format: 0, division: division, track))
    // Seconds are ticks · 1001 / (30,000 · ticks a frame), or ticks / (frames a second · ticks a frame).
    let (over, under) = framesPerSecond == 29 ? (1_001, 30_000) : (1, framesPerSecond)
    let due = ticks.map { 48_000 * $0 * over / (under * ticksPerFrame) }
    // Such a file is laid on 1,920 ticks a second: half a tick is 12.5 frames more.
    expectOnsets(render, due, within: 32 + 13)
    #expect(render.report.warnings.contains { $0.contains("SMPTE") })
  }

  @Test func `A broken tail plays up to the break and says so`() throws {
    let kept =
      RawMIDI.wait(0) + RawMIDI.tempo(600_000) + click(100) + click(140) + RawMIDI.wait(140)
      + RawMIDI.tempo(400_000)
    // The third note-on lacks its velocity.
    let cut = kept + RawMIDI.wait(0) + [0x99, Note.clickKey]
    let bytes =
      RawMIDI.chunk("MThd", [0, 0, 0, 1] + division) + RawMIDI.chunk("MTrk", cut, claims: cut.count + 50)
    let render = try studio.render(midi: bytes)
    expectOnsets(render, Array(due.prefix(2)))
    #expect(render.report.notesStarted == 2)
    #expect(render.report.warnings.contains { $0.contains("plays up to") })
  }

  @Test func `A note that sounds at the break ends there`() throws {
    let track =
      RawMIDI.wait(0) + [0xC0, Note.tone] + RawMIDI.wait(100) + [0x90, 69, 127] + RawMIDI.wait(200) + [
        0xB0, 1, 0,
      ]
      + RawMIDI.wait(100) + [0x80]
    let bytes =
      RawMIDI.chunk("MThd", [0, 0, 0, 1] + division) + RawMIDI.chunk("MTrk", track, claims: track.count + 100)
    let render = try studio.render(midi: bytes)
    // 500,000 µs a beat where the file does not say: a tick is 240 frames.
    #expect(render.sound.peak((300 * 240 - 1_000)..<(300 * 240 - 40)) > 0.04)
    #expect(render.sound.peak((300 * 240 + 2_496)..<render.sound.frames) < 1e-6)
    #expect(!render.report.warnings.isEmpty)
  }
}
