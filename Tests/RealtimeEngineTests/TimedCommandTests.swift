import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct TimedCommandTests {
  private func timed(
    _ tick: Tick, _ kind: Command.Kind, id: UInt64 = 99, to place: Double = .nan, track: Int = -1,
    value: Double = 0
  ) -> TimedCommand {
    TimedCommand(
      tick: tick, command: Command(id: id, kind: kind, track: track, dueFrame: 0, tick: place, value: value))
  }

  private func song(_ timed: [TimedCommand]) -> Song {
    var song = Song()
    song.audio(key: 1, at: 0, length: 9600, .staircase(frames: 240_000))
    song.timed = timed
    return song
  }

  @Test func `a timed command lands on the grid line nearest to its place, and says how late`() throws {
    for tick in [0, 1, 2, 333, 334, 1000] as [Tick] {
      let hand = try HandTurnedEngine(song([timed(tick, .masterGain, value: 0.5)]), synthTracks: 0)
      hand.send(.play, tick: 0)
      _ = hand.render(38_400)
      let landed = try #require(hand.landed(99))
      #expect(abs(landed.frame - tick * 25) <= 32)
      #expect(landed.late == landed.frame - tick * 25)
    }
  }

  @Test func `a timed pause halts at its exact place and a later play goes on from there`() throws {
    let hand = try HandTurnedEngine(song([timed(333, .pause)]), synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(12_800)
    #expect(hand.report.playheadTick == 333 && !hand.report.rolling)
    #expect(hand.landed(99)?.tick == 333)
    hand.send(.play)
    _ = hand.render(6400)
    #expect(hand.report.rolling && hand.report.playheadFrame == 8325 + 6400)
  }

  @Test func `an edit while paused at a timed pause does not bring it back`() throws {
    let song = song([timed(333, .pause)])
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(12_800)
    try hand.take(song)
    hand.send(.play)
    _ = hand.render(6400)
    #expect(hand.report.rolling)
  }

  @Test func `a timed seek jumps from its place`() throws {
    let hand = try HandTurnedEngine(song([timed(400, .locate, to: 4000)]), synthTracks: 0)
    hand.send(.play, tick: 0)
    let sound = hand.render(12_800)
    // Tick 400 is frame 10,000; the nearest grid line is frame 9,984.
    #expect(hand.report.playheadFrame == 100_000 + 12_800 - 9984)
    #expect(sound.left[9983] == Float(9984) / 1_000_000)
    #expect(sound.left[9984 + 240] == Float(100_241) / 1_000_000)
  }

  @Test func `a timed seek to its own place does not hold the playhead`() throws {
    let hand = try HandTurnedEngine(song([timed(400, .locate, to: 400)]), synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(25_600)
    #expect(hand.report.playheadFrame > 25_000)
  }

  @Test func `an edit within half a grid block of a timed command neither loses nor repeats it`() throws {
    for tick in Tick(398)...406 {
      var song = song([timed(tick, .masterGain, value: 0.5)])
      let hand = try HandTurnedEngine(song, synthTracks: 0)
      hand.send(.play, tick: 0)
      for edit in 0..<6 {
        _ = hand.render(edit == 0 ? 9920 : 64, block: 64)
        song.audio(key: UInt64(50 + edit), at: 9000, length: 10, .constant(0, frames: 1))
        try hand.take(song)
      }
      _ = hand.render(640)
      let landings = hand.notices.filter { if case .landed = $0.kind { $0.id == 99 } else { false } }
      #expect(landings.count == 1, "tick \(tick)")
    }
  }

  @Test func `timed commands in a loop land with every pass, at its start too`() throws {
    // 301 ticks are 7,525 frames.
    var song = song([
      timed(0, .masterGain, id: 200, value: 1), timed(300, .masterGain, id: 201, value: 1),
      timed(301, .masterGain, id: 202, value: 1), timed(150, .trackGain, id: 203, track: 0, value: 1),
    ])
    song.loop = 0..<301
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(7525 * 20 + 64)
    for (id, tick) in [(200, 0), (201, 300), (203, 150)] as [(UInt64, Int)] {
      let frames = hand.notices.filter { if case .landed = $0.kind { $0.id == id } else { false } }.map(
        \.frame)
      #expect(frames.count == (tick == 0 ? 21 : 20), "\(id)")
      for (pass, frame) in frames.enumerated() { #expect(abs(Int(frame) - pass * 7525 - tick * 25) <= 32) }
    }
    #expect(hand.landed(202) == nil)
  }

  @Test func `what is lent by address is not taken from the schedule`() throws {
    let hand = try HandTurnedEngine(song([timed(10, .bank, track: 0), timed(11, .schedule)]), synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(1280)
    #expect(hand.report.commandsIgnored == 2 && hand.report.rolling)
  }
}
