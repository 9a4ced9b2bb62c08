import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct BudgetTests {
  private static let hertz = [
    60: 261.63, 64: 329.63, 67: 392.0, 69: 440.0, 72: 523.25, 76: 659.26, 79: 783.99, 81: 880.0,
  ]

  private func loudness(_ sound: Sound, _ key: Int, _ range: Range<Int>) -> Double {
    sound.amplitude(hertz: Self.hertz[key] ?? 0, range)
  }

  @Test func `above the budget the oldest held notes end, each counted`() throws {
    var song = Song()
    song.midi(
      key: 1, at: 0, length: 9600,
      Notes.tones([(0, 9000, 60), (100, 9000, 64), (200, 9000, 67), (300, 9000, 72), (400, 9000, 76)]))
    let hand = try HandTurnedEngine(song, voiceBudget: 3)
    hand.send(.play, tick: 0)
    let sound = hand.render(48_000)
    #expect(hand.report.voicesStolen == 2 && hand.report.voices == 3)
    let late = 14_400..<46_080
    for key in [67, 72, 76] { #expect(loudness(sound, key, late) > 0.028) }
    for key in [60, 64] { #expect(loudness(sound, key, late) < 0.001) }
  }

  @Test func `released notes go before held ones, the oldest first`() throws {
    var song = Song()
    // Two old held notes; two newer ones released at tick 300, with 50 ms (40 ticks at 25 frames: 96) to
    // ring.
    song.midi(
      key: 1, at: 0, length: 9600,
      Notes.tones([
        (0, 9000, 60), (50, 9000, 64), (100, 200, 67), (150, 150, 72), (302, 9000, 76), (303, 9000, 79),
      ]))
    let hand = try HandTurnedEngine(song, voiceBudget: 4)
    hand.send(.play, tick: 0)
    let sound = hand.render(48_000)
    #expect(hand.report.voicesStolen == 2 && hand.report.voices == 4)
    for key in [60, 64, 76, 79] { #expect(loudness(sound, key, 14_400..<46_080) > 0.028) }
  }

  @Test func `a voice that is ended fades within a grid block and does not click`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, Notes.tones([(0, 9000, 60), (200, 9000, 69)]))
    let hand = try HandTurnedEngine(song, voiceBudget: 1)
    hand.send(.play, tick: 0)
    let sound = hand.render(24_000)
    #expect(loudness(sound, 60, 5200..<20_000) < 0.001)
    // The steepest step of the two tones together is 0.003.
    #expect(sound.largestStep() < 0.004)
    #expect(hand.report.voices == 1)
  }

  @Test func `a track is held to its own polyphony`() throws {
    var song = Song()
    let notes: [(Tick, Tick, UInt8)] = [(0, 9000, 60), (100, 9000, 64), (200, 9000, 67)]
    song.midi(key: 1, at: 0, length: 9600, Notes.tones(notes))
    song.midi(key: 2, at: 0, length: 9600, Notes.tones(notes), RegionShape(track: 1))
    let hand = try HandTurnedEngine(song, synthTracks: 2)
    hand.send(.trackPolyphony, track: 0, value: 2)
    hand.send(.play, tick: 0)
    _ = hand.render(48_000)
    #expect(hand.report.voices == 5 && hand.report.voicesStolen == 1)
  }

  @Test func `a lower budget takes effect on what sounds`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, Notes.tones([(0, 9000, 60), (100, 9000, 64), (200, 9000, 67)]))
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    _ = hand.render(12_800)
    #expect(hand.report.voices == 3)
    hand.send(.voiceBudget, value: 1)
    _ = hand.render(12_800)
    #expect(hand.report.voices == 1 && hand.report.voicesStolen == 2)
  }

  @Test func `hundreds of notes over the budget leave no voice behind and no note stuck`() throws {
    var song = Song()
    let notes = (0..<600).map { (index: Int) -> (Tick, Tick, UInt8) in
      (Tick(index * 3), 200, UInt8(30 + index * 7 % 60))
    }
    song.midi(key: 1, at: 0, length: 4000, Notes.tones(notes))
    let hand = try HandTurnedEngine(song, voiceBudget: 16)
    hand.send(.play, tick: 0)
    _ = hand.render(50_000)
    #expect(hand.report.voices <= 18 && hand.report.voicesStolen > 300)
    #expect(hand.report.notesStarted == 600)
    _ = hand.render(20_000)
    #expect(hand.report.voices == 0)
  }
}
