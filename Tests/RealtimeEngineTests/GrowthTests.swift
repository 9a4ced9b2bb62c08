import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// A region whose clip becomes another while it is played, in step with the one before.
@Suite struct GrowthTests {
  private static let notes = (0..<16).map { (index: Int) -> (Tick, Tick, UInt8) in
    (Tick(index * 480), Tick(300 + index * 20), UInt8(60 + index))
  }

  /// The notes that begin before a tick, with their ends.
  private static func song(until tick: Tick) -> Song {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, Notes.tones(notes.filter { $0.0 < tick }))
    return song
  }

  @Test(arguments: [64, 256, 1024])
  func `[D65] Notes that come ahead of the playhead sound as if all had been there`(block: Int) throws {
    let hand = try HandTurnedEngine(Self.song(until: 960))
    hand.send(.play, tick: 0)
    var sound = Sound()
    for beat in 1...12 {
      sound += hand.render(24_000 / block * block, block: block)
      if beat < 8 { try hand.take(Self.song(until: Tick(960 * (beat + 2)))) }
    }
    let whole = try HandTurnedEngine(Self.song(until: .max))
    whole.send(.play, tick: 0)
    var wanted = Sound()
    for _ in 1...12 { wanted += whole.render(24_000 / block * block, block: block) }
    let isEqual = sound == wanted
    #expect(isEqual && !sound.isSilent)
    #expect(hand.report.notesStarted == 16)
    #expect(hand.notices.count { if case .regionStarted = $0.kind { true } else { false } } == 1)
  }

  @Test func `Notes that come too late are not played, and nothing is played twice`() throws {
    let hand = try HandTurnedEngine(Self.song(until: 960))
    hand.send(.play, tick: 0)
    // Tick 2880 is passed: of the notes at 960 … 2400, and of the one at 2880, none is struck in a burst.
    _ = hand.render(73_000)
    #expect(hand.report.notesStarted == 2)
    try hand.take(Self.song(until: .max))
    _ = hand.render(512)
    #expect(hand.report.notesStarted == 2)
    _ = hand.render(200_000)
    #expect(hand.report.notesStarted == 2 + 9)
  }

  @Test func `A note of both clips sounds on, and one that the new clip lacks ends`() throws {
    func song(_ keys: [UInt8]) -> Song {
      var song = Song()
      song.midi(key: 1, at: 0, length: 9600, Notes.tones(keys.map { (0, 9000, $0) }))
      return song
    }
    let hand = try HandTurnedEngine(song([69, 76]))
    hand.send(.play, tick: 0)
    var sound = hand.render(20_480)
    try hand.take(song([69, 81]))
    sound += hand.render(60_000)
    let alone = try HandTurnedEngine.play(song([69]), frames: 80_480)
    #expect(hand.report.notesStarted == 2, "81 began before the playhead")
    #expect(sound[24_000..<80_480] == alone[24_000..<80_480])
  }

  @Test func `[D65] Sound that comes ahead of the playhead sounds as if all had been there`() throws {
    let clip = AudioClip.staircase(frames: 120_000)
    var song = Self.growing(clip, 10_000)
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    var sound = Sound()
    for step in 1...10 {
      sound += hand.render(8_192)
      song.change(key: 1) { $0.audio.ready = Int64(10_000 + step * 9_000) }
      try hand.take(song)
    }
    var whole = Song()
    whole.audio(key: 1, at: 0, length: 9600, clip)
    let isEqual = sound == (try HandTurnedEngine.play(whole, frames: 81_920, synthTracks: 0))
    #expect(isEqual && hand.report.starvations == 0)
  }

  @Test func `Where the playhead overtakes what there is, it is silent, counted, and goes on at its place`()
    throws
  {
    let clip = AudioClip.staircase(frames: 120_000)
    var song = Self.growing(clip, 10_000)
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    var sound = hand.render(30_720)
    #expect(hand.report.starvations == 1)
    #expect(sound[10_000..<30_720].isSilent && !sound[9_900..<10_000].isSilent)
    // A few frames more are not begun with: they would be over at once.
    song.change(key: 1) { $0.audio.ready = 31_000 }
    try hand.take(song)
    sound += hand.render(2048)
    #expect(sound[30_720..<32_768].isSilent)
    song.change(key: 1) { $0.audio.ready = 120_000 }
    try hand.take(song)
    sound += hand.render(20_480)
    // It fades in over 240 frames; from then on each frame is that of its place.
    for frame in [33_100, 40_000, 53_000] {
      #expect(abs(sound.left[frame] - clip.left[frame]) < 1e-6, "\(frame)")
    }
    #expect(sound.largestStep() < 0.001)
    #expect(hand.report.starvations == 1 && hand.report.framesStarved > 22_000)
    let told = hand.notices.compactMap { notice -> UInt? in
      if case .starving = notice.kind { notice.address } else { nil }
    }
    #expect(told == [UInt(StreamCause.notMade)])
  }

  @Test func `Memory that grows may move`() throws {
    let first = AudioClip.staircase(frames: 10_000)
    let second = AudioClip.staircase(frames: 60_000)
    let hand = try HandTurnedEngine(Self.growing(first, 10_000), synthTracks: 0)
    hand.send(.play, tick: 0)
    var sound = hand.render(5_120)
    try hand.take(Self.growing(second, 60_000))
    sound += hand.render(40_960)
    for frame in [5_000, 5_120, 9_999, 46_000] {
      #expect(sound.left[frame] == second.left[frame], "\(frame)")
    }
  }

  private static func growing(_ clip: AudioClip, _ ready: Int64) -> Song {
    var song = Song()
    song.audio(key: 1, at: 0, length: 9600, clip, passFrames: ScheduledAudio.endless)
    song.change(key: 1) { $0.audio.ready = ready }
    return song
  }
}
