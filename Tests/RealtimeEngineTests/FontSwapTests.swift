import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// A track's synths replaced while it plays: new notes sound in the new ones, held ones ring on in the old.
@Suite struct FontSwapTests {
  private func retired(_ hand: HandTurnedEngine) -> [UInt] {
    hand.notices.compactMap { if case .retiredBank = $0.kind { $0.address } else { nil } }
  }

  /// 440 Hz from the start to tick 960 (frame 24,000), 659 Hz from tick 600 to 1200.
  private func twoTones() -> Song {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, Notes.tones([(0, 960, 69), (600, 600, 76)]))
    return song
  }

  @Test func `a note held at a swap sounds as if nothing had happened until its own note-off`() throws {
    let alone = try HandTurnedEngine.play(twoTones(), frames: 48_000)
    let hand = try HandTurnedEngine(twoTones(), synthTracks: 0)
    let first = try hand.installBank(on: 0)
    hand.send(.play, tick: 0)
    var sound = hand.render(12_800)
    try hand.installBank(on: 0)
    sound += hand.render(11_200)
    // Held: not one sample of it differs.
    #expect(sound.difference(to: alone[0..<24_000]) < 1e-7)
    sound += hand.render(24_000)
    #expect(sound.difference(to: alone) < 1e-6)
    #expect(hand.report.notesStarted == 2)
    #expect(retired(hand) == [first.address])
  }

  @Test func `twenty notes a second through ten swaps are all there, once each`() throws {
    var song = Song()
    // Each a twentieth of a second: 96 ticks; held for twice as long, so some are held at every swap.
    let notes = (0..<60).map { (Tick($0 * 96), Tick(180), UInt8(40 + $0)) }
    song.midi(key: 1, at: 0, length: 9600, Notes.tones(notes))
    let alone = try HandTurnedEngine.play(song, frames: 160_000)
    let hand = try HandTurnedEngine(song, synthTracks: 1)
    hand.send(.play, tick: 0)
    var sound = hand.render(48_000)
    for _ in 0..<10 {
      try hand.installBank(on: 0)
      sound += hand.render(4352)
    }
    sound += hand.render(160_000 - sound.frames)
    #expect(hand.report.notesStarted == 60 && hand.report.notesRefused == 0)
    // Sums of the same notes in another order.
    #expect(sound.difference(to: alone) < 1e-6)
    #expect(retired(hand).count == 10)
    #expect(hand.report.voices == 0)
  }

  @Test func `a pedal that holds notes at a swap lets go of them when it comes up`() throws {
    var song = Song()
    song.midi(
      key: 1, at: 0, length: 9600,
      Notes.sorted(
        Notes.tones([(10, 100, 69)]) + [Notes.controller(5, 64, 127), Notes.controller(1000, 64, 0)]))
    let hand = try HandTurnedEngine(song, synthTracks: 1)
    hand.send(.play, tick: 0)
    _ = hand.render(12_800)
    try hand.installBank(on: 0)
    let sound = hand.render(24_000)
    // The pedal comes up at frame 25,000, which is 12,200 here; the tone's release is 50 ms.
    #expect(sound.amplitude(hertz: 440, 1000..<12_000) > 0.029)
    #expect(sound[16_000..<24_000].isSilent)
    #expect(retired(hand).count == 1)
  }

  @Test func `a bend reaches the note that was held at a swap`() throws {
    var song = Song()
    song.midi(
      key: 1, at: 0, length: 9600, Notes.sorted(Notes.tones([(10, 2000, 69)]) + [Notes.bend(600, 16_383)]))
    let hand = try HandTurnedEngine(song, synthTracks: 1)
    hand.send(.play, tick: 0)
    _ = hand.render(12_800)
    try hand.installBank(on: 0)
    #expect(hand.render(24_000).amplitude(hertz: 493.88, 4000..<24_000) > 0.028)
  }

  @Test func `the note after a swap has the program, the volume and the bend that were set before it`() throws
  {
    var song = Song()
    song.midi(
      key: 1, at: 0, length: 9600,
      Notes.sorted(
        Notes.tones([(800, 600, 69)]) + [Notes.controller(20, 7, 60), Notes.bend(30, 12_288)]))
    let alone = try HandTurnedEngine.play(song, frames: 40_000)
    let hand = try HandTurnedEngine(song, synthTracks: 1)
    hand.send(.play, tick: 0)
    var sound = hand.render(12_800)
    try hand.installBank(on: 0)
    sound += hand.render(27_200)
    #expect(sound.difference(to: alone) < 1e-6)
    #expect(alone.peak() > 0.005)
  }

  @Test func `a key struck anew after a swap ends the one before it, and goes with the last note-off`() throws
  {
    var song = Song()
    song.midi(
      key: 1, at: 0, length: 9600,
      [
        Notes.program(0, 79), Notes.on(10, 69), Notes.on(700, 69), Notes.off(900, 69), Notes.off(1100, 69),
      ])
    let alone = try HandTurnedEngine.play(song, frames: 40_000)
    let hand = try HandTurnedEngine(song, synthTracks: 1)
    hand.send(.play, tick: 0)
    var sound = hand.render(12_800)
    try hand.installBank(on: 0)
    sound += hand.render(27_200)
    #expect(sound.difference(to: alone) < 1e-6)
    #expect(sound.amplitude(hertz: 440, 23_000..<27_000) > 0.029)
    #expect(sound[32_000..<40_000].isSilent)
  }

  @Test(arguments: [Command.Kind.pause, .panic])
  func `what rings on in replaced synths ends with a halt`(kind: Command.Kind) throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 96_000, Notes.tones([(0, 90_000, 69)]))
    let hand = try HandTurnedEngine(song, synthTracks: 1)
    hand.send(.play, tick: 0)
    _ = hand.render(12_800)
    try hand.installBank(on: 0)
    #expect(hand.render(12_800).amplitude(hertz: 440, 0..<12_800) > 0.029)
    hand.send(kind)
    _ = hand.render(6400)
    #expect(hand.render(6400).isSilent)
    #expect(hand.report.voices == 0)
    #expect(retired(hand).count == 1)
  }

  @Test func `a note that never ends keeps its synths for five minutes and then fades`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 2_000_000, Notes.tones([(0, 1_900_000, 69)]))
    let hand = try HandTurnedEngine(song, synthTracks: 1, sampleRate: 22_050)
    hand.send(.play, tick: 0)
    _ = hand.render(6400)
    try hand.installBank(on: 0)
    let step = hand.render(299 * 22_050, block: 8192).largestStep()
    #expect(retired(hand).isEmpty && hand.report.voices == 1)
    let end = hand.render(3 * 22_050, block: 256)
    #expect(retired(hand).count == 1)
    #expect(end.largestStep() < step * 1.1 && end[60_000..<66_000].isSilent)
  }

  @Test func `many tracks take new synths in one block`() throws {
    var song = Song()
    for track in 0..<24 {
      song.midi(
        key: UInt64(track + 1), at: 0, length: 9600, Notes.tones([(0, 900, UInt8(30 + track))]),
        RegionShape(gain: 0.1, track: track))
    }
    let hand = try HandTurnedEngine(song, synthTracks: 24)
    hand.send(.play, tick: 0)
    _ = hand.render(4096)
    var last: UInt64 = 0
    for track in 0..<24 {
      try hand.installBank(on: track)
      last = hand.lastID
    }
    let frame = hand.report.deviceFrame
    _ = hand.render(256)
    #expect(hand.landed(last)?.frame == frame)
    #expect(hand.report.voices == 24)
    _ = hand.render(48_000)
    #expect(retired(hand).count == 24 && hand.report.notesStarted == 24)
  }

  @Test func `more replaced synths than may ring make room within milliseconds`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 96_000, Notes.tones([(0, 90_000, 69)]))
    let hand = try HandTurnedEngine(song, synthTracks: 1)
    hand.send(.play, tick: 0)
    _ = hand.render(256)
    // Each swap comes with a note of its own that is held for good.
    var late: Int64 = 0
    for swap in 0..<(EngineLimits.retiringBanks + 20) {
      var next = song
      next.midi(
        key: UInt64(swap + 10), at: Tick(swap * 3), length: 90_000,
        Notes.tones([(2, 80_000, UInt8(20 + swap % 90))]), RegionShape(gain: 0.01, track: swap % 40 + 1))
      song = next
      try hand.take(song)
      try hand.installBank(on: swap % 40 + 1)
      let id = hand.lastID
      _ = hand.render(1024)
      late = max(late, hand.landed(id)?.late ?? 1 << 40)
    }
    #expect(late <= 1024)
  }

  @Test func `the voice budget counts what rings on in replaced synths`() throws {
    var song = Song()
    song.midi(
      key: 1, at: 0, length: 9600,
      Notes.tones([(0, 9000, 60), (10, 9000, 64), (800, 9000, 67), (810, 9000, 72)]))
    let hand = try HandTurnedEngine(song, voiceBudget: 3)
    hand.send(.play, tick: 0)
    _ = hand.render(12_800)
    try hand.installBank(on: 0)
    _ = hand.render(24_000)
    #expect(hand.report.voices == 3 && hand.report.voicesStolen == 1)
  }
}
