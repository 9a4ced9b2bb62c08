import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct LendingTests {
  private func retired(_ hand: HandTurnedEngine) -> [UInt64] {
    hand.notices.compactMap { if case .retiredSchedule = $0.kind { $0.id } else { nil } }
  }

  @Test func `a replaced schedule comes back`() throws {
    let hand = try HandTurnedEngine(BlockSizeTests.song(), synthTracks: 0)
    for _ in 0..<5 {
      _ = hand.render(128)
      try hand.take(BlockSizeTests.song())
    }
    _ = hand.render(256)
    #expect(retired(hand) == [0, 1, 2, 3, 4, 5])
  }

  @Test func `a schedule comes back only when no fading clip of it is read any more`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 960, .constant(0.5, frames: 24_000))
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(640)
    try hand.take(Song())
    _ = hand.render(192, block: 64)
    #expect(!retired(hand).contains(1))
    _ = hand.render(192, block: 64)
    #expect(retired(hand).contains(1))
  }

  @Test func `more edits than can be put aside at once all land`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 9600, .constant(0.5, frames: 240_000))
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(640)
    var last: UInt64 = 0
    for edit in 0..<300 {
      var next = song
      if edit % 2 == 0 { next.remove(key: 1) }
      last = try hand.take(next)
    }
    _ = hand.render(64_000)
    #expect(hand.report.scheduleRevision == last)
    #expect(retired(hand).sorted() == (0..<last).map { $0 })
    #expect(hand.render(640).left.allSatisfy { $0 == 0.5 })
  }

  @Test func `a replaced bank rings out, then comes back`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, Notes.tones([(0, 700, 69), (800, 400, 76)]))
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    let first = try hand.installBank(on: 0)
    hand.send(.play, tick: 0)
    var sound = hand.render(12_800)
    try hand.installBank(on: 0)
    sound += hand.render(25_600)
    // The tone sounds to its own end, at frame 17,500; the next note is the new bank's.
    #expect(sound.amplitude(hertz: 440, 12_864..<17_000) > 0.029)
    #expect(sound.largestStep() < 0.005)
    #expect(sound.amplitude(hertz: 659.26, 22_000..<29_000) > 0.029)
    let back = hand.notices.filter { if case .retiredBank = $0.kind { true } else { false } }
    #expect(back.map(\.address) == [first.address])
    #expect(back.map(\.track) == [0])
  }

  @Test func `the bank a track has already is not given back`() throws {
    let hand = try HandTurnedEngine(Song(), synthTracks: 0)
    let bank = try hand.installBank(on: 0)
    hand.send(.bank, track: 0, address: bank.address)
    _ = hand.render(12_800)
    #expect(!hand.notices.contains { if case .retiredBank = $0.kind { true } else { false } })
  }

  @Test func `a track without a bank plays none of its notes and the rest of the music`() throws {
    let hand = try HandTurnedEngine(BlockSizeTests.song(), synthTracks: 0)
    hand.send(.play, tick: 0)
    #expect(hand.render(48_000).peak() > 0.1)
    #expect(hand.report.notesStarted == 0)
  }

  @Test func `regions under the playhead play on when their track gets its bank late`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, Notes.tones([(0, 400, 60), (800, 900, 69)]))
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(12_800)
    try hand.installBank(on: 0)
    #expect(hand.render(25_600).amplitude(hertz: 440, 9000..<25_000) > 0.029)
  }

  @Test func `notices that find no room are counted, and what must come back does when there is room`() throws
  {
    var song = Song()
    for index in 0..<100 {
      song.audio(key: UInt64(index + 1), at: 0, length: 9600, .constant(0, frames: 240_000))
    }
    song.loop = 0..<40
    let engine = try Engine(sampleRate: 48_000)
    let schedule = try song.compiled(1)
    let next = try Song().compiled(2)
    let buffer = UnsafeMutablePointer<Float>.allocate(capacity: 8192)
    defer { buffer.deallocate() }
    _ = engine.commands.push(Command(id: 1, kind: .schedule, dueFrame: 0, address: schedule.address))
    _ = engine.commands.push(Command(id: 2, kind: .play, dueFrame: 0, tick: 0))
    for _ in 0..<4 { engine.render(buffer, buffer, frames: 8192) }
    #expect(engine.report.read().noticesDropped > 0)
    _ = engine.commands.push(Command(id: 3, kind: .schedule, dueFrame: 0, address: next.address))
    engine.render(buffer, buffer, frames: 8192)
    var kinds: [UInt64] = []
    while let notice = engine.notices.pop() {
      if case .retiredSchedule = notice.kind { kinds.append(notice.id) }
    }
    #expect(kinds == [0, 1])
  }

  @Test func `what crosses the border is small`() {
    #expect(MemoryLayout<Command>.size <= 64)
    #expect(MemoryLayout<Notice>.size <= 64)
  }

  @Test func `a rate the synth cannot take is refused with the rates it can`() {
    for rate in [0, -1, 192_000, .nan, .infinity] as [Double] {
      #expect(throws: EngineError.self) { try Engine(sampleRate: rate) }
    }
    let lines = EngineError.sampleRateOutOfRange(192_000).lines
    #expect(lines.count == 3 && lines[1].contains("22050") && lines[1].contains("96000"))
    #expect(EngineError.sampleRateOutOfRange(.nan).lines.count == 3)
  }

  @Test func `a font that is none is refused by name`() {
    for path in ["/nonexistent.sf2", "/etc/passwd", "/", ""] {
      #expect(throws: EngineError.soundfontRefused(path: path)) {
        try SynthBankContent(SynthSettings(soundfont: path, sampleRate: 48_000))
      }
    }
  }
}
