import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// The click: on the exact frame of each beat, never lost, never doubled.
@Suite struct MetronomeTests {
  /// A click and whether it has the accent, by its first frame. An accent begins at 1, a beat at 0.7, a part at
  /// 0.35 of the level.
  private struct Click: Equatable, CustomStringConvertible {
    var frame: Int64
    var level: Float
    var description: String { "\(frame): \(level)" }
  }

  private static let accent: Float = 1, beat: Float = 0.7, part: Float = 0.35

  private func clicks(_ heard: [Float], from first: Int64 = 0) -> [Click] {
    var found: [Click] = []
    var peak: Float = 0
    for (frame, value) in heard.enumerated() {
      // A click begins at its loudest: what is much louder than what came within the last 30 ms begins one.
      peak *= 0.9985
      if value > 0.2, value > peak * 1.05 {
        found.append(Click(frame: first + Int64(frame), level: (value * 100).rounded() / 100))
        peak = value
      }
    }
    return found
  }

  private func hand(_ song: Song, division: Double = 1) throws -> HandTurnedEngine {
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.metronomeLevel, value: 1)
    hand.send(.metronomeDivision, value: division)
    hand.send(.metronomeOn, value: 1)
    // Lets the level come to rest.
    _ = hand.render(1024)
    return hand
  }

  /// What the tempo map and the signatures say, counted beat by beat from the start.
  private func expected(_ song: Song, division: Tick = 1, frames: Range<Int64>) throws -> [Click] {
    let map = try song.tempo()
    var found: [Click] = []
    for (index, signature) in map.signatures.enumerated() {
      let next = index + 1 < map.signatures.count ? map.signatures[index + 1].tick : Tick.max
      var count: Tick = 0
      while true {
        let tick = signature.tick + count * signature.beatTicks / division
        guard tick < next, map.frame(atTick: tick) < frames.upperBound else { break }
        let inside = tick - signature.tick
        let level =
          inside % signature.barTicks == 0
          ? Self.accent : inside % signature.beatTicks == 0 ? Self.beat : Self.part
        if map.frame(atTick: tick) >= frames.lowerBound {
          found.append(Click(frame: map.frame(atTick: tick), level: level))
        }
        count += 1
      }
    }
    return found
  }

  private func changingSong() -> Song {
    var song = Song(changes: [
      TempoChange(tick: 0, bpm: 137.3), TempoChange(tick: 5000, bpm: 71, rampTicks: 4321),
      TempoChange(tick: 20_000, bpm: 233),
    ])
    song.signatures = [
      SignatureChange(tick: 0, numerator: 7, denominator: 8),
      SignatureChange(tick: 6720, numerator: 5, denominator: 4),
      // Inside a bar: a new one begins.
      SignatureChange(tick: 12_000, numerator: 3, denominator: 4),
      SignatureChange(tick: 17_500, numerator: 6, denominator: 16),
    ]
    return song
  }

  @Test(arguments: [1, 2, 3, 4] as [Tick], [64, 256, 1000])
  func `every beat of a changing map clicks on its frame`(division: Tick, block: Int) throws {
    let song = changingSong()
    let hand = try hand(song, division: Double(division))
    hand.send(.play, tick: 0)
    let heard = clicks(hand.listen(.click, frames: 600_000, block: block))
    let wanted = try expected(song, division: division, frames: 0..<600_000)
    #expect(wanted.count > 20)
    #expect(heard == wanted)
  }

  @Test func `it starts with the beat it is put on and not with one before`() throws {
    let song = changingSong()
    let map = try song.tempo()
    for tick in [480.0, 481, 6720, 12_000, 17_500.5] {
      let hand = try hand(song)
      hand.send(.play, tick: tick)
      let start = Frame(map.exactFrame(atTick: tick).rounded())
      let heard = clicks(hand.listen(.click, frames: 96_000), from: start)
      let wanted = try expected(song, frames: start..<(start + 96_000))
      #expect(heard == wanted, "from tick \(tick)")
    }
  }

  @Test(arguments: [(960, 3840), (0, 961), (100, 1997), (960, 1920), (700, 900)] as [(Tick, Tick)])
  func `around a loop no beat is lost and none doubled`(start: Tick, end: Tick) throws {
    var song = Song(changes: [TempoChange(tick: 0, bpm: 133.7)])
    song.loop = start..<end
    let map = try song.tempo()
    let hand = try hand(song)
    hand.send(.play, tick: Double(start))
    let heard = clicks(hand.listen(.click, frames: 480_000, block: 100))
    let length = map.frame(atTick: end) - map.frame(atTick: start)
    var wanted: [Click] = []
    var turn: Int64 = 0
    while turn * length < 480_000 {
      for tick in stride(from: Tick(0), to: end, by: 960) where tick >= start {
        let frame = turn * length + map.frame(atTick: tick) - map.frame(atTick: start)
        if frame < 480_000 {
          wanted.append(Click(frame: frame, level: tick % 3840 == 0 ? Self.accent : Self.beat))
        }
      }
      turn += 1
    }
    #expect(heard == wanted)
  }

  @Test func `schedules that come by the hundred lose no beat and double none`() throws {
    var song = Song(changes: [TempoChange(tick: 0, bpm: 120)])
    let hand = try hand(song)
    hand.send(.play, tick: 0)
    var heard: [Float] = []
    for turn in 0..<400 {
      // Every other one with another tempo, so that the frame axis moves under the playhead.
      song.changes = [TempoChange(tick: 0, bpm: 120 + Double(turn % 7) * 13.3)]
      song.tempoRevision += 1
      try hand.take(song)
      heard += hand.listen(.click, frames: 640, block: 64)
    }
    let beats = hand.report.playheadTick / 960
    #expect(clicks(heard).count == Int(beats.rounded(.down)) + 1)
  }

  @Test func `a jump on a beat clicks once`() throws {
    // A beat is not on the grid: the jump lands on the line nearest to it.
    for bpm in [119.0, 121, 127.7, 131] {
      var song = Song(changes: [TempoChange(tick: 0, bpm: bpm)])
      song.timed = [
        Command(id: 9, kind: .locate, dueFrame: 0, tick: 38_400, at: 3840)
      ]
      let hand = try hand(song)
      hand.send(.play, tick: 1920)
      let heard = clicks(hand.listen(.click, frames: 120_000))
      let beat = 48_000 * 60 / bpm
      #expect(heard.count == Int(120_000 / beat) + 1, "\(bpm): \(heard)")
      for (index, click) in heard.enumerated() {
        #expect(abs(Double(click.frame) - Double(index) * beat) <= 33, "\(bpm): \(click)")
      }
    }
  }

  @Test func `the place where it halts does not click`() throws {
    for bpm in [119.0, 121, 127.7] {
      let hand = try hand(Song(changes: [TempoChange(tick: 0, bpm: bpm)]))
      hand.send(.play, tick: 0, to: 3840)
      #expect(clicks(hand.listen(.click, frames: 240_000)).count == 4)
    }
  }

  @Test func `it goes where it is told and nowhere else`() throws {
    for output in ClickOutput.allCases {
      let hand = try hand(Song())
      hand.send(.metronomeOutput, value: Double(output.channel))
      _ = hand.render(512)
      hand.send(.play, tick: 0)
      _ = hand.render(64, block: 64)
      let sounding = OutputChannel.allCases.filter { hand.output($0, frames: 64).contains { $0 != 0 } }
      let wanted: [OutputChannel] =
        switch output {
        case .main: [.mainLeft, .mainRight]
        case .cue: [.cueLeft, .cueRight]
        case .click: [.click]
        }
      #expect(sounding == wanted)
      // And it leaves nothing behind where it was.
      hand.send(.metronomeOn, value: 0)
      _ = hand.render(9600)
      #expect(OutputChannel.allCases.allSatisfy { hand.output($0, frames: 64).allSatisfy { $0 == 0 } })
    }
  }

  @Test func `off is silent, and on in the middle waits for the next beat`() throws {
    let hand = try HandTurnedEngine(Song(), synthTracks: 0)
    hand.send(.metronomeLevel, value: 1)
    hand.send(.play, tick: 0)
    #expect(hand.listen(.click, frames: 36_096).allSatisfy { $0 == 0 })
    hand.send(.metronomeOn, value: 1)
    let heard = clicks(hand.listen(.click, frames: 48_000), from: 36_096)
    #expect(heard == [Click(frame: 48_000, level: 0.7), Click(frame: 72_000, level: 0.7)])
  }
}
