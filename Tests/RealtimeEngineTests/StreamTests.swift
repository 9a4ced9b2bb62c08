import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// A region whose samples come through a ring sounds as it does from memory, bit for bit.
struct StreamTests {
  static let samples = AudioClip.noise(300_000)

  /// A song from memory, and the same one streamed, with a reader that is turned before every callback.
  static func pair(
    isMono: Bool = false, _ build: (inout Song, AudioClip) -> Void
  ) throws -> (resident: HandTurnedEngine, streamed: HandTurnedEngine, reader: HandReader) {
    let clip = AudioClip(left: samples, right: isMono ? nil : samples.reversed())
    var song = Song()
    build(&song, clip)
    let resident = try HandTurnedEngine(song, synthTracks: 0)
    let streamed = try HandTurnedEngine(
      song.streaming(as: 7, keys: Set(song.regions.map(\.region.key))), synthTracks: 0)
    let reader = HandReader(streamed.engine)
    reader.add(7, left: samples, right: isMono ? nil : samples.reversed())
    streamed.before = { reader.turn() }
    return (resident, streamed, reader)
  }

  static func both(
    _ pair: (resident: HandTurnedEngine, streamed: HandTurnedEngine, reader: HandReader),
    _ body: (HandTurnedEngine) -> Sound
  ) -> (Sound, Sound) { (body(pair.resident), body(pair.streamed)) }

  @Test(arguments: [false, true], [64, 256, 8192])
  func aStreamIsTheSameAsTheFileInMemory(isMono: Bool, block: Int) throws {
    let pair = try Self.pair(isMono: isMono) { song, clip in
      song.audio(
        key: 1, at: 100, length: 8000, clip, offset: 5_000, passFrames: 70_001, passes: 3, skip: 20_000,
        RegionShape(gain: 0.7, fadeIn: 5_000, fadeOut: 20_000, curve: .s))
      song.audio(key: 2, at: 3_001, length: 2_000, clip, RegionShape(gain: 0.5, track: 1))
    }
    let (memory, stream) = Self.both(pair) { hand in
      _ = hand.render(1024, block: 64)
      hand.send(.play, tick: 0)
      return hand.render(240_000, block: block)
    }
    #expect(!memory.isSilent)
    let isEqual = stream == memory
    #expect(isEqual)
    #expect(pair.streamed.report.starvations == 0)
  }

  @Test func aSeekIntoAStreamSoundsAsIntoMemory() throws {
    let pair = try Self.pair { song, clip in song.audio(key: 1, at: 0, length: 11_000, clip) }
    var sounds: [Sound] = []
    for hand in [pair.resident, pair.streamed] {
      _ = hand.render(512)
      hand.send(.play, tick: 0)
      var sound = Sound()
      for tick in [4_000.0, 9_000, 100.5, 4_000, 0] {
        sound += hand.render(9_600)
        hand.send(.locate, tick: tick, jump: hand === pair.resident ? 0 : 1)
        pair.reader.turn()
      }
      sounds.append(sound)
    }
    // With --now the stream comes in some blocks later; from then on it is the same.
    func isEqual(_ range: Range<Int>) -> Bool { sounds[0][range] == sounds[1][range] }
    #expect(isEqual(0..<9_600))
    #expect(isEqual(40_000..<48_000))
  }

  @Test func aLoopOverAStreamIsTheSameAsOverMemory() throws {
    let pair = try Self.pair { song, clip in
      song.audio(key: 1, at: 0, length: 11_000, clip)
      song.loop = 1_000..<3_000
    }
    let (memory, stream) = Self.both(pair) { hand in
      hand.send(.play, tick: 500)
      return hand.render(256_000)
    }
    // The stream's start was waited for.
    let first = try #require(stream.firstSounding())
    let offset = try #require(memory.firstSounding())
    let isEqual = stream[first..<200_000] == memory[offset..<(200_000 - first + offset)]
    #expect(isEqual)
    #expect(pair.streamed.report.starvations == 0)
  }

  @Test(arguments: [144, 150, 1000, 4000])
  func aLoopShorterThanAPeriodStreamsFromItsHead(frames: Int) throws {
    // 25 frames to a tick.
    let pair = try Self.pair { song, clip in
      song.audio(key: 1, at: 0, length: 11_000, clip)
      song.loop = 1_000..<(1_000 + Tick(max(6, frames / 25)))
    }
    let heads = CompiledHeads(
      revision: 1, contents: [pair.reader.head(7, first: 25_000), pair.reader.head(7, first: 24_000)])
    pair.streamed.send(.heads, address: heads.address)
    pair.reader.isStalled = true
    let (memory, stream) = Self.both(pair) { hand in
      _ = hand.render(256)
      hand.send(.play, tick: 1_000)
      return hand.render(49_152, block: 8192)
    }
    let isEqual = stream == memory
    #expect(isEqual)
    #expect(!stream[40_000..<49_152].isSilent)
    #expect(pair.streamed.report.starvations == 0)
    #expect(pair.reader.framesRead == 0)
    #expect(pair.streamed.report.audioVoices < 8)
  }
}

