import Foundation
import MIDI
import Testing

/// What is heard of a MIDI file, against what its bytes say by arithmetic.
@Suite struct NoteTests {
  private let studio: Studio

  init() throws { studio = try Studio() }

  /// 20 and 999 BPM are the slowest and the fastest tempo that can be played; the others fall between frames.
  private static let steps = TempoSteps([
    (0, 500_000), (2_881, 437_956), (5_777, 3_000_000), (6_737, 60_061), (30_001, 333_333), (33_600, 571_429),
    (36_007, 461_538), (38_407, 999_983),
  ])

  private func song(_ tempo: TempoSteps, _ events: [MIDIEvent], lengthTicks: Int64 = 0) -> [UInt8] {
    SMFWriter.write(MIDISequence(events: events, lengthTicks: lengthTicks, tempos: tempo.steps))
  }

  private func expectOnsets(_ sound: Sound, _ due: [Int], source: SourceLocation = #_sourceLocation) {
    let onsets = sound.onsets(gap: 2_000)
    #expect(onsets.count == due.count, sourceLocation: source)
    for (onset, due) in zip(onsets, due) {
      #expect(abs(onset - due) <= 32, "frame \(onset) for \(due)", sourceLocation: source)
    }
  }

  @Test(arguments: [22_050, 44_100, 48_000, 96_000])
  func `Notes land within 32 frames of their place under every step of the tempo`(rate: Int) throws {
    let ticks: [Int64] = [
      0, 961, 2_880, 2_881, 5_776, 5_777, 6_301, 6_736, 6_738, 9_999, 15_360, 22_223, 30_000, 30_002, 33_599,
      33_600, 36_006, 36_008, 38_400, 38_407, 39_366,
    ]
    // Two that lie too close to tell apart stand on either side of a step: one of each pair is enough.
    let apart = ticks.reduce(into: [Int64]()) { kept, tick in
      let last = kept.last.map { Self.steps.frame($0, rate: Int64(rate)) } ?? -rate
      if Self.steps.frame(tick, rate: Int64(rate)) - last > rate / 8 { kept.append(tick) }
    }
    let render = try studio.render(
      midi: song(Self.steps, apart.flatMap { Note.click($0) }), flags: Studio.plain + ["--rate", "\(rate)"])
    #expect(apart.count > 12)
    #expect(render.report.notesStarted == apart.count)
    // A font's envelopes begin 1 ms late at the least, which FluidSynth counts in whole blocks of 64 frames: from 64 kHz
    // on that is one, and only a note before which there is no block for it to go out in is that late.
    let first = rate >= 64_000 ? 64 : 0
    expectOnsets(
      render.sound, apart.enumerated().map { Self.steps.frame($1, rate: Int64(rate)) + ($0 == 0 ? first : 0) })
  }

  @Test func `A ramp drawn in 200 steps loses no frame`() throws {
    // From 60 to 180 BPM over 50 beats, a step each quarter of a beat; then 16 beats on.
    let steps = TempoSteps(
      (0..<200).map { (Int64($0) * 240, Int((60_000_000 / (60 + 0.6 * Double($0))).rounded())) })
    let ticks = (0..<66).map { Int64($0) * 960 + 7 }
    let render = try studio.render(midi: song(steps, ticks.flatMap { Note.click($0) }))
    expectOnsets(render.sound, ticks.map { steps.frame($0) })
  }

  @Test func `Each key has its frequency, its begin and its end`() throws {
    let tempo = TempoSteps([(0, 480_000), (9_600, 531_915)])
    let keys: [UInt8] = [33, 45, 57, 60, 64, 69, 72, 81, 88, 93, 100, 105]
    // A beat of tone and a beat of rest each.
    let begins = keys.indices.map { Int64($0) * 1_920 + 123 }
    let events = [Note.program()] + zip(keys, begins).flatMap { Note.sine($1, 960, key: $0) }
    let sound = try studio.render(midi: song(tempo, events)).sound
    expectOnsets(sound, begins.map { tempo.frame($0) })
    for (key, begin) in zip(keys, begins) {
      let (first, last) = (tempo.frame(begin), tempo.frame(begin + 960))
      let hertz = sound.frequency((first + 200)..<(last - 200))
      #expect(abs(hertz / Note.hertz(key) - 1) < 0.001, "key \(key): \(hertz) Hz")
      // Full level from 64 frames after the begin to the end; the release is 50 ms long.
      let period = Int(48_000 / Note.hertz(key)) + 1
      let level = sound.peak((first + 100)..<(first + 100 + period))
      #expect(abs(decibels(Double(sound.peak((last - 40 - period)..<(last - 40))) / Double(level))) < 0.3)
      #expect(sound.peak((last + 2_400 + 96)..<(last + 4_800)) < 1e-6)
    }
  }

