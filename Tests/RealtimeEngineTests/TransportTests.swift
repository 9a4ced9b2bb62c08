import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct TransportTests {
  private func constant() -> Song {
    var song = Song()
    song.audio(key: 1, at: 0, length: 9600, .constant(0.5, frames: 200_000))
    return song
  }

  @Test func `a pause fades audio over 240 frames and keeps the place`() throws {
    let hand = try HandTurnedEngine(constant(), synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(6400)
    let id = hand.send(.pause)
    let sound = hand.render(6400)
    for frame in 0..<240 { #expect(abs(sound.left[frame] - 0.5 * smooth(1 - Float(frame) / 240)) < 1e-5) }
    #expect(sound[240..<6400].isSilent)
    #expect(hand.landed(id)?.frame == 6400)
    #expect(hand.report.rolling == false && hand.report.playheadTick == 256)
    hand.send(.play)
    let on = hand.render(1280)
    for frame in 0..<240 { #expect(abs(on.left[frame] - 0.5 * smooth(Float(frame) / 240)) < 1e-5) }
    #expect(on.left[240] == 0.5)
  }

  @Test func `a stop goes to its tick`() throws {
    let hand = try HandTurnedEngine(constant(), synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(6400)
    let id = hand.send(.stop, tick: 33.5)
    let sound = hand.render(640)
    #expect(sound[240..<640].isSilent)
    #expect(hand.landed(id)?.tick == 33.5)
    #expect(hand.report.playheadTick == 33.5 && !hand.report.rolling)
  }

  @Test func `a seek crossfades audio and lands it on the exact frame of the clip`() throws {
    var song = Song()
    let clip = AudioClip.staircase(frames: 200_000)
    song.audio(key: 1, at: 0, length: 9600, clip)
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(6400)
    hand.send(.locate, tick: 4000)
    let sound = hand.render(6400)
    for frame in 0..<240 {
      let rising = smooth(Float(frame) / 240)
      let expected = clip.left[6400 + frame] * (1 - rising) + clip.left[100_000 + frame] * rising
      #expect(abs(sound.left[frame] - expected) < 1e-6)
    }
    for frame in 240..<6400 { #expect(sound.left[frame] == clip.left[100_000 + frame]) }
  }

  @Test func `a seek while stopped moves the playhead and sounds nothing`() throws {
    let hand = try HandTurnedEngine(constant())
    hand.send(.locate, tick: 77)
    #expect(hand.render(640).isSilent)
    #expect(hand.report.playheadTick == 77)
  }

  @Test func `play with an end halts exactly there`() throws {
    let hand = try HandTurnedEngine(constant(), synthTracks: 0)
    // Tick 333 is frame 8,325; the nearest grid line is frame 8,320.
    hand.send(.play, tick: 0, to: 333)
    let sound = hand.render(12_800)
    #expect(sound.left[8319] == 0.5 && sound.left[8560] == 0)
    #expect(hand.report.playheadTick == 333 && !hand.report.rolling)
    let halted = hand.notices.filter { if case .halted = $0.kind { true } else { false } }
    #expect(halted.map(\.tick) == [333] && halted.map(\.frame) == [8320])
  }

  @Test func `notes before the end of play sound and notes at it do not`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 960, Notes.clicks([100, 300, 333]))
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0, to: 333)
    _ = hand.render(12_800)
    #expect(hand.report.notesStarted == 2)
  }

  @Test func `a pedal that is down at a stop does not keep notes`() throws {
    var song = Song()
    song.midi(
      key: 1, at: 0, length: 9600,
      Notes.sorted(Notes.tones([(10, 20, 69), (40, 4000, 72)]) + [Notes.controller(1, 64, 127)]))
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    #expect(hand.render(9600).amplitude(hertz: 440, 2000..<9600) > 0.02)
    hand.send(.stop, tick: 0)
    _ = hand.render(4800)
    #expect(hand.render(9600).isSilent)
    #expect(hand.report.voices == 0)
  }

  @Test func `[D45] a pause beside the ring works although the ring is full`() throws {
    let hand = try HandTurnedEngine(constant(), synthTracks: 0)
    hand.send(.play, tick: 0)
    for _ in 1..<EngineLimits.commandRing - 1 { hand.send(.masterGain, value: 1) }
    _ = hand.render(256)
    while hand.engine.commands.push(Command(id: 0, kind: .masterGain, dueFrame: 0, value: 1)) {}
    hand.engine.emergencyPause()
    let sound = hand.render(512)
    #expect(sound[240..<512].isSilent)
    #expect(!hand.report.rolling)
    #expect(hand.notices.contains { if case .halted = $0.kind { true } else { false } })
  }

  @Test func `a full ring refuses the next command and lands every one it took`() throws {
    let engine = try Engine(sampleRate: 48_000)
    var taken = 0
    while engine.commands.push(Command(id: UInt64(taken), kind: .masterGain, dueFrame: 0, value: 1)) {
      taken += 1
    }
    #expect(taken == EngineLimits.commandRing)
    let buffer = UnsafeMutablePointer<Float>.allocate(capacity: 64)
    defer { buffer.deallocate() }
    var landed: [UInt64] = []
    for _ in 0..<16 {
      engine.render(buffer, buffer, frames: 64)
      while let notice = engine.notices.pop() { if case .landed = notice.kind { landed.append(notice.id) } }
    }
    #expect(landed == (0..<UInt64(taken)).map { $0 })
  }

  @Test func `wild positions neither trap nor move the playhead out of bounds`() throws {
    let hand = try HandTurnedEngine(constant())
    for tick in [.nan, .infinity, -.infinity, 1e300, -1e300, -5] as [Double] {
      hand.send(.locate, tick: tick)
      hand.send(.play, tick: tick, to: tick)
      hand.send(.stop, tick: tick)
      _ = hand.render(256)
      let place = hand.report.playheadTick
      #expect(place >= 0 && place <= Double(TimeLimits.maximumTick))
    }
  }
}
