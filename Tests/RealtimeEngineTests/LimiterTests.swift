import Media
import RealtimeBench
import RealtimeEngine
import Testing

/// What the limiter is held against: libebur128 reads the true peak of what comes out.
@Suite struct LimiterTests {
  private static let frames = 48_000

  enum Signal: String, CaseIterable, Sendable {
    case quarterRate, square, impulses, loudNoise, burst, lowSine, alternating

    /// Far over full scale where it matters, and none the device could play as it is.
    var samples: [Float] {
      switch self {
      // A quarter of the rate at 45°: samples of 0.7 with peaks of 1 between them.
      case .quarterRate: LimiterTests.each { Float(1.4 * cosine(.pi / 2 * Double($0) + .pi / 4)) }
      case .square: LimiterTests.each { $0 / 37 % 2 == 0 ? 1 : -1 }
      case .impulses: LimiterTests.each { $0 % 997 == 0 ? 8 : 0 }
      case .loudNoise: AudioClip.noise(LimiterTests.frames, amplitude: 10)
      case .burst:
        LimiterTests.each { $0 / 3000 % 2 == 0 ? 0 : Float(4 * cosine(0.31 * Double($0 % 3000) - .pi / 2)) }
      case .lowSine: LimiterTests.each { Float(3 * cosine(2 * .pi * 50 * Double($0) / 48_000)) }
      case .alternating: LimiterTests.each { $0 % 2 == 0 ? 1.5 : -1.5 }
      }
    }
  }

  private static func each(_ sample: (Int) -> Float) -> [Float] { (0..<frames).map(sample) }

  private func limited(_ samples: [Float], block: Int = 256, gain: Double = 1) throws -> Sound {
    var song = Song()
    song.audio(key: 1, at: 0, length: 9600, .stereo(samples))
    let hand = try HandTurnedEngine(song, synthTracks: 0, limiter: true)
    hand.send(.masterGain, value: gain)
    hand.send(.play, tick: 0)
    return hand.render(samples.count + 64, block: block)
  }

  private func truePeak(_ sound: Sound) throws -> Double {
    try LoudnessMeter.measure(left: sound.left, right: sound.right, frames: sound.frames, sampleRate: 48_000)
      .truePeakDB ?? -200
  }

  @Test(arguments: Signal.allCases)
  func `the true peak stays under the ceiling, whatever comes`(signal: Signal) throws {
    let peak = try truePeak(try limited(signal.samples))
    #expect(peak <= -1 + 0.05, "\(signal.rawValue)")
    // And it is not simply turned down.
    #expect(peak > -2.5, "\(signal.rawValue)")
  }

  @Test(arguments: [1, 64, 999])
  func `what comes out does not depend on the device's block`(block: Int) throws {
    let samples = Signal.burst.samples
    let isSame = try limited(samples, block: block) == limited(samples)
    #expect(isSame)
  }

  @Test func `below the ceiling every sample passes bit for bit, a grid block later`() throws {
    // −1.05 dB of true peak.
    let samples = AudioClip.noise(Self.frames, amplitude: 0.3).enumerated().map {
      $0.offset < 24_000
        ? $0.element : Float(0.886 * cosine(2 * .pi * 441 * Double($0.offset - 24_000) / 48_000 - .pi / 2))
    }
    let sound = try limited(samples)
    #expect(sound.left[0..<64].allSatisfy { $0 == 0 })
    let differing = samples.indices.first {
      sound.left[64 + $0] != samples[$0] || sound.right[64 + $0] != samples[$0]
    }
    #expect(differing == nil)
  }

  @Test func `it lets go with a time constant of 100 ms and then passes every bit again`() throws {
    var samples = [Float](repeating: 0.25, count: 120_000)
    samples[2000] = 4
    let sound = try limited(samples)
    func gain(_ frame: Int) -> Float { sound.left[64 + frame] / 0.25 }
    let start = 1 - gain(2100)
    #expect(start > 0.7)
    for milliseconds in [50, 100, 200] {
      let expected = start * Float(cosine(0) * exponential(-Double(milliseconds) / 100))
      #expect(abs((1 - gain(2100 + 48 * milliseconds)) - expected) < 0.01)
    }
    #expect(sound.left[110_000...].allSatisfy { $0 == 0.25 })
  }

