import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct TempoTests {
  /// A click every half beat, and where the tempo map says each is due.
  private func clicks(_ song: inout Song, count: Int) throws -> [Int] {
    let ticks = (0..<count).map { Tick($0 * 480) }
    song.midi(key: 1, at: 0, length: Tick(count) * 480, Notes.clicks(ticks))
    let tempo = try song.tempo()
    return ticks.map { Int(tempo.frame(atTick: $0)) }
  }

  @Test func `notes follow steps of tempo`() throws {
    // 120 BPM for 2 beats (48,000 frames), then 60 BPM (48,000 frames a beat), then 240 (12,000).
    var song = Song(changes: [
      TempoChange(tick: 0, bpm: 120), TempoChange(tick: 1920, bpm: 60), TempoChange(tick: 3840, bpm: 240),
    ])
    _ = try clicks(&song, count: 12)
    let due = [
      0, 12_000, 24_000, 36_000, 48_000, 72_000, 96_000, 120_000, 144_000, 150_000, 156_000, 162_000,
    ]
    let onsets = try HandTurnedEngine.play(song, frames: 170_000).onsets(gap: 2500, above: 1e-4).map {
      $0 - 1
    }
    #expect(onsets.count == due.count)
    for (onset, due) in zip(onsets, due) { #expect(abs(onset - due) <= 32) }
  }

  @Test func `notes follow a ramp of tempo`() throws {
    // From 60 to 120 over 4 beats, linear in the beat: beat x lies at 60/15·ln(1 + x/4) seconds.
    var song = Song(changes: [
      TempoChange(tick: 0, bpm: 60), TempoChange(tick: 0, bpm: 60),
      TempoChange(tick: 1, bpm: 120, rampTicks: 3840),
    ])
    let due = try clicks(&song, count: 9)
    let onsets = try HandTurnedEngine.play(song, frames: 190_000).onsets(gap: 2500, above: 1e-4).map {
      $0 - 1
    }
    // ln(2)·4 s = 133,084 frames for the fourth beat, give or take the one tick that the ramp starts late.
    #expect(abs(due[8] - 133_084) < 60)
    #expect(onsets.count >= 9)
    for (onset, due) in zip(onsets, due) { #expect(abs(onset - due) <= 32) }
  }

  @Test func `a live tempo change keeps the musical position`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, Notes.clicks((0..<20).map { Tick($0 * 480) }))
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    var sound = hand.render(30_016)
    // Frame 30,016 at 120 BPM is beat 1.250667; at 60 BPM a half beat is 24,000 frames.
    song.changes = [TempoChange(tick: 0, bpm: 60)]
    song.tempoRevision = 1
    let revision = try hand.take(song)
    sound += hand.render(100_000)
    let landed = try #require(hand.landed(hand.lastID))
    #expect(landed.frame == 30_016)
    #expect(abs(landed.tick - 1200.64) < 0.001)
    #expect(hand.report.scheduleRevision == revision)
    let onsets = sound.onsets(gap: 2500, above: 1e-4).map { $0 - 1 }
    let due = [0, 12_000, 24_000, 30_016 + 11_968, 30_016 + 35_968, 30_016 + 59_968, 30_016 + 83_968]
    #expect(onsets.count == due.count)
    for (onset, due) in zip(onsets, due) { #expect(abs(onset - due) <= 33, "\(onset) for \(due)") }
  }

  @Test func `each of a hundred live tempo changes moves the position by half a frame at most`() throws {
    var song = Song()
    song.audio(key: 1, at: 20_000, length: 960, .staircase(frames: 100))
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    var ticks = 0.0
    var bpm = 120.0
    for change in 0..<100 {
      _ = hand.render(1920)
      ticks += 1920 * bpm * 960 / (48_000 * 60)
      bpm = change % 2 == 0 ? 173.3 : 120
      song.changes = [TempoChange(tick: 0, bpm: bpm)]
      song.tempoRevision += 1
      try hand.take(song)
    }
    _ = hand.render(64)
    ticks += 64 * bpm * 960 / (48_000 * 60)
    // Half a frame is 0.029 ticks at 173.3 BPM.
    #expect(abs(hand.report.playheadTick - ticks) < 100 * 0.029)
  }

  @Test func `sounding audio does not jump when the tempo changes`() throws {
    var song = Song()
    let clip = AudioClip.staircase(frames: 60_000)
    song.audio(key: 1, at: 0, length: 4800, clip)
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    var sound = hand.render(10_048)
    song.changes = [TempoChange(tick: 0, bpm: 211)]
    song.tempoRevision = 1
    try hand.take(song)
    sound += hand.render(40_000)
    #expect(sound.left == (0..<sound.frames).map { clip.left[$0] })
  }

  @Test func `a clip that has been heard is not heard again when the tempo rises`() throws {
    var song = Song()
    // 10,000 frames of sound in a region of 2 beats; at frame 24,000 it is over.
    song.audio(key: 1, at: 0, length: 1920, .constant(0.5, frames: 10_000))
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(24_000)
    // At 480 BPM beat 1 is 6,000 frames in: the clip would be on.
    song.changes = [TempoChange(tick: 0, bpm: 480)]
    song.tempoRevision = 1
    try hand.take(song)
    #expect(hand.render(10_000).isSilent)
  }

  @Test func `a region's end moves with the tempo, its clip does not`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 960, .constant(0.5, frames: 90_000))
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    var sound = hand.render(6016)
    song.changes = [TempoChange(tick: 0, bpm: 60)]
    song.tempoRevision = 1
    try hand.take(song)
    sound += hand.render(60_000)
    // A beat is 48,000 frames now and 6,016 / 24,000 of it are over: 35,968 remain.
    #expect(sound.left[6016 + 35_967] == 0.5)
    #expect(sound.left[6016 + 35_968] == 0)
  }

  @Test func `a tempo edit far away changes nothing that sounds`() throws {
    let reference = try HandTurnedEngine.play(BlockSizeTests.song(), frames: 60_032, synthTracks: 2)
    var song = BlockSizeTests.song()
    let hand = try HandTurnedEngine(song, synthTracks: 2)
    hand.send(.play, tick: 0)
    var sound = hand.render(20_032)
    song.changes.append(TempoChange(tick: 50_000, bpm: 33))
    song.tempoRevision = 1
    try hand.take(song)
    sound += hand.render(40_000)
    #expect(sound == reference)
  }
}
