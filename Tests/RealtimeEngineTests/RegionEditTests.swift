import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct RegionEditTests {
  private static func tone(_ key: UInt8) -> [ClipEvent] { Notes.tones([(0, 3000, key)]) }

  /// Renders 10,048 frames of a song, edits it, and renders on.
  private func render(_ song: Song, frames: Int = 40_000, edit: (inout Song) -> Void) throws -> Sound {
    var song = song
    let hand = try HandTurnedEngine(song, synthTracks: 2)
    hand.send(.play, tick: 0)
    var sound = hand.render(10_048)
    edit(&song)
    try hand.take(song)
    sound += hand.render(frames)
    return sound
  }

  @Test func `two regions that hold the same key do not release each other`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 3840, Self.tone(69))
    song.midi(key: 2, at: 100, length: 300, Notes.tones([(0, 200, 69)]))
    var alone = Song()
    alone.midi(key: 1, at: 0, length: 3840, Self.tone(69))
    let sound = try HandTurnedEngine.play(song, frames: 60_000)
    let first = try HandTurnedEngine.play(alone, frames: 60_000)
    #expect(sound.amplitude(hertz: 440, 3000..<7000) > 1.5 * first.amplitude(hertz: 440, 3000..<7000))
    #expect(sound[12_000..<60_000] == first[12_000..<60_000])
  }

  @Test func `deleting a sounding region ends its notes and nobody else's`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 3840, Self.tone(69))
    song.midi(key: 2, at: 0, length: 3840, Self.tone(69))
    song.midi(key: 3, at: 0, length: 3840, Self.tone(76), RegionShape(track: 1))
    var rest = song
    rest.remove(key: 1)
    let sound = try render(song) { $0.remove(key: 1) }
    let alone = try HandTurnedEngine.play(rest, frames: 50_048, synthTracks: 2)
    #expect(sound[10_048 + 2700..<50_048] == alone[10_048 + 2700..<50_048])
    #expect(sound.largestStep() < 0.01)
  }

  @Test func `moving a sounding region ends its notes where they were`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 3840, Self.tone(69))
    let sound = try render(song) {
      $0.change(key: 1) {
        $0.start = 1200
        $0.end = 5040
        $0.midi.origin = 1200
        $0.stamp = 2
      }
    }
    #expect(sound[10_048 + 2700..<30_000].isSilent)
    let onset = try #require(sound.firstSounding(from: 15_000)) - 1
    #expect(abs(onset - 30_000) <= 32)
  }

  @Test func `deleting a sounding audio region fades it out over 240 frames`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 3840, .constant(0.5, frames: 90_000))
    let sound = try render(song) { $0.remove(key: 1) }
    for frame in 0..<240 {
      #expect(abs(sound.left[10_048 + frame] - 0.5 * smooth(1 - Float(frame) / 240)) < 1e-5)
    }
    #expect(sound[10_288..<50_048].isSilent)
  }

  @Test func `shortening a region to before the playhead fades it out`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 3840, .constant(0.5, frames: 90_000))
    let sound = try render(song) { $0.change(key: 1) { $0.end = 100 } }
    #expect(sound.left[10_048] > 0.49 && sound.left[10_168] > 0.2)
    #expect(sound[10_288..<50_048].isSilent)
    #expect(sound.largestStep(1..<50_048) < 0.0032)
  }

  @Test func `a region added under the playhead fades in from where the playhead is`() throws {
    let sound = try render(Song()) {
      $0.audio(key: 1, at: 0, length: 3840, .constant(0.5, frames: 30_000))
    }
    #expect(sound[0..<10_048].isSilent)
    for frame in 0..<240 {
      #expect(abs(sound.left[10_048 + frame] - 0.5 * smooth(Float(frame) / 240)) < 1e-5)
    }
    // It has gone 10,048 frames into a clip of 30,000.
    #expect(sound.left[29_999] == 0.5 && sound.left[30_000] == 0)
  }

  @Test func `a region that starts at the playhead keeps its attack`() throws {
    // Tick 401.92 is frame 10,048: the region starts on the frame after.
    let sound = try render(Song()) { $0.audio(key: 1, at: 402, length: 960, .constant(0.5, frames: 9000)) }
    #expect(sound.firstSounding() == 10_050)
    #expect(sound.left[10_050] == 0.5)
    var song = Song()
    song.audio(key: 1, at: 400, length: 960, .constant(0.5, frames: 9000))
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 400)
    #expect(hand.render(256).left.allSatisfy { $0 == 0.5 })
  }

  @Test func `a change of a sounding region's gain is ramped and the region sounds on`() throws {
    var song = Song()
    let clip = AudioClip.staircase(frames: 90_000)
    song.audio(key: 1, at: 0, length: 3840, .constant(0.5, frames: 90_000))
    song.audio(key: 2, at: 0, length: 3840, clip, RegionShape(track: 1))
    let sound = try render(song) { $0.change(key: 1) { $0.gain = 0.25 } }
    for frame in 0..<240 {
      let expected = 0.5 - 0.375 * Float(frame) / 240 + clip.left[10_048 + frame]
      #expect(abs(sound.left[10_048 + frame] - expected) < 1e-5)
    }
    #expect(abs(sound.left[12_000] - 0.125 - clip.left[12_000]) < 1e-6)
  }

  @Test func `a change of a sounding MIDI region's gain is ramped and its notes sound on`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 3840, Self.tone(69))
    let sound = try render(song) { $0.change(key: 1) { $0.gain = 0.5 } }
    let full = try HandTurnedEngine.play(song, frames: 50_048, synthTracks: 2)
    for frame in stride(from: 10_400, to: 50_000, by: 7) {
      #expect(abs(sound.left[frame] - 0.5 * full.left[frame]) < 1e-6)
    }
    #expect(sound.largestStep() <= full.largestStep() * 1.05)
  }

  @Test func `an edit elsewhere leaves everything that sounds bit-identical`() throws {
    let song = BlockSizeTests.song()
    let sound = try render(song, frames: 50_000) {
      $0.midi(key: 90, at: 90_000, length: 960, Self.tone(60))
      $0.remove(key: 77)
    }
    let reference = try HandTurnedEngine.play(song, frames: 60_048, synthTracks: 2)
    #expect(sound == reference)
  }

  @Test func `a note due within half a grid block of an edit sounds once`() throws {
    for shift in 0..<5 {
      var song = Song()
      // Ticks around the edit's frame 10,048 (tick 401.92).
      song.midi(key: 1, at: 0, length: 3840, Notes.tones([(Tick(399 + shift), 30, 69)]))
      let sound = try render(song, frames: 10_000) {
        $0.audio(key: 5, at: 90_000, length: 10, .constant(0, frames: 1))
      }
      let reference = try HandTurnedEngine.play(song, frames: 20_048, synthTracks: 2)
      #expect(sound == reference)
      #expect(sound.peak() > 0.02)
    }
  }
}
