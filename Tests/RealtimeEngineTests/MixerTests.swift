import Foundation
import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct MixerTests {
  private func rolling(_ clip: AudioClip, tracks: Int = 1) throws -> HandTurnedEngine {
    var song = Song()
    for track in 0..<tracks {
      song.audio(key: UInt64(track + 1), at: 0, length: 9600, clip, RegionShape(track: track))
    }
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(640)
    return hand
  }

  private static let dc = AudioClip.constant(0.5, frames: 240_000)

  @Test(arguments: [
    (Command.Kind.trackGain, 0.0), (.trackGain, 2), (.masterGain, 0), (.masterGain, 1.5), (.trackMute, 1),
    (.trackPan, 1), (.trackPan, -0.3),
  ])
  func `a control moves in a ramp of 5 ms, never in a step`(kind: Command.Kind, value: Double) throws {
    let hand = try rolling(Self.dc)
    hand.send(kind, track: 0, value: value)
    let sound = hand.render(1280)
    let change = max(abs(sound.left[1279] - 0.5), abs(sound.right[1279] - 0.5))
    #expect(change > 0.1)
    #expect(sound.left[0] == 0.5 && sound.right[0] == 0.5)
    #expect(sound.largestStep() <= change / 240 * 1.02)
    #expect(sound.left[240] == sound.left[1279] && sound.right[240] == sound.right[1279])
  }

  @Test func `mute silences a track and no other, and unmuting brings it back`() throws {
    let hand = try rolling(Self.dc, tracks: 2)
    hand.send(.trackMute, track: 0, value: 1)
    #expect(hand.render(1280).left[1279] == 0.5)
    hand.send(.trackMute, track: 0, value: 0)
    #expect(hand.render(1280).left[1279] == 1)
  }

  @Test func `solo silences every other track, those that come later too`() throws {
    let hand = try rolling(Self.dc, tracks: 3)
    hand.send(.trackSolo, track: 1, value: 1)
    #expect(hand.render(1280).left[1279] == 0.5)
    hand.send(.trackSolo, track: 2, value: 1)
    #expect(hand.render(1280).left[1279] == 1)
    hand.send(.trackGain, track: 9, value: 1)
    var song = Song()
    song.audio(key: 50, at: 0, length: 9600, Self.dc, RegionShape(track: 12))
    try hand.take(song)
    #expect(hand.render(1280)[300..<1280].isSilent)
    hand.send(.trackSolo, track: 1, value: 0)
    hand.send(.trackSolo, track: 2, value: 0)
    #expect(hand.render(1280).left[1279] == 0.5)
  }

  @Test func `a solo outranks the same track's mute`() throws {
    let hand = try rolling(Self.dc, tracks: 2)
    hand.send(.trackMute, track: 0, value: 1)
    hand.send(.trackSolo, track: 0, value: 1)
    #expect(hand.render(1280).left[1279] == 0.5)
  }

  @Test(arguments: [-1.0, -0.5, 0, 0.25, 1])
  func `mono material pans with equal power`(pan: Double) throws {
    let hand = try rolling(AudioClip(left: [Float](repeating: 0.5, count: 100_000)))
    hand.send(.trackPan, track: 0, value: pan)
    let sound = hand.render(1280)
    let angle = (pan + 1) * .pi / 4
    #expect(abs(Double(sound.left[1279]) - 0.5 * cos(angle)) < 1e-6)
    #expect(abs(Double(sound.right[1279]) - 0.5 * sin(angle)) < 1e-6)
  }

  @Test(arguments: [-1.0, -0.5, 0, 0.25, 1])
  func `stereo material is balanced`(pan: Double) throws {
    let hand = try rolling(Self.dc)
    hand.send(.trackPan, track: 0, value: pan)
    let sound = hand.render(1280)
    #expect(abs(Double(sound.left[1279]) - 0.5 * (pan > 0 ? 1 - pan : 1)) < 1e-6)
    #expect(abs(Double(sound.right[1279]) - 0.5 * (pan < 0 ? 1 + pan : 1)) < 1e-6)
  }

  @Test func `controls beyond their range are held to it`() throws {
    let hand = try rolling(AudioClip.constant(0.01, frames: 200_000))
    hand.send(.trackGain, track: 0, value: 1e30)
    hand.send(.trackPan, track: 0, value: -7)
    var sound = hand.render(1280)
    #expect(abs(sound.left[1279] - 0.16) < 1e-6 && sound.right[1279] == 0)
    hand.send(.masterGain, value: -3)
    sound = hand.render(1280)
    #expect(sound[300..<1280].isSilent)
  }

  @Test func `a value that is no number changes nothing and is counted`() throws {
    let hand = try rolling(Self.dc)
    for kind in [Command.Kind.trackGain, .trackPan, .masterGain, .voiceBudget, .trackPolyphony] {
      hand.send(kind, track: 0, value: .nan)
      hand.send(kind, track: 0, value: .infinity)
    }
    #expect(hand.render(1280).left.allSatisfy { $0 == 0.5 })
    #expect(hand.report.commandsIgnored == 10)
  }

  @Test func `a track that does not exist is ignored and counted`() throws {
    let hand = try rolling(Self.dc)
    hand.send(.trackGain, track: -1, value: 0)
    hand.send(.trackGain, track: EngineLimits.strips, value: 0)
    #expect(hand.render(1280).left.allSatisfy { $0 == 0.5 })
    #expect(hand.report.commandsIgnored == 2)
  }

  @Test func `samples that are no numbers are silence and poison nothing after them`() throws {
    var samples = [Float](repeating: 0.5, count: 10_000)
    samples[100] = .nan
    samples[101] = .infinity
    samples[102] = -.infinity
    var song = Song()
    song.audio(key: 1, at: 0, length: 960, .stereo(samples))
    let hand = try HandTurnedEngine(song, synthTracks: 0, limiter: true)
    hand.send(.play, tick: 0)
    let sound = hand.render(9600)
    for frame in 0..<9536 { #expect(sound.left[frame + 64] == ((100...102).contains(frame) ? 0 : 0.5)) }
    #expect(hand.engine.meters.read().master.squareLeft.isFinite)
    #expect(hand.engine.meters.read().tracks[0].squareLeft.isFinite)
  }

  @Test func `meters tell peak and mean square of the last twentieth of a second`() throws {
    let hand = try rolling(AudioClip.sine(hertz: 1000, frames: 100_000, amplitude: 0.5), tracks: 2)
    hand.send(.trackGain, track: 1, value: 0.5)
    _ = hand.render(9600)
    let meters = hand.engine.meters.read()
    #expect(abs(meters.master.peakLeft - 0.75) < 0.001 && abs(meters.tracks[0].peakLeft - 0.5) < 0.001)
    #expect(abs(meters.tracks[1].peakRight - 0.25) < 0.001)
    #expect(abs(meters.master.squareLeft - 0.75 * 0.75 / 2) < 0.002)
    #expect(meters.tracks[2].peakLeft == 0)
    hand.send(.pause)
    _ = hand.render(9600)
    #expect(hand.engine.meters.read().master.peakLeft == 0)
  }
}
