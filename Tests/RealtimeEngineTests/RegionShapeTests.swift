import Foundation
import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct RegionShapeTests {
  private static let curves: [(FadeCurve, @Sendable (Double) -> Double)] = [
    (.linear, { $0 }), (.equalPower, { sin($0 * .pi / 2) }), (.exponential, { $0 * $0 }),
    (.s, { (1 - cos($0 * .pi)) / 2 }),
  ]

  @Test(arguments: 0..<4)
  func `an audio region's fades have their curve, frame by frame`(curve: Int) throws {
    let (name, level) = Self.curves[curve]
    var song = Song()
    song.audio(
      key: 1, at: 0, length: 400, .constant(0.5, frames: 20_000),
      RegionShape(fadeIn: 1000, fadeOut: 3000, curve: name))
    let sound = try HandTurnedEngine.play(song, frames: 11_000, synthTracks: 0)
    for frame in 0..<10_000 {
      let rising = frame < 1000 ? level(Double(frame) / 1000) : 1
      let falling = frame > 7000 ? level(Double(10_000 - frame) / 3000) : 1
      #expect(abs(Double(sound.left[frame]) - 0.5 * rising * falling) < 1e-6)
    }
    #expect(sound[10_000..<11_000].isSilent)
  }

  @Test(arguments: 0..<4)
  func `a MIDI region's fades have their curve`(curve: Int) throws {
    let (name, level) = Self.curves[curve]
    var plain = Song()
    plain.midi(key: 1, at: 0, length: 400, Notes.tones([(0, 400, 69)]))
    var faded = Song()
    faded.midi(
      key: 1, at: 0, length: 400, Notes.tones([(0, 400, 69)]),
      RegionShape(fadeIn: 2000, fadeOut: 3000, curve: name))
    let reference = try HandTurnedEngine.play(plain, frames: 14_000)
    let sound = try HandTurnedEngine.play(faded, frames: 14_000)
    for frame in 0..<10_000 {
      let rising = frame < 2000 ? level(Double(frame) / 2000) : 1
      let falling = frame > 7000 ? level(Double(10_000 - frame) / 3000) : 1
      // The level goes in straight lines from one grid line to the next: about 1 % off where a curve breaks
      // off.
      #expect(abs(Double(sound.left[frame]) - Double(reference.left[frame]) * rising * falling) < 4e-4)
    }
    #expect(sound[10_048..<14_000].peak() < 1e-4)
  }

  @Test func `gain scales a region and nothing else`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 400, .constant(0.5, frames: 20_000), RegionShape(gain: 0.25))
    song.audio(key: 2, at: 200, length: 400, .constant(0.125, frames: 20_000))
    let sound = try HandTurnedEngine.play(song, frames: 16_000, synthTracks: 0)
    #expect(sound[0..<5000].left.allSatisfy { $0 == 0.125 })
    #expect(sound[5000..<10_000].left.allSatisfy { $0 == 0.25 })
    #expect(sound[10_000..<15_000].left.allSatisfy { $0 == 0.125 })
  }

  @Test func `an audio region repeats its stretch of the clip as often as it says`() throws {
    var song = Song()
    let clip = AudioClip.staircase(frames: 5000)
    song.audio(key: 1, at: 10, length: 4000, clip, offset: 1000, passFrames: 777, passes: 5)
    let sound = try HandTurnedEngine.play(song, frames: 10_000, synthTracks: 0)
    for frame in 0..<(5 * 777) { #expect(sound.left[250 + frame] == clip.left[1000 + frame % 777]) }
    #expect(sound[250 + 5 * 777..<10_000].isSilent)
  }

  @Test func `a MIDI region repeats its stretch of the clip as often as it says`() throws {
    var song = Song()
    song.midi(
      key: 1, at: 96, length: 5 * 300, Notes.clicks([50, 150, 450]),
      notes: NoteShape(offset: 100, passTicks: 300, passes: 5))
    let onsets = try HandTurnedEngine.play(song, frames: 48_000).onsets(gap: 2500, above: 1e-4).map { $0 - 1 }
    let due = (0..<5).map { (96 + $0 * 300 + 50) * 25 }
    #expect(onsets.count == 5)
    for (onset, due) in zip(onsets, due) { #expect(abs(onset - due) <= 32) }
  }

  @Test func `the parts of a split audio region sum to the whole, bit for bit`() throws {
    let clip = AudioClip.stereo(AudioClip.noise(9000))
    var whole = Song()
    whole.audio(key: 1, at: 7, length: 900, clip, offset: 100, passFrames: 4000, passes: 4)
    var parts = Song()
    // 401 ticks are 10,025 frames, which lie 2,025 frames into the third pass.
    parts.audio(key: 1, at: 7, length: 401, clip, offset: 100, passFrames: 4000, passes: 4)
    parts.audio(key: 2, at: 408, length: 499, clip, offset: 100, passFrames: 4000, passes: 4, skip: 10_025)
    let reference = try HandTurnedEngine.play(whole, frames: 30_000, synthTracks: 0)
    #expect(try HandTurnedEngine.play(parts, frames: 30_000, synthTracks: 0) == reference)
    #expect(reference.firstSounding(from: 175 + 16_000) == nil && !reference.isSilent)
  }

  @Test func `the parts of a split MIDI region sum to the whole, bit for bit`() throws {
    let clip = MIDIClipContent(
      events: Notes.sorted(
        Notes.tones([(0, 100, 60), (200, 150, 64), (450, 100, 67)]) + Notes.clicks([0, 300, 500])))
    var whole = Song()
    whole.midi(key: 1, at: 7, length: 1200, clip, notes: NoteShape(passTicks: 600, passes: 2))
    var parts = Song()
    parts.midi(key: 1, at: 7, length: 400, clip, notes: NoteShape(passTicks: 600, passes: 2))
    parts.midi(key: 2, at: 407, length: 800, clip, notes: NoteShape(passTicks: 600, passes: 2, origin: 7))
    let reference = try HandTurnedEngine.play(whole, frames: 40_000)
    let sound = try HandTurnedEngine.play(parts, frames: 40_000)
    #expect(sound.difference(to: reference) < 1e-7)
    #expect(reference.peak() > 0.02)
  }

  @Test func `notes that end at the region's last tick end`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 400, Notes.tones([(0, 400, 69)]))
    song.midi(key: 2, at: 0, length: 400, Notes.tones([(0, 2000, 76)]))
    let sound = try HandTurnedEngine.play(song, frames: 30_000)
    #expect(sound.peak(8000..<9900) > 0.05)
    #expect(sound[13_000..<30_000].isSilent)
  }
}
