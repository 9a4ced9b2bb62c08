import MIDI
import Testing

/// A transport that does what the follower says, driven by clocks that are as early and late as a person's cable makes
/// them.
struct MIDIClockTests {
  /// A playhead and its tempo, moved by frames.
  private struct Transport {
    var tick = 0.0
    var bpm = 120.0
    var isRolling = false
    var plays = 0

    mutating func roll(_ frames: Double) {
      if isRolling { tick += frames / 48_000 * bpm / 60 * 960 }
    }

    mutating func perform(_ action: MIDIClockFollower.Action) {
      switch action {
      case .locate(let place):
        isRolling = false
        tick = place
      case .play(let place):
        isRolling = true
        tick = place
        plays += 1
      case .pause: isRolling = false
      case .tempo(let tempo): bpm = tempo
      }
    }
  }

  private struct Noise {
    var state: UInt64 = 7
    /// −1 … 1.
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int32(truncatingIfNeeded: state >> 32)) / Double(Int32.max)
    }
  }

  private func message(_ status: UInt8, _ data1: UInt8 = 0, _ data2: UInt8 = 0) -> MIDIShortMessage {
    MIDIShortMessage(status: status, data1: data1, data2: data2)
  }

  /// Plays `beats` of clock at a tempo; answers how far the playhead was off, in ticks, after each clock of the second
  /// half, and the follower and transport by then.
  private func play(
    _ follower: inout MIDIClockFollower, _ transport: inout Transport, bpm: Double, beats: Int,
    jitter: Double,
    from start: inout Double, _ noise: inout Noise, origin: Double = 0, counted: inout Int
  ) -> [Double] {
    let period = 48_000 * 60 / bpm / 24
    var off: [Double] = []
    var now = start
    for pulse in 0..<(24 * beats) {
      let due = start + Double(pulse) * period
      let came = due + jitter * noise.next()
      transport.roll(came - now)
      now = came
      let playhead = transport.isRolling ? transport.tick : nil
      for action in follower.take(message(0xF8), frame: came, playhead: playhead) {
        transport.perform(action)
      }
      let wanted = origin + Double(counted) * 40 + (came - due) / period * 40
      counted += 1
      if pulse > 12 * beats { off.append(transport.tick - wanted) }
    }
    start += Double(24 * beats) * period
    transport.roll(start - now)
    return off
  }

  @Test(arguments: [24.0, 61.7, 120, 174, 300])
  func `The tempo of a jittered clock is found, and the beat is kept`(
    bpm: Double
  ) throws {
    var follower = MIDIClockFollower(sampleRate: 48_000)
    var transport = Transport()
    var noise = Noise()
    var start = 1000.0
    var counted = 0
    // Most clocks run before they start anything.
    _ = play(&follower, &transport, bpm: bpm, beats: 4, jitter: 144, from: &start, &noise, counted: &counted)
    counted = 0
    for action in follower.take(message(0xFA), frame: start - 10, playhead: nil) { transport.perform(action) }
    // 3 ms early or late at random: more than a USB cable and a busy machine make together.
    let off = play(
      &follower, &transport, bpm: bpm, beats: 128, jitter: 144, from: &start, &noise, counted: &counted)
    let found = try #require(follower.bpm)
    #expect(abs(found / bpm - 1) < 0.005, "\(found)")
    // 5 ms in ticks at this tempo, and no drift: as many above as below.
    let limit = 0.005 * bpm / 60 * 960
    #expect(off.allSatisfy { abs($0) < limit }, "\(off.map(abs).max() ?? 0) of \(limit)")
    #expect(abs(off.reduce(0, +) / Double(off.count)) < limit / 4)
    #expect(transport.plays == 1)
  }

  @Test func `A change of tempo is followed without a jump, and an hour later nothing has drifted`() {
    var follower = MIDIClockFollower(sampleRate: 48_000)
    var transport = Transport()
    var noise = Noise()
    var start = 0.0
    var counted = 0
    for action in follower.take(message(0xFA), frame: 0, playhead: nil) { transport.perform(action) }
    _ = play(&follower, &transport, bpm: 100, beats: 64, jitter: 48, from: &start, &noise, counted: &counted)
    let off = play(
      &follower, &transport, bpm: 106, beats: 6000, jitter: 48, from: &start, &noise, counted: &counted)
    #expect(transport.plays == 1)
    #expect(off.suffix(2400).allSatisfy { abs($0) < 8 })
    #expect(counted == 24 * 6064)
  }

  @Test func `Song position, continue and stop move the playhead, and a gap starts the tempo anew`() {
    var follower = MIDIClockFollower(sampleRate: 48_000)
    // 300 sixteenths are 72,000 ticks.
    #expect(
      follower.take(message(0xF2, 44, 2), frame: 0, playhead: nil) == [.locate(tick: 72_000)])
    #expect(follower.take(message(0xFB), frame: 10, playhead: nil) == [.locate(tick: 72_000)])
    #expect(follower.take(message(0xF8), frame: 100, playhead: nil) == [.play(tick: 72_000)])
    for pulse in 1..<12 {
      _ = follower.take(
        message(0xF8), frame: 100 + 1000 * Double(pulse), playhead: 72_000 + 40 * Double(pulse))
    }
    #expect(follower.take(message(0xFC), frame: 12_000, playhead: 72_480) == [.pause])
    #expect(follower.take(message(0xFC), frame: 12_500, playhead: nil) == [])
    // It stopped after twelve clocks and goes on from there.
    #expect(follower.take(message(0xFB), frame: 13_000, playhead: nil) == [.locate(tick: 72_480)])
    let first = follower.take(message(0xF8), frame: 600_000, playhead: nil)
    #expect(first.last == .play(tick: 72_480))
    _ = follower.take(message(0xF8), frame: 600_500, playhead: nil)
    #expect(abs((follower.bpm ?? 0) - 240) < 0.001)
  }

  @Test func `Nonsense in a clock's time is no tempo`() {
    var follower = MIDIClockFollower(sampleRate: 48_000)
    for frame in [0, -5, 5, 5, 5, 1e15, 0, .greatestFiniteMagnitude, 3] {
      for action in follower.take(message(0xF8), frame: frame, playhead: nil) {
        if case .tempo(let bpm) = action { #expect((20...999).contains(bpm)) }
      }
    }
  }
}
