import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// What a region gives to reverb and chorus goes with what is heard of it.
@Suite struct SendTests {
  /// Strings, whose sends follow the controllers; with a note of 100 ticks.
  private func strings(_ reverb: UInt8, at tick: Tick = 0) -> [ClipEvent] {
    [
      Notes.program(0, 48), Notes.controller(0, 91, reverb), Notes.on(tick, 69), Notes.off(tick + 100, 69),
    ]
  }

  /// What reverb and chorus add to a song.
  private func wet(_ song: Song) throws -> Sound {
    var sound = try HandTurnedEngine.play(song, frames: 20_000, effects: true)
    let dry = try HandTurnedEngine.play(song, frames: 20_000, effects: false)
    for frame in 0..<sound.frames {
      sound.left[frame] -= dry.left[frame]
      sound.right[frame] -= dry.right[frame]
    }
    return sound
  }

  private func wet(_ shape: RegionShape, reverb: UInt8 = 127, at tick: Tick = 0) throws -> Float {
    var song = Song()
    song.midi(key: 1, at: 0, length: 700, strings(reverb, at: tick), shape)
    return try wet(song).peak()
  }

  @Test(arguments: [0, 100] as [Tick])
  func `a region at half its gain has half its reverb`(tick: Tick) throws {
    let full = try wet(RegionShape(), at: tick)
    #expect(full > 0.003)
    #expect(abs(try wet(RegionShape(gain: 0.5), at: tick) / full - 0.5) < 0.01)
  }

  @Test func `a louder region has more reverb`() throws {
    let full = try wet(RegionShape(), reverb: 20)
    #expect(abs(try wet(RegionShape(gain: 2), reverb: 20) / full - 2) < 0.04)
  }

  @Test func `a sound that needs no effects gets none`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 700, Notes.tones([(0, 600, 69)]))
    // FluidSynth takes one block to leave what a voice sent for its last note.
    #expect(try wet(song).peak() < 0.0006)
  }

  @Test func `what has faded out is not brought back by the next region`() throws {
    var song = Song()
    let held = [Notes.program(0, 48), Notes.controller(0, 91, 127), Notes.on(0, 69)]
    song.midi(key: 1, at: 0, length: 400, held, RegionShape(fadeOut: 9500))
    let before = try wet(song)
    song.midi(key: 2, at: 401, length: 400, Notes.tones([(300, 90, 76)]))
    let after = try wet(song)
    #expect(before.peak(0..<4000) > 0.001)
    #expect(after.difference(to: before) < 1e-6)
  }

  @Test func `regions of one track have each their own share`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 700, strings(127), RegionShape(gain: 0.1))
    song.midi(key: 2, at: 0, length: 4000, Notes.tones([(3000, 100, 60)]))
    #expect(abs(try wet(song).peak() / (try wet(RegionShape())) - 0.1) < 0.01)
  }
}
