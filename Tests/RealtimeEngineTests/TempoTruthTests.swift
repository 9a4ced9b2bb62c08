import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// Audio on the exact frame and notes on their grid line, after thousands of tempo changes and in the middle of
/// live ones. Where the frames lie is measured against an exact table in the tests of musical time.
struct TempoTruthTests {
  private static func roll(_ state: inout UInt64, _ range: ClosedRange<Int>) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return range.lowerBound + Int((state >> 33) % UInt64(range.count))
  }

  /// 10,000 changes over two hours, half of them ramps. The playhead is put before 200 places all over them: a
  /// render of the whole, which takes the same way, is what `scripts/soak` does.
  @Test func `after 10,000 changes regions start on the frame of the tempo map`() throws {
    var dice: UInt64 = 7
    var changes: [TempoChange] = []
    var tick: Tick = 0
    for _ in 0..<10_000 {
      let bpm = Double(Self.roll(&dice, 2_000...50_000)) / 100
      let ticks = Tick(max(1, bpm * 16 * Double(Self.roll(&dice, 36...108)) / 100))
      let ramp = Bool.random(from: &dice) ? Tick(Self.roll(&dice, 1...Int(2 * ticks))) : 0
      changes.append(TempoChange(tick: tick, bpm: bpm, rampTicks: ramp))
      tick += ticks
    }
    var song = Song(changes: changes)
    let places = (0..<200).map { tick * Tick($0) / 200 + 1_500 }
    let notes = MIDIClipContent(events: [Notes.on(0, 60), Notes.off(3, 60)])
    let clip = AudioClip.constant(0.001, frames: 64)
    for (index, place) in places.enumerated() {
      song.audio(key: UInt64(2 * index + 1), at: place, length: 4, clip)
      song.midi(key: UInt64(2 * index + 2), at: place, length: 4, notes)
    }
    let hand = try HandTurnedEngine(song)
    let map = try song.tempo()
    hand.send(.play, tick: 0)
    _ = hand.render(64)
    for (index, place) in places.enumerated() {
      let from = Double(place) - 7.25
      let id = hand.send(.locate, tick: from)
      _ = hand.render(Int(map.exactFrame(atTick: Double(place)) - map.exactFrame(atTick: from)) + 640)
      let landed = try #require(hand.landed(id)).frame
      let due = landed + map.frame(atTick: place) - map.frame(atTick: Tick(0)) - Self.frame(map, from)
      for (key, slack) in [(2 * index + 1, 0), (2 * index + 2, 32)] as [(Int, Int64)] {
        let started = hand.notices.first {
          if case .regionStarted = $0.kind { $0.id == UInt64(key) && $0.late == 0 } else { false }
        }
        #expect(abs((started?.frame ?? -1) - due) <= slack, "place \(index), key \(key)")
      }
    }
    #expect(map.frame(atTick: tick) > 2 * 3_500 * 48_000)
  }

  private static func frame(_ map: TempoMap, _ tick: Double) -> Frame {
    Frame((map.exactFrame(atTick: tick) + 0.5).rounded(.down))
  }

  /// Whatever happens to the tempo and the playhead while it rolls, a note and a sample of one place come
  /// together: the sample on the frame where the playhead gets there, the note within half a grid block.
  @Test(arguments: 1...6) func `live tempo changes and seeks keep notes and audio together`(seed: Int) throws
  {
    var dice = UInt64(seed)
    var song = Song()
    let notes = MIDIClipContent(events: [Notes.on(0, 60), Notes.off(3, 60)])
    let clip = AudioClip.constant(0.001, frames: 64)
    for index in 0..<400 {
      song.audio(key: UInt64(2 * index + 1), at: Tick(index * 61), length: 20, clip)
      song.midi(key: UInt64(2 * index + 2), at: Tick(index * 61), length: 20, notes)
    }
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    for _ in 0..<60 {
      _ = hand.render(Self.roll(&dice, 100...6_000), block: 64 * Self.roll(&dice, 1...8))
      if Bool.random(from: &dice) {
        let place = Tick(max(0, hand.report.playheadTick)) + Tick(Self.roll(&dice, 0...400))
        let bpm = Double(Self.roll(&dice, 20...400))
        song.changes = song.changes.filter { $0.tick < place }
        song.changes.append(
          TempoChange(tick: place, bpm: bpm, rampTicks: Tick(Self.roll(&dice, 0...1) * 300)))
        song.tempoRevision += 1
        try hand.take(song)
      } else {
        hand.send(.locate, tick: Double(Self.roll(&dice, 0...20_000)) + 0.5)
      }
    }
    _ = hand.render(640)
    let started = hand.notices.filter {
      if case .regionStarted = $0.kind { $0.late == 0 } else { false }
    }
    let audio = started.filter { $0.id % 2 == 1 }
    var together = 0
    for sample in audio {
      // The playhead can come by the same place again; then the nearest is the same time.
      let note = started.filter { $0.id == sample.id + 1 }.min {
        abs($0.frame - sample.frame) < abs($1.frame - sample.frame)
      }
      guard let note, abs(note.frame - sample.frame) < 2_000 else { continue }
      together += 1
      #expect(abs(note.frame - sample.frame) <= 32, "key \(sample.id)")
    }
    // A change that lands between the note's line and the sample's frame may take one of them away.
    #expect(together >= audio.count - 60 && audio.count > 60)
  }
}

extension Bool {
  fileprivate static func random(from state: inout UInt64) -> Bool {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 63 == 1
  }
}
