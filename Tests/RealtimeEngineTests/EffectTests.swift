import Foundation
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct EffectTests {
  private static let strip = EngineLimits.firstBusStrip

  /// A track that reaches main only over a bus with an effect.
  private func wet(
    _ clip: AudioClip, _ shape: EffectShape, frames: Int, sampleRate: Double = 48_000, block: Int = 256
  ) throws -> (HandTurnedEngine, Sound) {
    var song = Song()
    song.sampleRate = sampleRate
    song.audio(key: 1, at: 0, length: 960_000, clip)
    let hand = try HandTurnedEngine(song, synthTracks: 0, sampleRate: sampleRate)
    hand.mix(
      [MixWire(strip: 0, place: Wire.bus(0)), MixWire(strip: Self.strip, place: Wire.main)],
      buses: [0: hand.bus(shape)])
    _ = hand.render(640)
    hand.send(.play, tick: 0)
    return (hand, hand.render(frames, block: block))
  }

  private func impulse(_ frames: Int = 64) -> AudioClip {
    var samples = [Float](repeating: 0, count: frames)
    samples[0] = 1
    return .stereo(samples)
  }

  private func reverb(decay: Double, size: Double = 0.7, damping: Double = 0, predelay: Double = 0)
    -> EffectShape
  {
    var shape = EffectShape(.reverb)
    shape.decaySeconds = decay
    shape.size = size
    shape.damping = damping
    shape.predelaySeconds = predelay
    return shape
  }

  /// Schroeder's backward integral, and from its way between −5 and −35 dB the time for 60.
  private func decay(of channel: [Float], sampleRate: Double) -> Double {
    var left = [Double](repeating: 0, count: channel.count + 1)
    for frame in channel.indices.reversed() {
      left[frame] = left[frame + 1] + Double(channel[frame]) * Double(channel[frame])
    }
    func frame(at decibels: Double) -> Int {
      left.firstIndex { 10 * log10($0 / left[0]) < decibels } ?? channel.count
    }
    return 2 * Double(frame(at: -35) - frame(at: -5)) / sampleRate
  }

  @Test(arguments: [(0.5, 0.3, 48_000.0), (1.0, 1.0, 48_000), (3.0, 0.7, 44_100), (1.0, 0.0, 96_000)])
  func `the reverb loses 60 dB in the time that was asked for`(
    seconds: Double, size: Double, rate: Double
  ) throws {
    let (_, sound) = try wet(
      impulse(), reverb(decay: seconds, size: size), frames: Int(rate * seconds * 1.2), sampleRate: rate)
    for channel in [sound.left, sound.right] {
      let measured = decay(of: channel, sampleRate: rate)
      #expect(abs(measured - seconds) < 0.05 * seconds, "\(measured)")
    }
  }

  @Test func `damping takes the highest frequencies first`() throws {
    func highShare(_ damping: Double) throws -> Double {
      let (_, sound) = try wet(impulse(), reverb(decay: 2, damping: damping), frames: 48_000)
      return sound.energy(above: 8000, 24_000..<48_000) / sound.energy(above: 20, 24_000..<48_000)
    }
    let (open, damped) = (try highShare(0), try highShare(0.8))
    #expect(open > 0.3 && damped < open / 20, "\(open), \(damped)")
  }

  @Test func `the predelay is a delay, and the tail is kept when the sound has ended`() throws {
    let (_, early) = try wet(impulse(), reverb(decay: 1), frames: 48_000)
    let (_, late) = try wet(impulse(), reverb(decay: 1, predelay: 0.1), frames: 48_000)
    let first = try #require(early.firstSounding())
    #expect(late.firstSounding() == first + 4800)
    #expect(!early[24_000..<30_000].isSilent)
  }

  @Test func `noise comes back about as loud as it was sent, whatever the decay`() throws {
    for seconds in [0.5, 2, 6] {
      let noise = AudioClip(left: AudioClip.noise(480_000), right: Array(AudioClip.noise(480_000).reversed()))
      let (_, sound) = try wet(noise, reverb(decay: seconds), frames: 300_000)
      let sent = 0.25 * 0.25 / 3
      let level = 10 * log10(sound.energy(above: 20, 200_000..<300_000) / sent)
      #expect(abs(level) < 3, "\(seconds) s: \(level) dB")
    }
  }

  @Test func `no constant stays in it, and what was no number does not either`() throws {
    let (_, sound) = try wet(.constant(0.5, frames: 200_000), reverb(decay: 1), frames: 190_000)
    let mean = sound.left[180_000..<190_000].reduce(0, +) / 10_000
    #expect(abs(mean) < 1e-4)
    var samples = AudioClip.noise(20_000)
    samples[500] = .nan
    samples[501] = .infinity
    samples[502] = 3e38
    let (hand, poisoned) = try wet(.stereo(samples), reverb(decay: 0.3), frames: 96_000)
    #expect(poisoned.left.allSatisfy { $0.isFinite } && poisoned.peak(2000..<20_000) < 10)
    #expect(hand.render(640).isSilent)
  }

  @Test func `both sides together lose nothing to each other`() throws {
    let (_, sound) = try wet(impulse(), reverb(decay: 1.5), frames: 72_000)
    func energy(_ samples: [Float]) -> Double { samples.reduce(0.0) { $0 + Double($1) * Double($1) } }
    let sum = energy(zip(sound.left, sound.right).map { ($0 + $1) / 2 })
    let sides = (energy(sound.left) + energy(sound.right)) / 2
    // Sides that have nothing in common make a mono sum 3 dB softer than each.
    #expect(abs(10 * log10(sum / sides) + 3) < 1)
  }

  @Test(arguments: [EffectShape.Kind.reverb, .chorus])
  func `an effect that has rung out sleeps, wakes as new, and no sample of its tail is denormal`(
    kind: EffectShape.Kind
  ) throws {
    var shape = EffectShape(kind)
    shape.decaySeconds = 0.3
    let clip = AudioClip.stereo(AudioClip.noise(4800))
    let (hand, first) = try wet(clip, shape, frames: 144_000)
    #expect(first.left.allSatisfy { !$0.isSubnormal })
    #expect(first[130_000..<144_000].isSilent && !first[4900..<5000].isSilent)
    hand.send(.locate, tick: 0)
    let second = hand.render(144_000)
    // A jump fades what it leaves; here all was silent.
    let differing = (0..<144_000).first { second.left[$0] != first.left[$0] }
    #expect(differing == nil)
  }

  @Test(arguments: [EffectShape.Kind.reverb, .chorus])
  func `what comes out does not depend on the device's block`(kind: EffectShape.Kind) throws {
    let clip = AudioClip.stereo(AudioClip.noise(9600))
    let (_, one) = try wet(clip, EffectShape(kind), frames: 19_200, block: 64)
    let (_, other) = try wet(clip, EffectShape(kind), frames: 19_200, block: 1000)
    let isSame = one == other
    #expect(isSame)
  }

  @Test func `the chorus keeps the level and moves the pitch of a tone`() throws {
    var shape = EffectShape(.chorus)
    shape.speedHertz = 2
    let (_, sound) = try wet(.sine(hertz: 1000, frames: 200_000, amplitude: 0.3), shape, frames: 96_000)
    let power = sound.energy(above: 20, 10_000..<96_000)
    #expect(abs(10 * log10(power / 0.045)) < 4)
    // Much of it has left 1 kHz.
    #expect(sound.amplitude(hertz: 1000, 10_000..<96_000) < 0.25)
    let differs = sound.left != sound.right
    #expect(differs)
  }

  @Test func `another effect or another number comes in without a click, and the old one goes back`() throws {
    let (hand, _) = try wet(
      .sine(hertz: 300, frames: 960_000, amplitude: 0.3), reverb(decay: 1), frames: 96_000)
    let steady = hand.render(9600)
    // Over the same frames: the filter hears its own beginning, where the sound is not 0.
    let floor = steady.energy(above: 8000, 0..<2000)
    var shape = EffectShape(.chorus)
    shape.speedHertz = 1
    for bus in [hand.bus(reverb(decay: 2)), hand.bus(shape), PlannedBus()] {
      hand.mix(
        [MixWire(strip: 0, place: Wire.bus(0)), MixWire(strip: Self.strip, place: Wire.main)], buses: [0: bus]
      )
      let sound = hand.render(19_200)
      #expect(sound.energy(above: 8000, 0..<2000) < max(4 * floor, 1e-8))
      #expect(!sound[10_000..<19_200].isSilent)
    }
    let returned = hand.notices.count { if case .retiredEffect = $0.kind { true } else { false } }
    #expect(returned == 3)
  }

  @Test func `panic silences an effect too`() throws {
    let (hand, _) = try wet(.stereo(AudioClip.noise(960_000)), reverb(decay: 20), frames: 48_000)
    hand.send(.panic)
    let sound = hand.render(9600)
    #expect(sound[480..<9600].isSilent)
  }
}
