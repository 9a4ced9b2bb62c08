import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// One session left for another, while it plays.
@Suite struct SessionTests {
  private static let revision: UInt64 = 1 << 40

  private func change(
    _ schedule: CompiledSchedule, slot: Int, _ shape: (inout SessionChange) -> Void = { _ in }
  )
    -> LentSessionChange
  {
    var change = SessionChange()
    change.schedule = schedule.address
    change.strips[slot].isUsed = true
    shape(&change)
    return LentSessionChange(change)
  }

  private func next(slot: Int) throws -> CompiledSchedule {
    var song = Song(changes: [TempoChange(tick: 0, bpm: 90)])
    song.tempoRevision = Self.revision
    song.audio(key: 1, at: 0, length: 9600, .stereo(AudioClip.noise(60_000)), RegionShape(track: slot))
    song.audio(key: 2, at: 480, length: 480, .staircase(frames: 16_000), RegionShape(track: slot))
    return try song.compiled(Self.revision)
  }

  private func old() -> Song {
    var song = Song()
    song.audio(key: 1, at: 0, length: 9600, .constant(0.5, frames: 240_000))
    return song
  }

  /// What is left after some frames of a fade of 240: 1 − (3x² − 2x³).
  private static func fade(_ frame: Int) -> Float {
    let x = Float(frame) / 240
    return 1 - x * x * (3 - 2 * x)
  }

  @Test func `the old sounds until the frame at which the new begins, which is then what it is alone`() throws
  {
    let schedule = try next(slot: 1)
    let lent = change(schedule, slot: 1) { $0.masterGain = 1 }
    let hand = try HandTurnedEngine(old(), synthTracks: 0)
    hand.send(.play, tick: 0)
    let before = hand.render(12_800)
    #expect(before.left.allSatisfy { $0 == 0.5 })
    let id = hand.send(.enter, address: lent.address)
    let after = hand.render(12_800)
    #expect(hand.landed(id)?.frame == 12_800)
    #expect(hand.landed(id)?.tick == 0)

    let alone = try HandTurnedEngine(synthTracks: 0)
    alone.send(.schedule, address: schedule.address)
    alone.send(.play, tick: 0)
    let wanted = alone.render(12_800)
    // 5 ms: what was there fades, and what comes is there whole from its first frame.
    for frame in 0..<240 {
      let rest = after.left[frame] - wanted.left[frame]
      #expect(abs(rest - 0.5 * Self.fade(frame)) < 1e-5)
    }
    #expect(after.left[241...] == wanted.left[241...])
    #expect(after.right[241...] == wanted.right[241...])
    withExtendedLifetime((schedule, lent)) {}
  }

  @Test func `a session can wait for the playhead, and a standing transport stands in the new one`() throws {
    let schedule = try next(slot: 1)
    let lent = change(schedule, slot: 1) { $0.tick = 480 }
    var song = old()
    song.timed = [
      Command(id: 77, kind: .enter, dueFrame: 0, address: lent.address, at: 960),
      Command(id: 78, kind: .pause, dueFrame: 0, at: 1000),
    ]
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    let sound = hand.render(24_000 + 640)
    // Tick 960 is frame 24,000, which is grid line 375.
    #expect(hand.landed(77)?.frame == 24_000)
    #expect(hand.landed(77)?.late == 0)
    #expect(sound.left[23_999] == 0.5)
    #expect(hand.report.playheadTick > 480 && hand.report.scheduleRevision == Self.revision)
    // What waited for the old playhead's tick 1000 does not happen at the new one's.
    _ = hand.render(24_000)
    #expect(hand.report.playheadTick > 1100 && hand.report.rolling && hand.landed(78) == nil)
    hand.send(.pause)
    _ = hand.render(640)
    let again = change(schedule, slot: 1)
    hand.send(.enter, address: again.address)
    _ = hand.render(640)
    #expect(!hand.report.rolling && hand.report.playheadTick == 0)
    withExtendedLifetime((schedule, lent, again)) {}
  }

  @Test
  func `commands forgotten with a session leave their rooms to later ones, and one is taken back alone`()
    throws
  {
    let hand = try HandTurnedEngine(old(), synthTracks: 0)
    hand.send(.play, tick: 0)
    for _ in 0..<3 {
      for index in 0..<1000 {
        hand.wait(Command(id: 5000, kind: .pause, dueFrame: 0, at: Tick(9000 + index * 7 % 1000)))
      }
      _ = hand.render(512)
      try hand.enter(old(), strips: 1)
      _ = hand.render(512)
    }
    for index in 0..<10 {
      hand.wait(
        Command(id: UInt64(6000 + index), kind: .masterGain, dueFrame: 0, value: 1, at: Tick(200 - index)))
    }
    hand.send(.withdraw, tick: 195, address: 6005)
    hand.send(.withdraw, tick: 194, address: 6005)
    _ = hand.render(12_800)
    let order = hand.notices.compactMap { notice -> UInt64? in
      if case .landed = notice.kind, notice.id >= 5000 { notice.id } else { nil }
    }
    #expect(order == [6009, 6008, 6007, 6006, 6004, 6003, 6002, 6001, 6000])
  }

