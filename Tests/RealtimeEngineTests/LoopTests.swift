import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct LoopTests {
  @Test func `audio goes around a loop on the exact frame a hundred times`() throws {
    // 301 ticks are 7,525 frames: no multiple of 64.
    var song = Song()
    song.audio(key: 1, at: 40, length: 960, .staircase(frames: 2000))
    song.loop = 40..<341
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 40)
    let sound = hand.render(101 * 7525)
    let onsets = sound.onsets(gap: 1000)
    #expect(onsets == (0..<101).map { $0 * 7525 })
    for onset in onsets { #expect(sound.left[onset] == Float(1) / 1_000_000) }
    let wraps = hand.notices.filter { if case .looped = $0.kind { true } else { false } }
    #expect(wraps.map(\.frame) == (1...101).map { Int64($0 * 7525) })
  }

  @Test func `notes go around a loop within 32 frames a hundred times`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 960, Notes.clicks([40, 170, 400]))
    song.loop = 40..<341
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 40)
    let onsets = hand.render(100 * 7525).onsets(gap: 500, above: 1e-4).map { $0 - 1 }
    let due = (0..<100).flatMap { [$0 * 7525, $0 * 7525 + 130 * 25] }
    #expect(onsets.count == due.count)
    for (onset, due) in zip(onsets, due) { #expect(abs(onset - due) <= 32, "\(onset) for \(due)") }
  }

  @Test func `an audio region that a loop cuts fades over 5 ms and comes back at its place`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 960, .constant(0.5, frames: 24_000))
    song.loop = 100..<200
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    let sound = hand.render(12_000)
    // The old pass fades out while the new one fades in: together they stay constant.
    #expect(sound.left[0..<5000].allSatisfy { $0 == 0.5 })
    for frame in 5000..<5240 { #expect(abs(sound.left[frame] - 0.5) < 1e-5) }
    #expect(sound.largestStep() < 0.003)
  }

  @Test func `a region that ends with the loop ends on its frame`() throws {
    var song = Song()
    let clip = AudioClip.constant(0.5, frames: 24_000)
    song.audio(key: 1, at: 0, length: 101, clip)
    song.loop = 0..<201
    let sound = try HandTurnedEngine.play(song, frames: 12_000, synthTracks: 0)
    for frame in 0..<12_000 {
      #expect(sound.left[frame] == (frame % 5025 < 2525 ? 0.5 : 0))
    }
    var tight = Song()
    tight.audio(key: 1, at: 0, length: 101, clip)
    tight.loop = 0..<101
    // The region is cut and begun on the same frame.
    let steady = try HandTurnedEngine.play(tight, frames: 12_000, synthTracks: 0)
    #expect(steady.left.allSatisfy { $0 == 0.5 })
  }

  @Test func `a note held over the loop's end is let go there`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 1920, Notes.tones([(10, 1800, 69)]))
    song.loop = 0..<480
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    let sound = hand.render(48_000)
    // One tone at a time: two at once would be twice as loud. It rings for 50 ms past the loop's end.
    #expect(sound.peak(20_000..<24_000) < 0.032)
    #expect(sound.amplitude(hertz: 440, 15_000..<23_000) > 0.03)
    #expect(hand.report.voices <= 2)
  }

  @Test func `a note in the last frames of a loop sounds with every pass`() throws {
    // Tick 300 is 25 frames before the loop's end; its nearest grid line is before that end or after.
    var song = Song()
    song.midi(key: 1, at: 0, length: 960, Notes.clicks([300]))
    song.loop = 0..<301
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    let onsets = hand.render(40 * 7525 + 640).onsets(gap: 2500, above: 1e-4).map { $0 - 1 }
    #expect(onsets.count == 40)
    for (pass, onset) in onsets.enumerated() { #expect(abs(onset - pass * 7525 - 7500) <= 32) }
  }

  @Test func `a loop switched on while the playhead is inside takes effect at its end`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 9600, .staircase(frames: 100_000))
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(6400)
    song.loop = 200..<480
    try hand.take(song)
    _ = hand.render(6400)
    #expect(hand.report.playheadFrame == 12_800 - 12_000 + 5000)
  }

  @Test func `a loop shorter than can be played is not taken`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 9600, .staircase(frames: 100_000))
    song.loop = 10..<12
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(6400)
    #expect(hand.report.playheadFrame == 6400)
  }

  @Test func `a region that fades in at the loop's start fades in with every pass`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 480, Notes.tones([(0, 470, 69)]), RegionShape(fadeIn: 6000))
    song.loop = 0..<301
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    let sound = hand.render(7525 * 6)
    for pass in 1..<6 {
      let start = pass * 7525
      #expect(sound.peak(start + 100..<start + 600) < 0.032 * 0.15 + sound.peak(start..<start + 100) + 0.02)
      #expect(sound.peak(start + 2500..<start + 3000) < 0.032 * 0.55)
      #expect(sound.peak(start + 6100..<start + 7400) > 0.03)
    }
  }
}
