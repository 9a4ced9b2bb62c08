import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct BlockSizeTests {
  /// Three tracks, overlapping regions, a step and a ramp of tempo, drums, bends, fades, a loop that no grid
  /// fits.
  static func song() -> Song {
    var song = Song(changes: [
      TempoChange(tick: 0, bpm: 133), TempoChange(tick: 960, bpm: 97.3),
      TempoChange(tick: 1500, bpm: 161, rampTicks: 700),
    ])
    song.midi(key: 1, at: 0, length: 2880, Notes.clicks((0..<24).map { Tick($0 * 120) }))
    song.midi(
      key: 2, at: 333, length: 1500,
      Notes.sorted(Notes.tones([(0, 480, 60), (240, 480, 64), (480, 480, 67)]) + [Notes.bend(300, 9000)]),
      RegionShape(gain: 0.7, fadeIn: 3000, fadeOut: 5000, curve: .equalPower))
    song.midi(
      key: 3, at: 500, length: 2000,
      [Notes.program(0, 0), Notes.on(1, 48), Notes.on(100, 55), Notes.off(900, 48)],
      RegionShape(track: 1))
    song.audio(
      key: 4, at: 777, length: 1600, .sine(hertz: 220, frames: 30_000), passes: 3,
      RegionShape(gain: 0.5, fadeIn: 100, fadeOut: 9000, curve: .s, track: 2))
    song.audio(key: 5, at: 700, length: 700, AudioClip(left: AudioClip.noise(20_000)), RegionShape(track: 1))
    song.loop = 301..<2477
    return song
  }

  @Test(arguments: [16, 17, 32, 64, 100, 128, 256, 480, 512, 1024, 4096, 8192])
  func `the output is bit-identical whatever the device's block size`(block: Int) throws {
    let reference = try HandTurnedEngine.play(
      Self.song(), frames: 120_000, block: 64, synthTracks: 2, effects: true)
    let sound = try HandTurnedEngine.play(
      Self.song(), frames: 120_000, block: block, synthTracks: 2, effects: true)
    #expect(reference.peak() > 0.05)
    #expect(sound == reference)
  }

  @Test func `the output is bit-identical when the block size changes while it plays`() throws {
    let reference = try HandTurnedEngine.play(Self.song(), frames: 60_000, block: 64, synthTracks: 2)
    let hand = try HandTurnedEngine(Self.song(), synthTracks: 2)
    hand.send(.play, tick: 0)
    var sound = Sound()
    for block in [1, 63, 1000, 8192, 17, 256, 4096, 31] { sound += hand.render(6000, block: block) }
    sound += hand.render(12_000)
    #expect(sound == reference)
  }

  @Test func `twenty runs are bit-identical`() throws {
    let reference = try HandTurnedEngine.play(Self.song(), frames: 60_000, synthTracks: 2, effects: true)
    for _ in 0..<19 {
      let sound = try HandTurnedEngine.play(Self.song(), frames: 60_000, synthTracks: 2, effects: true)
      #expect(sound == reference)
    }
  }

  @Test func `several synths and clips sum as if each played alone`() throws {
    var together = Song()
    var alone = [Song(), Song(), Song()]
    let clip = AudioClip.sine(hertz: 300, frames: 30_000, amplitude: 0.2)
    together.midi(key: 1, at: 0, length: 1920, Notes.tones([(10, 900, 60)]))
    alone[0].midi(key: 1, at: 0, length: 1920, Notes.tones([(10, 900, 60)]))
    together.midi(key: 2, at: 100, length: 1920, Notes.tones([(10, 900, 67)]), RegionShape(track: 1))
    alone[1].midi(key: 2, at: 100, length: 1920, Notes.tones([(10, 900, 67)]), RegionShape(track: 1))
    together.audio(key: 3, at: 333, length: 960, clip, RegionShape(track: 2))
    alone[2].audio(key: 3, at: 333, length: 960, clip, RegionShape(track: 2))
    let sum = try HandTurnedEngine.play(together, frames: 60_000, synthTracks: 2)
    var parts = Sound(left: [Float](repeating: 0, count: 60_000), right: [Float](repeating: 0, count: 60_000))
    for song in alone {
      let part = try HandTurnedEngine.play(song, frames: 60_000, synthTracks: 2)
      for frame in 0..<60_000 {
        parts.left[frame] += part.left[frame]
        parts.right[frame] += part.right[frame]
      }
    }
    #expect(sum.difference(to: parts) < 1e-6)
    #expect(sum.peak() > 0.2)
  }
}