/// What the listener has when the reader does not come along.
struct StarvationTests {
  private func playing() throws -> (HandTurnedEngine, HandReader) {
    var song = Song()
    song.audio(key: 1, at: 0, length: 20_000, .constant(0.5, frames: 480_000))
    song = song.streaming(as: 7, keys: [1])
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    let reader = HandReader(hand.engine)
    let stairs = (0..<480_000).map { 0.1 + Float($0) / 960_000 }
    reader.add(7, left: stairs, right: stairs)
    hand.before = { reader.turn() }
    _ = hand.render(512)
    hand.send(.play, tick: 0)
    _ = hand.render(4_864)
    return (hand, reader)
  }

  private func value(_ frame: Int) -> Float { 0.1 + Float(frame) / 960_000 }

  @Test func aStalledDiskFadesOutKeepsTimeAndFadesIn() throws {
    let (hand, reader) = try playing()
    reader.isStalled = true
    let silence = hand.render(192_000)
    // The ring holds two seconds.
    let end = try #require(silence.left.lastIndex { $0 != 0 })
    #expect((90_000..<100_000).contains(end))
    #expect(silence.largestStep() < 0.02)
    #expect(silence[(end + 1)..<192_000].isSilent)
    reader.isStalled = false
    let back = hand.render(9_600)
    let first = try #require(back.firstSounding())
    #expect(first < 1_024)
    #expect(back.largestStep() < 0.02)
    // The place is where it would be had nothing happened.
    #expect(back.left[5_000] == value(4_864 + 192_000 + 5_000))
    #expect(hand.report.starvations == 1)
    #expect(hand.report.framesStarved > 90_000)
    let told = hand.notices.filter { if case .starved = $0.kind { true } else { false } }
    #expect(told.map(\.id) == [1])
    #expect(told.first.map { UInt64($0.address) } == StreamCause.late)
    #expect(told.first.map { UInt64($0.late) } == hand.report.framesStarved)
  }

  @Test func aFileThatEndsEarlyIsSilentFromThereAndSaysSo() throws {
    let (hand, reader) = try playing()
    reader.fileFrames[7] = 120_000
    let sound = hand.render(192_000)
    let end = try #require(sound.left.lastIndex { $0 != 0 })
    #expect(abs(end + 4_864 - 120_000) < 512)
    #expect(sound.largestStep() < 0.02)
    hand.send(.pause)
    _ = hand.render(1024)
    let told = hand.notices.filter { if case .starved = $0.kind { true } else { false } }
    #expect(told.map { UInt64($0.address) } == [StreamCause.cutShort])
  }

  @Test func aReaderThatIsTooSlowComesInAgainAndAgainAtTheRightPlace() throws {
    let (hand, reader) = try playing()
    // A tenth of what is needed: 25 frames a block of 256, after the ring has run dry.
    reader.framesPerTurn = 25
    _ = hand.render(192_000)
    reader.framesPerTurn = 6_000
    reader.isStalled = false
    let sound = hand.render(20_000)
    #expect(sound.left[19_000] == value(4_864 + 192_000 + 19_000))
    #expect(sound.largestStep() < 0.02)
  }
}

/// A seek over streams: nothing is interrupted before what follows is there.
struct JumpTests {
  /// Constant sounds, so that one hears which region plays: 0.25 before tick 4000, 0.5 from there on.
  private func rolling() throws -> (HandTurnedEngine, HandReader) {
    var song = Song()
    song.audio(key: 1, at: 0, length: 4_000, .constant(0.25, frames: 300_000))
    song.audio(key: 2, at: 4_000, length: 10_000, .constant(0.5, frames: 300_000))
    var streamed = song.streaming(as: 7, keys: [1])
    streamed = streamed.streaming(as: 8, keys: [2])
    let hand = try HandTurnedEngine(streamed, synthTracks: 0)
    let reader = HandReader(hand.engine)
    for (stream, value) in [(UInt64(7), Float(0.25)), (8, 0.5)] {
      reader.add(
        stream, left: [Float](repeating: value, count: 300_000),
        right: [Float](repeating: value, count: 300_000))
    }
    hand.before = { reader.turn() }
    _ = hand.render(512)
    hand.send(.play, tick: 0)
    _ = hand.render(9_600)
    return (hand, reader)
  }

  @Test func theOldPlacePlaysUntilTheNewOneIsReady() throws {
    let (hand, reader) = try rolling()
    reader.isStalled = true
    let id = hand.send(.locate, tick: 6_000)
    let waiting = hand.render(24_064)
    #expect(waiting.left.allSatisfy { $0 == 0.25 })
    #expect(hand.landed(id) == nil)
    reader.isStalled = false
    let jump = hand.render(2_048)
    let landed = try #require(hand.landed(id))
    #expect(landed.tick == 6_000)
    // A crossfade of 5 ms: at no frame quieter than the quieter of the two.
    #expect(jump.left.allSatisfy { $0 >= 0.25 - 1e-6 && $0 <= 0.5 + 1e-6 })
    #expect(jump.left[2_000] == 0.5)
    #expect(landed.late >= 24_064)
    #expect(hand.report.starvations == 0)
  }

