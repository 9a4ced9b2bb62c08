import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// Notes that a jump lands in the middle of: started where that is asked for, and only there.
@Suite struct ChaseNotesTests {
  /// A long A (440 Hz) on channel 1 and an E (660) on channel 2; a B (494) over before tick 2000, and a G (392)
  /// that begins at 3000.
  private static func events() -> [ClipEvent] {
    Notes.sorted(
      Notes.tones([(0, 4000, 69), (1000, 500, 71), (3000, 1000, 67)])
        + Notes.tones([(500, 3500, 76)], channel: 1))
  }

  private func hand(loop: Range<Tick>? = nil) throws -> HandTurnedEngine {
    var song = Song()
    song.midi(key: 1, at: 0, length: 4800, Self.events())
    song.loop = loop
    return try HandTurnedEngine(song)
  }

  /// The keys among 67, 69, 71 and 76 that sound in a stretch.
  private func keys(_ sound: Sound, _ range: Range<Int> = 2000..<8000) -> [Int] {
    [(67, 392.0), (69, 440), (71, 493.88), (76, 659.26)].compactMap { key, hertz in
      sound.amplitude(hertz: hertz, range) > 0.02 ? key : nil
    }
  }

  @Test func `without the setting a jump starts no note`() throws {
    let hand = try hand()
    hand.send(.play, tick: 2000)
    #expect(keys(hand.render(8000)) == [])
    hand.send(.locate, tick: 1100)
    #expect(keys(hand.render(8000)) == [])
  }

  @Test(arguments: [UInt8(0), JumpFlags.now])
  func `with the setting play and seek start what sounds at their place`(jump: UInt8) throws {
    let hand = try hand()
    hand.send(.chaseNotes, value: 1)
    hand.send(.play, tick: 2000, jump: jump)
    #expect(keys(hand.render(8000)) == [69, 76])
    hand.send(.locate, tick: 1100, jump: jump)
    #expect(keys(hand.render(8000)) == [69, 71, 76])
    // A pause ends them, and going on finds them again.
    hand.send(.pause)
    #expect(keys(hand.render(24_000), 18_000..<24_000) == [])
    hand.send(.play)
    #expect(keys(hand.render(8000)).contains(69))
  }

  @Test func `their note-offs still come`() throws {
    let hand = try hand()
    hand.send(.chaseNotes, value: 1)
    hand.send(.play, tick: 3500)
    // Everything ends at tick 4000, 12,500 frames later.
    let sound = hand.render(48_000)
    #expect(keys(sound) == [67, 69, 76])
    #expect(keys(sound, 36_000..<44_000) == [])
  }

  @Test func `one jump can be told to, or not to, whatever the setting`() throws {
    let hand = try hand()
    hand.send(.play, tick: 2000, jump: JumpFlags.chaseNotes)
    #expect(keys(hand.render(8000)) == [69, 76])
    hand.send(.chaseNotes, value: 1)
    hand.send(.locate, tick: 2000, jump: JumpFlags.leaveNotes)
    #expect(keys(hand.render(24_000), 12_000..<20_000) == [])
  }

  @Test func `each turn of a loop starts them anew`() throws {
    let hand = try hand(loop: 2000..<2960)
    hand.send(.chaseNotes, value: 1)
    hand.send(.play, tick: 2000)
    // A turn is 24,000 frames.
    let sound = hand.render(96_000)
    for turn in 0..<4 {
      #expect(keys(sound, (turn * 24_000 + 4000)..<(turn * 24_000 + 20_000)) == [69, 76])
    }
    let plain = try self.hand(loop: 2000..<2960)
    plain.send(.play, tick: 0)
    // Two turns on, what the song itself has started has gone.
    #expect(keys(plain.render(144_000), 120_000..<140_000) == [])
  }

  @Test func `a count-in starts them with the music`() throws {
    let hand = try hand()
    hand.send(.play, tick: 2000, value: 1, jump: JumpFlags.chaseNotes)
    // A bar of 4/4 at 120 BPM.
    let sound = hand.render(112_000)
    #expect(keys(sound, 80_000..<96_000) == [])
    #expect(keys(sound, 98_000..<106_000) == [69, 76])
  }

  @Test func `a jump that waits for the playhead starts them`() throws {
    let hand = try hand()
    hand.send(.chaseNotes, value: 1)
    hand.wait(Command(id: 900, kind: .locate, dueFrame: 0, tick: 2000, at: 4500))
    hand.send(.play, tick: 4400)
    let sound = hand.render(24_000)
    #expect(keys(sound, 0..<2400) == [])
    #expect(keys(sound, 4000..<14_000) == [69, 76])
  }
}