  @Test func `the gain moves without a step`() throws {
    // A steady 1 kHz tone that a sudden loud one pushes down: what is left above 8 kHz tells of clicks.
    let samples = Self.each { frame in
      let tone = 0.2 * cosine(2 * .pi * 1000 * Double(frame) / 48_000)
      let loud =
        frame > 12_000 && frame < 30_000
        ? 3 * cosine(2 * .pi * 60 * Double(frame - 12_000) / 48_000 - .pi / 2) : 0
      return Float(tone + loud)
    }
    let sound = try limited(samples)
    // −80 dBFS; with the peaks cut off instead it is 18 dB more.
    #expect(sound.energy(above: 8000, 11_000..<31_000) < 1e-8)
  }

  @Test func `switched off it delays as much and changes nothing`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 960, .stereo(Signal.square.samples.map { 3 * $0 }))
    let hand = try HandTurnedEngine(song, synthTracks: 0, limiter: false, looksAhead: true)
    hand.send(.play, tick: 0)
    let sound = hand.render(9600)
    #expect(sound.left[0..<64].allSatisfy { $0 == 0 })
    let samples = Signal.square.samples
    let differing = (0..<9536).first { sound.left[64 + $0] != 3 * samples[$0] }
    #expect(differing == nil)
  }

  @Test(arguments: [(0.0, 1.0), (-6, 0.501_187), (-99, 0.1)])
  func `the ceiling is a setting, held to its range`(decibels: Double, ceiling: Double) throws {
    let engine = try Engine(sampleRate: 48_000, ceilingDB: decibels)
    var song = Song()
    song.audio(key: 1, at: 0, length: 960, .stereo(Signal.lowSine.samples))
    let schedule = try song.compiled(1)
    _ = engine.commands.push(Command(id: 1, kind: .schedule, dueFrame: 0, address: schedule.address))
    _ = engine.commands.push(Command(id: 2, kind: .play, dueFrame: 0, tick: 0))
    var left = [Float](repeating: 0, count: 8192)
    var right = left
    left.withUnsafeMutableBufferPointer { left in
      right.withUnsafeMutableBufferPointer { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return }
        engine.render(left, right, frames: 8192)
      }
    }
    let peak = Double(left.map(abs).max() ?? 0)
    #expect(peak <= ceiling && peak > 0.99 * ceiling)
    withExtendedLifetime(schedule) {}
  }
}

/// Every frame that is told is the one that is heard.
@Suite struct LookAheadTests {
  private func hand(block: Int) throws -> (HandTurnedEngine, Sound) {
    var song = Song()
    song.audio(key: 7, at: 961, length: 960, .constant(0.25, frames: 30_000))
    let hand = try HandTurnedEngine(song, synthTracks: 0, limiter: true)
    var sound = hand.render(1000, block: block)
    hand.send(.play, tick: 0)
    sound += hand.render(50_000, block: block)
    return (hand, sound)
  }

  @Test(arguments: [32, 64, 256, 1000])
  func `a region is heard at the frame that its notice names`(block: Int) throws {
    let (hand, sound) = try hand(block: block)
    let start = try #require(
      hand.notices.first { if case .regionStarted = $0.kind { true } else { false } }?.frame)
    #expect(sound.firstSounding() == Int(start))
    let landed = try #require(hand.landed(hand.lastID))
    // Tick 961 lies 24,025 frames after where play landed.
    #expect(start - landed.frame == 24_025)
    #expect(landed.late == landed.frame - 1000)
  }

  @Test func `the playhead is told as it is heard`() throws {
    let (hand, sound) = try hand(block: 64)
    let start = try #require(sound.firstSounding())
    #expect(hand.report.deviceFrame == 51_000 - 51_000 % 64 || hand.report.deviceFrame == 51_000)
    // 24,025 frames into the song the first sample was heard; now it is this much later.
    let heard = Int(hand.report.deviceFrame) - start + 24_025
    #expect(abs(Int(hand.report.playheadFrame) - heard) < 64)
    #expect(hand.report.playheadTick > 0)
  }

  @Test func `what is heard is the same as without looking ahead, later`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, Notes.clicks([0, 960, 1500]))
    song.audio(key: 2, at: 100, length: 960, .sine(hertz: 300, frames: 30_000, amplitude: 0.3))
    let plain = try HandTurnedEngine.play(song, frames: 40_000)
    let hand = try HandTurnedEngine(song, limiter: true)
    hand.send(.play, tick: 0)
    let sound = hand.render(40_064)
    let isSame = sound[64..<40_064] == plain
    #expect(isSame)
  }
}
