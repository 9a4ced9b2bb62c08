import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct TimedCommandTests {
  private func timed(
    _ tick: Tick, _ kind: Command.Kind, id: UInt64 = 99, to place: Double = .nan, track: Int = -1,
    value: Double = 0
  ) -> Command {
    Command(id: id, kind: kind, track: track, dueFrame: 0, tick: place, value: value, at: tick)
  }

  private func song(_ timed: [Command]) -> Song {
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

  @Test func `timed commands in a loop land once, in the pass after they came, at its start too`() throws {
    // 301 ticks are 7,525 frames.
    var song = song([])
    song.loop = 0..<301
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    func send(pass: UInt64) {
      hand.wait(timed(0, .masterGain, id: 1000 + pass, value: 1))
      hand.wait(timed(300, .masterGain, id: 2000 + pass, value: 1))
      hand.wait(timed(150, .trackGain, id: 3000 + pass, track: 0, value: 1))
    }
    hand.wait(timed(301, .masterGain, id: 4000, value: 1))
    send(pass: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(1024)
    for pass in 1...20 as ClosedRange<UInt64> {
      // Some way into each pass, for its rest and for the next one's start.
      send(pass: pass)
      _ = hand.render(7525)
    }
    for (kind, tick) in [(1000, 0), (2000, 300), (3000, 150)] {
      for pass in 0..<20 {
        let landings = hand.notices.filter {
          if case .landed = $0.kind { $0.id == UInt64(kind + pass) } else { false }
        }
        #expect(landings.count == 1, "\(kind + pass)")
        // What came in a pass after its place was gone waits for the next; the very first came before.
        let lands = kind == 1000 ? pass : max(0, pass - 1)
        let due = lands * 7525 + tick * 25
        #expect(abs(Int(landings.first?.frame ?? -1000) - due) <= 32, "\(kind + pass)")
      }
    }
    #expect(hand.landed(4000) == nil)
  }

  @Test func `of two commands at one place the second waits behind the first, and neither is lost`() throws {
    let hand = try HandTurnedEngine(
      song([
        timed(333, .pause, id: 101), timed(333, .masterGain, id: 102, value: 0.5),
        timed(333, .locate, id: 103, to: 333), timed(333, .locate, id: 104, to: 333),
      ]), synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(12_800)
    #expect(hand.landed(101) != nil && hand.landed(102) == nil && !hand.report.rolling)
    hand.send(.play)
    _ = hand.render(6400)
    let order = hand.notices.filter {
      if case .landed = $0.kind { (101...104).contains($0.id) } else { false }
    }
    #expect(order.map(\.id) == [101, 102, 103, 104] && hand.report.playheadFrame > 8325 + 6000)
  }

  @Test func `what is lent by address is not taken from the schedule`() throws {
    let hand = try HandTurnedEngine(song([timed(10, .bank, track: 0), timed(11, .schedule)]), synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(1280)
    #expect(hand.report.commandsIgnored == 2 && hand.report.rolling)
  }
}
