import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// Four synths whose blocks begin 16 frames apart.
@Suite struct SharpTimingTests {
  /// Clicks at pseudo-random frames, at least 0.18 s apart; a tick is 7.5 of them at 48 kHz.
  private static func clicks(_ count: Int, rate: Double) -> (song: Song, ticks: [Tick]) {
    var song = Song(changes: [TempoChange(tick: 0, bpm: 400)])
    song.sampleRate = rate
    let perFrame = 960.0 * 400 / 60 / rate
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    var frame = 3000
    var ticks: [Tick] = []
    for _ in 0..<count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      frame += Int(0.18 * rate) + Int(state >> 40 & 2047)
      ticks.append(Tick((Double(frame) * perFrame).rounded()))
    }
    song.midi(key: 1, at: 0, length: (ticks.last ?? 0) + 960, Notes.clicks(ticks.map { $0 }))
    return (song, ticks)
  }

  /// The frames by which each of some clicks is early or late, and how many there were.
  private func errors(
    _ timing: SynthSettings.Timing, rate: Double, block: Int, count: Int
  ) throws -> [Int] {
    let (song, ticks) = Self.clicks(count, rate: rate)
    let tempo = try song.tempo()
    let due = ticks.map { Int(tempo.frame(atTick: $0)) }
    let sound = try HandTurnedEngine.play(
      song, frames: (due.last ?? 0) + 4000, block: block, sampleRate: rate, timing: timing)
    let onsets = sound.onsets(gap: Int(0.03 * rate), above: 1e-4).map { $0 - 1 }
    try #require(onsets.count == due.count)
    return zip(onsets, due).map { $0 - $1 }
  }

  @Test(arguments: [(44_100, 64), (44_100, 1000), (48_000, 64), (48_000, 256), (48_000, 1024), (96_000, 512)])
  func `notes land within 32 frames in normal timing and within 8 in sharp`(rate: Int, block: Int) throws {
    let normal = try errors(.normal, rate: Double(rate), block: block, count: 100)
    #expect(normal.allSatisfy { abs($0) <= 32 } && normal.contains { abs($0) > 16 })
    let sharp = try errors(.sharp, rate: Double(rate), block: block, count: 100)
    #expect(sharp.allSatisfy { abs($0) <= 8 }, "\(sharp.filter { abs($0) > 8 })")
  }

  private func hats(_ timing: SynthSettings.Timing, at offset: Tick) throws -> Sound {
    var song = Song()
    // An open hat and, 3,000 frames later, the closed one that chokes it.
    song.midi(
      key: 1, at: 0, length: 9600,
      Notes.sorted([
        Notes.on(40 + offset, 46, channel: 9), Notes.off(60 + offset, 46, channel: 9),
        Notes.on(160 + 2 * offset, 42, channel: 9), Notes.off(180 + 2 * offset, 42, channel: 9),
      ]))
    return try HandTurnedEngine.play(song, frames: 24_000, timing: timing)
  }

  @Test(arguments: 0..<6)
  func `a closed hat chokes an open one in sharp timing as in normal`(offset: Int) throws {
    let normal = try hats(.normal, at: Tick(offset))
    #expect(try hats(.sharp, at: Tick(offset)).difference(to: normal) < 1e-6)
    #expect(normal.peak() > 0.01)
  }

  @Test func `a key struck anew ends the one before it, whichever synth has that`() throws {
    for distance in [400, 401, 402, 403] as [Tick] {
      var song = Song()
      song.midi(
        key: 1, at: 0, length: 9600,
        [
          Notes.program(0, 79), Notes.on(40, 69), Notes.on(40 + distance, 69), Notes.off(900, 69),
          Notes.off(1000, 69),
        ])
      let hand = try HandTurnedEngine(song, timing: .sharp)
      hand.send(.play, tick: 0)
      _ = hand.render(20_000)
      #expect(hand.report.voices == 1)
      let sound = hand.render(20_000)
      #expect(sound.amplitude(hertz: 440, 0..<4000) > 0.029)
      #expect(sound[12_000..<20_000].isSilent)
    }
  }

  @Test func `sharp timing is as loud as normal, effects included`() throws {
    var song = Song()
    // One at a time, so that none beats against another.
    let notes = (0..<16).flatMap { (index: Int) -> [ClipEvent] in
      [
        Notes.on(Tick(index * 431), UInt8(48 + index), channel: 2),
        Notes.off(Tick(index * 431 + 200), UInt8(48 + index), channel: 2),
      ]
    }
    song.midi(
      key: 1, at: 0, length: 9600,
      [Notes.program(0, 48, channel: 2), Notes.controller(0, 91, 100, channel: 2)] + notes)
    func power(_ timing: SynthSettings.Timing) throws -> Double {
      let sound = try HandTurnedEngine.play(song, frames: 200_000, effects: true, timing: timing)
      return (sound.left + sound.right).reduce(0) { $0 + Double($1) * Double($1) }
    }
    // 0.1 dB are 2.3 %.
    #expect(abs(try power(.sharp) / power(.normal) - 1) < 0.023)
  }

  @Test func `controllers, pedals and programs reach all four synths`() throws {
    var song = Song()
    var events = [Notes.program(0, 79), Notes.controller(5, 64, 127), Notes.bend(6, 16_383)]
    for note in 0..<4 {
      // 10 ticks and a bit: each in another synth.
      let tick = Tick(40 + note * 43)
      events += [Notes.on(tick, UInt8(60 + note)), Notes.off(tick + 20, UInt8(60 + note))]
    }
    events.append(Notes.controller(700, 64, 0))
    song.midi(key: 1, at: 0, length: 9600, Notes.sorted(events))
    let hand = try HandTurnedEngine(song, timing: .sharp)
    hand.send(.play, tick: 0)
    let sound = hand.render(17_000)
    // Keys 60 to 63, each bent up by two semitones.
    for hertz in [293.66, 311.13, 329.63, 349.23] {
      #expect(sound.amplitude(hertz: hertz, 8000..<16_000) > 0.02)
    }
    #expect(hand.report.voices == 4)
    _ = hand.render(9600)
    #expect(hand.report.voices == 0)
  }

  @Test(arguments: [32, 100, 8192])
  func `the block size changes no sample`(block: Int) throws {
    let song = Self.clicks(20, rate: 48_000).song
    let sound = try HandTurnedEngine.play(song, frames: 60_000, block: block, timing: .sharp)
    let isSame = try sound == HandTurnedEngine.play(song, frames: 60_000, block: 256, timing: .sharp)
    #expect(isSame)
  }

  @Test func `a note just before a halt is not begun, in either timing`() throws {
    for timing in SynthSettings.Timing.allCases {
      for distance in 1...4 as ClosedRange<Tick> {
        var song = Song()
        song.midi(key: 1, at: 0, length: 9600, Notes.clicks([100, 1000, 2000]))
        let hand = try HandTurnedEngine(song, timing: timing)
        // A tick is 25 frames, so the halt is 25 to 100 frames before the note, or as much behind it.
        hand.send(.play, tick: 0, to: Double(1000 - distance))
        #expect(hand.render(40_000).onsets(gap: 2000, above: 1e-4).count == 1)
        #expect(hand.report.notesStarted == 1 && !hand.report.rolling)
      }
    }
  }

  @Test func `a loop goes around in sharp timing with every note once a pass`() throws {
    for start in [0, 3, 7] as [Tick] {
      var song = Song()
      song.midi(key: 1, at: 0, length: 9600, Notes.clicks([start, start + 200, start + 397]))
      song.loop = start..<start + 401
      let hand = try HandTurnedEngine(song, timing: .sharp)
      hand.send(.play, tick: Double(start))
      _ = hand.render(10_025 * 5 - 64)
      #expect(hand.report.notesStarted == 15)
    }
  }
}
