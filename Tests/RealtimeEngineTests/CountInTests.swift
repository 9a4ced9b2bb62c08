import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// Bars of clicks before the music.
@Suite struct CountInTests {
  private static let dc = AudioClip.constant(0.5, frames: 480_000)

  private func hand(_ changes: [TempoChange] = [], _ signatures: [SignatureChange] = []) throws
    -> HandTurnedEngine
  {
    var song = Song(changes: changes)
    song.signatures = signatures
    song.audio(key: 1, at: 0, length: 96_000, Self.dc)
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.metronomeLevel, value: 1)
    _ = hand.render(1024)
    return hand
  }

  /// The frames of a stretch where a click or the music begins: after 30 ms of neither.
  private func onsets(_ heard: [Float]) -> [Int] {
    var found: [Int] = []
    var quiet = 10_000
    for (frame, value) in heard.enumerated() {
      if abs(value) > 0.2 {
        if quiet > 1000 { found.append(frame) }
        quiet = 0
      } else {
        quiet += 1
      }
    }
    return found
  }

  private struct Heard {
    var clicks: [Float] = []
    var music: [Float] = []
  }

  private func render(_ hand: HandTurnedEngine, _ frames: Int) -> Heard {
    var heard = Heard()
    while heard.clicks.count < frames {
      heard.music += hand.render(256).left
      heard.clicks += hand.output(.click, frames: 256)
    }
    return heard
  }

  @Test(arguments: [
    // 4/4 at 120: eight clicks 24,000 frames apart.
    (120.0, 4, 4, 2.0, 8, 24_000.0), (133.7, 7, 8, 1, 7, 10_770.381_4), (90, 5, 4, 1, 5, 32_000),
    (211, 6, 8, 2, 12, 6_824.644_5),
  ])
  func `the clicks lead to the bar on its exact frame`(
    bpm: Double, numerator: Int, denominator: Int, bars: Double, beats: Int, apart: Double
  ) throws {
    let signature = SignatureChange(tick: 0, numerator: numerator, denominator: denominator)
    let hand = try hand([TempoChange(tick: 0, bpm: bpm)], [signature])
    let id = hand.send(.play, tick: 0, value: bars)
    let heard = render(hand, Int(apart * Double(beats)) + 24_000)
    let start = try #require(heard.music.firstIndex { $0 != 0 })
    let clicks = onsets(heard.clicks)
    #expect(clicks.count == beats)
    for (index, click) in clicks.enumerated() {
      let wanted = Double(start) - Double(beats - index) * apart
      #expect(abs(Double(click) - wanted) <= 0.5, "click \(index)")
    }
    // The first of each bar is the loudest.
    for (index, click) in clicks.enumerated() {
      #expect((heard.clicks[click] > 0.9) == (index % numerator == 0))
    }
    // It landed at once, and named the frame of the music.
    let landed = try #require(hand.landed(id))
    #expect(landed.frame == 1024 + Int64(start) && landed.tick == 0)
    let started = hand.notices.first { if case .countedIn = $0.kind { true } else { false } }
    #expect(started?.frame == 1024 + Int64(start))
    // Less than a grid block later than it could have been.
    #expect(start < Int(apart * Double(beats)) + 65)
  }

  @Test func `from the middle of a bar the clicks are its beats`() throws {
    let hand = try hand()
    // Beat 3 and a half: the bar before from there.
    hand.send(.play, tick: 2400, value: 1)
    let heard = render(hand, 120_000)
    // It is entered midway, from nothing in 5 ms.
    let start = try #require(heard.music.firstIndex { $0 != 0 }) - 1
    let clicks = onsets(heard.clicks)
    #expect(clicks.map { start - $0 } == [84_000, 60_000, 36_000, 12_000])
    #expect(clicks.map { heard.clicks[$0] > 0.9 } == [false, true, false, false])
  }

  @Test func `the metronome goes on where the count ends`() throws {
    let hand = try hand()
    hand.send(.metronomeOn, value: 1)
    hand.send(.play, tick: 0, value: 1)
    let heard = render(hand, 238_080)
    #expect(onsets(heard.clicks) == (0..<10).map { $0 * 24_000 })
  }

  @Test(arguments: [Command.Kind.pause, .stop, .panic]) func `what halts ends the count`(kind: Command.Kind)
    throws
  {
    let hand = try hand()
    hand.send(.play, tick: 960, value: 2)
    let first = render(hand, 30_208)
    #expect(onsets(first.clicks).count == 2 && hand.report.countInFrames > 0)
    hand.send(kind, tick: 0)
    let rest = render(hand, 240_128)
    #expect(onsets(rest.clicks).isEmpty && rest.music.allSatisfy { $0 == 0 })
    #expect(!hand.report.rolling && hand.report.countInFrames == 0)
  }

  @Test func `the pause that needs no ring ends it too, and play starts at once`() throws {
    let hand = try hand()
    hand.send(.play, tick: 0, value: 2)
    _ = render(hand, 30_208)
    hand.engine.emergencyPause()
    #expect(onsets(render(hand, 240_128).clicks).isEmpty)
    hand.send(.play, tick: 0, value: 2)
    _ = render(hand, 30_208)
    hand.send(.play, tick: 0)
    #expect(render(hand, 256).music[0] == 0.5)
  }

  @Test func `a schedule that comes while it counts changes nothing of it`() throws {
    let hand = try hand()
    hand.send(.play, tick: 0, value: 1)
    var heard = render(hand, 40_192)
    var song = Song(changes: [TempoChange(tick: 0, bpm: 90)])
    song.tempoRevision = 1
    song.audio(key: 1, at: 0, length: 96_000, Self.dc)
    try hand.take(song)
    let more = render(hand, 80_128)
    heard.clicks += more.clicks
    heard.music += more.music
    #expect(onsets(heard.clicks) == [0, 24_000, 48_000, 72_000])
    #expect(heard.music.firstIndex { $0 != 0 } == 96_000)
  }
}