  @Test func `notes of the session left ring out on their strip, whatever the new one solos`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, Notes.tones([(0, 9600, 69)]))
    let hand = try HandTurnedEngine(song, synthTracks: 1)
    hand.send(.trackGain, track: 0, value: 0.5)
    hand.send(.play, tick: 0)
    let before = hand.render(12_800)
    let schedule = try Song().compiled(Self.revision)
    let lent = change(schedule, slot: 1) { $0.strips[1].isSoloed = true }
    hand.send(.enter, address: lent.address)
    let after = hand.render(96_000)
    // Its release begins at the level it had: no gap and no jump, then silence, then the synths come back.
    #expect((after.left[..<64].map(abs).max() ?? 0) > before.peak() / 2)
    #expect(after.left[95_000...].allSatisfy { abs($0) < 1e-4 })
    var steps: Float = 0
    for frame in 1..<480 { steps = max(steps, abs(after.left[frame] - after.left[frame - 1])) }
    #expect(steps < 0.1)
    _ = hand.render(600_000, block: 4096)
    let returned = hand.notices.filter { if case .retiredBank = $0.kind { true } else { false } }
    #expect(returned.count == 1)
    withExtendedLifetime((schedule, lent)) {}
  }

  @Test func `routes and buses are the new session's from its first frame, and what fades keeps its own`()
    throws
  {
    var song = Song()
    song.audio(key: 1, at: 0, length: 9600, .constant(0.5, frames: 240_000), RegionShape(track: 1))
    let schedule = try song.compiled(Self.revision)
    let first = EngineLimits.firstBusStrip
    let plan = CompiledMix(wires: [
      MixWire(strip: 1, place: Wire.bus(1)), MixWire(strip: first + 1, place: Wire.main),
    ])
    let lent = change(schedule, slot: 1) {
      $0.mix = plan.address
      $0.buses[1].isUsed = true
      $0.buses[1].gain = 0.5
    }
    let hand = try HandTurnedEngine(old(), synthTracks: 0)
    hand.send(.trackGain, track: first, value: 0.25)
    hand.mix([MixWire(strip: 0, place: Wire.bus(0)), MixWire(strip: first, place: Wire.main)])
    hand.send(.play, tick: 0)
    #expect(hand.render(12_800).left[12_799] == 0.125)
    hand.send(.enter, address: lent.address)
    let after = hand.render(12_800)
    for frame in 0..<240 { #expect(abs(after.left[frame] - 0.25 - 0.125 * Self.fade(frame)) < 1e-5) }
    #expect(after.left[241...].allSatisfy { $0 == 0.25 })
    withExtendedLifetime((schedule, plan, lent)) {}
  }

  @Test func `an edit of the session left comes back unused`() throws {
    let schedule = try next(slot: 1)
    let lent = change(schedule, slot: 1)
    let hand = try HandTurnedEngine(old(), synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(640)
    hand.send(.enter, address: lent.address)
    let late = try hand.take(old())
    _ = hand.render(6400)
    #expect(hand.report.scheduleRevision == Self.revision)
    let retired = hand.notices.compactMap { if case .retiredSchedule = $0.kind { $0.id } else { nil } }
    #expect(retired.contains(late) && retired.contains(1))
    withExtendedLifetime((schedule, lent)) {}
  }

  @Test func `strips have the new session's values at once, shared ones move there`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 9600, .constant(0.5, frames: 240_000), RegionShape(track: 1))
    song.audio(key: 2, at: 0, length: 9600, .constant(0.5, frames: 240_000), RegionShape(track: 0))
    let schedule = try song.compiled(Self.revision)
    let lent = change(schedule, slot: 1) {
      $0.strips[1].gain = 0.5
      $0.strips[0].isUsed = true
      $0.strips[0].isShared = true
      $0.strips[0].gain = 0
    }
    let hand = try HandTurnedEngine(old(), synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(640)
    hand.send(.enter, address: lent.address)
    let sound = hand.render(640)
    // At frame 0: 0.25 of the strip of its own, 0.5 old and 0.5 new on the shared one, which goes down in 5 ms.
    #expect(abs(sound.left[0] - 1.25) < 0.01)
    #expect(sound.left[300...].allSatisfy { $0 == 0.25 })
    withExtendedLifetime((schedule, lent)) {}
  }
}