  @Test func nowJumpsAtOnceAndTheSoundComesWhenItIsReady() throws {
    let (hand, reader) = try rolling()
    reader.isStalled = true
    let id = hand.send(.locate, tick: 6_000, jump: JumpFlags.now)
    let dark = hand.render(9_600)
    #expect(try #require(hand.landed(id)).late < 512)
    #expect(dark[1_000..<9_600].isSilent)
    #expect(dark.largestStep() < 0.01)
    reader.isStalled = false
    let light = hand.render(4_800)
    #expect(light.left[4_000] == 0.5)
    let told = hand.notices.filter { if case .starved = $0.kind { true } else { false } }
    #expect(told.map { UInt64($0.address) } == [StreamCause.notReady])
  }

  @Test func aJumpThatNeverGetsReadyIsMadeAfterTwoSeconds() throws {
    let (hand, reader) = try rolling()
    reader.isStalled = true
    let id = hand.send(.locate, tick: 6_000)
    _ = hand.render(98_304)
    let landed = try #require(hand.landed(id))
    #expect((96_000..<96_600).contains(landed.late))
    let starving = hand.notices.filter { if case .starving = $0.kind { $0.id == 2 } else { false } }
    // Once where the region begins by itself meanwhile, and once at the jump.
    #expect(starving.count == 2)
  }

  @Test func aLaterJumpTakesThePlaceOfTheOneThatWaits() throws {
    let (hand, reader) = try rolling()
    reader.isStalled = true
    let first = hand.send(.locate, tick: 6_000)
    _ = hand.render(512)
    let second = hand.send(.locate, tick: 7_000)
    _ = hand.render(512)
    reader.isStalled = false
    _ = hand.render(1_024)
    #expect(hand.landed(first) == nil)
    #expect(try #require(hand.landed(second)).tick == 7_000)
    let overtaken = hand.notices.filter { if case .overtaken = $0.kind { true } else { false } }
    #expect(overtaken.map(\.id) == [first])
  }

  @Test func aPauseWhileAJumpWaitsHaltsWhereItGoes() throws {
    let (hand, reader) = try rolling()
    reader.isStalled = true
    let jump = hand.send(.locate, tick: 6_000)
    _ = hand.render(512)
    let pause = hand.send(.pause)
    let end = hand.render(2_048)
    #expect(end[1_024..<2_048].isSilent)
    #expect(try #require(hand.landed(jump)).tick == 6_000)
    #expect(try #require(hand.landed(pause)).tick == 6_000)
    #expect(!hand.report.rolling)
  }

  @Test func aHeadMakesAJumpInstantWhileTheDiskStandsStill() throws {
    let (hand, reader) = try rolling()
    // Tick 6000 is 50,000 frames into the second region.
    let heads = CompiledHeads(revision: 1, contents: [reader.head(8, first: 50_000)])
    hand.send(.heads, address: heads.address)
    _ = hand.render(512)
    reader.isStalled = true
    let id = hand.send(.locate, tick: 6_000)
    let sound = hand.render(20_480)
    #expect(try #require(hand.landed(id)).late < 512)
    #expect(sound.left.dropFirst(1_024).allSatisfy { $0 == 0.5 })
    reader.isStalled = false
    let after = hand.render(96_000)
    #expect(after.left.allSatisfy { $0 == 0.5 })
    #expect(hand.report.starvations == 0)
    // A replaced table comes back once no voice reads it.
    let none = CompiledHeads(revision: 2, contents: [])
    hand.send(.heads, address: none.address)
    _ = hand.render(512)
    let retired = hand.notices.filter { if case .retiredHeads = $0.kind { true } else { false } }
    #expect(retired.map(\.id) == [0, 1])
    withExtendedLifetime((heads, none)) {}
  }

  @Test func aSeekPastTheEndGivenWithPlayGoesOn() throws {
    let (hand, _) = try rolling()
    hand.send(.play, tick: 0, to: 2_000)
    _ = hand.render(4_800)
    hand.send(.locate, tick: 5_000)
    _ = hand.render(48_000)
    #expect(hand.report.rolling)
    #expect(hand.report.playheadTick > 5_000)
  }

  @Test func aStormOfSeeksEndsAtTheLastPlace() throws {
    let (hand, reader) = try rolling()
    reader.framesPerTurn = 1_000
    var state: UInt32 = 3
    for _ in 0..<500 {
      state = state &* 1_664_525 &+ 1_013_904_223
      hand.send(.locate, tick: Double(state % 13_000), jump: state & 4096 == 0 ? 0 : 1)
      // A place left and one entered, at most: 0.5 each.
      #expect(hand.render(480, block: 32).peak() <= 1)
    }
    reader.framesPerTurn = 8_192
    let last = hand.send(.locate, tick: 5_000)
    let sound = hand.render(48_000)
    #expect(try #require(hand.landed(last)).tick == 5_000)
    #expect(sound.left[47_000] == 0.5)
    #expect(hand.report.playheadFrame > 5_000 * 25)
  }
}