  /// SoundFont 2.04, 8.4: velocity, volume and expression each attenuate by 40·log₁₀(127/value) dB, so the level goes
  /// with the square.
  @Test func `The level follows velocity, channel volume and expression`() throws {
    struct Level {
      var velocity = 127
      var volume = 127
      var expression = 127
      var gain: Double {
        [velocity, volume, expression].reduce(1) { $0 * (Double($1) / 127) * (Double($1) / 127) }
      }
    }
    let levels =
      [127, 100, 64, 32, 10].map { Level(velocity: $0) } + [100, 64, 32].map { Level(volume: $0) }
      + [90, 40].map { Level(expression: $0) } + [Level(velocity: 90, volume: 80, expression: 70)]
    let tempo = TempoSteps([(0, 500_000)])
    let events = levels.enumerated().flatMap { index, level in
      let tick = Int64(index) * 1_920
      return [
        Note.controller(7, UInt8(level.volume), tick: tick),
        Note.controller(11, UInt8(level.expression), tick: tick),
      ] + Note.sine(tick + 96, 960, key: 69, velocity: UInt8(level.velocity))
    }
    let sound = try studio.render(midi: song(tempo, [Note.program()] + events)).sound
    var full = 0.0
    for (index, level) in levels.enumerated() {
      let first = tempo.frame(Int64(index) * 1_920 + 96) + 200
      for isRight in [false, true] {
        let fit = sound.sineFit(hertz: 440, first..<(first + 12_000), right: isRight)
        if full == 0 { full = fit.amplitude }
        // FluidSynth keeps attenuation in whole centibels.
        let error = decibels(fit.amplitude / (full * level.gain))
        #expect(abs(error) < 0.15, "\(level): \(error) dB")
        #expect(fit.errorDB < -60, "the tone is a sine: \(fit.errorDB) dB")
      }
    }
    // Half scale, FluidSynth's gain of 0.2 and √½ for each side; its filter, wide open, adds 1.1 dB.
    #expect(abs(decibels(full / (0.5 * 0.2 * 0.5.squareRoot())) - 1.1) < 0.1)
  }

  @Test func `A note that ends at the last tick of the file ends there`() throws {
    let tempo = TempoSteps([(0, 500_000)])
    let sound = try studio.render(
      midi: song(tempo, [Note.program()] + Note.sine(480, 1_440, key: 69), lengthTicks: 1_920)
    ).sound
    #expect(sound.peak(47_000..<47_960) > 0.04)
    #expect(sound.peak((48_000 + 2_400 + 96)..<sound.frames) < 1e-6)
    #expect(sound.frames < 48_000 + 2 * 48_000)
  }

  @Test func `A note that the file never ends ends with the file`() throws {
    let on = RawMIDI.wait(0) + [0xC0, Note.tone] + RawMIDI.wait(480) + [0x90, 69, 127]
    let sound = try studio.render(
      midi: RawMIDI.file(format: 0, division: [0x03, 0xC0], on + RawMIDI.wait(960) + RawMIDI.end)
    ).sound
    #expect(sound.peak(35_000..<35_960) > 0.04)
    #expect(sound.peak((36_000 + 2_400 + 96)..<sound.frames) < 1e-6)
  }

  @Test func `The embedded font is the committed one`() throws {
    let midi = song(
      TempoSteps([(0, 500_000)]), Note.click(0) + [Note.program()] + Note.sine(960, 480, key: 60))
    let committed = try studio.render(midi: midi)
    let embedded = try studio.render(
      midi: midi, flags: ["--no-effects", "--no-limiter", "--soundfont", "embedded"])
    #expect(embedded.sound == committed.sound)
    #expect(!embedded.report.silent)
  }
}
