import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// What is to enter on a line, and comes after it. A beat is 24,000 frames, a tick 25.
@Suite struct MissedLineTests {
  private func song(entering tick: Tick) -> (before: Song, after: Song) {
    var before = Song()
    before.midi(key: 1, at: 0, length: 9600, Notes.tones([(0, 9000, 57)]))
    var after = before
    after.midi(key: 2, at: tick, length: 3840, Notes.tones([(0, 3000, 81)]))
    after.notAfter = Double(tick)
    return (before, after)
  }

  /// Renders 48,000 frames, the playhead at tick 1920, sends what enters at a tick, and renders on.
  private func enter(at tick: Tick, rolling: Bool = true) throws -> (HandTurnedEngine, Sound, UInt64) {
    let (before, after) = song(entering: tick)
    let hand = try HandTurnedEngine(before, synthTracks: 1)
    if rolling { hand.send(.play, tick: 0) } else { hand.send(.locate, tick: 1920) }
    var sound = hand.render(48_000)
    let revision = try hand.take(after)
    sound += hand.render(48_000)
    return (hand, sound, revision)
  }

  @Test func `What comes after its line goes back untouched, and is told`() throws {
    let (hand, sound, revision) = try enter(at: 1800)
    let notice = try #require(hand.landed(hand.lastID))
    #expect(notice.address == 1 && notice.tick == 1920)
    let retired = hand.notices.contains {
      if case .retiredSchedule = $0.kind { $0.id == revision } else { false }
    }
    #expect(retired)
    #expect(sound == (try HandTurnedEngine.play(song(entering: 1800).before, frames: 96_000)))
  }

  @Test func `What comes before its line begins on its frame`() throws {
    let (hand, sound, _) = try enter(at: 2000)
    #expect(try #require(hand.landed(hand.lastID)).address == 0)
    #expect(sound == (try HandTurnedEngine.play(song(entering: 2000).after, frames: 96_000)))
  }

  @Test func `Nothing is too late while nothing rolls`() throws {
    let (hand, _, _) = try enter(at: 1800, rolling: false)
    #expect(try #require(hand.landed(hand.lastID)).address == 0)
  }

  @Test func `A schedule that follows a missed one is taken, however many were missed`() throws {
    let (before, after) = song(entering: 1800)
    let hand = try HandTurnedEngine(before, synthTracks: 1)
    hand.send(.play, tick: 0)
    _ = hand.render(48_000)
    for _ in 0..<2 * EngineLimits.retiringSchedules {
      try hand.take(after)
      _ = hand.render(256)
    }
    var late = after
    late.notAfter = .infinity
    late.midi(key: 3, at: 3840, length: 960, Notes.tones([(0, 900, 93)]))
    try hand.take(late)
    let sound = hand.render(48_000)
    #expect(try #require(hand.landed(hand.lastID)).address == 0)
    #expect(sound.amplitude(hertz: 1760, 20_000..<36_000) > 0.001)
  }
}
