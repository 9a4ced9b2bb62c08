import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct PanicTests {
  /// Sustained notes with long tails and effects, a pedal, and audio.
  private func song() -> Song {
    var song = Song()
    song.midi(
      key: 1, at: 0, length: 9600,
      Notes.sorted(
        [Notes.controller(0, 91, 127), Notes.controller(0, 93, 127), Notes.controller(1, 64, 127)]
          + (0..<10).map { Notes.on(Tick($0), UInt8(40 + 4 * $0)) }))
    song.midi(key: 2, at: 0, length: 9600, Notes.tones([(0, 9000, 60)], channel: 3), RegionShape(track: 1))
    song.audio(key: 3, at: 0, length: 9600, .sine(hertz: 100, frames: 200_000), RegionShape(track: 2))
    return song
  }

  @Test(arguments: [32, 256, 8192])
  func `a panic is silent within 10 ms of landing and stays so`(block: Int) throws {
    let hand = try HandTurnedEngine(song(), synthTracks: 2, effects: true)
    hand.send(.play, tick: 0)
    #expect(hand.render(24_576, block: block).peak() > 0.3)
    let id = hand.send(.panic)
    let sound = hand.render(98_304, block: block)
    #expect(hand.landed(id)?.frame == 24_576)
    #expect(sound[480..<98_304].isSilent)
    #expect(sound.largestStep(1..<480) < 0.05)
    #expect(hand.report.voices == 0 && hand.report.audioVoices == 0 && !hand.report.rolling)
  }

  @Test func `after a panic the same music sounds as from a fresh engine`() throws {
    let hand = try HandTurnedEngine(song(), synthTracks: 2)
    hand.send(.play, tick: 0)
    let first = hand.render(25_600)
    hand.send(.panic)
    _ = hand.render(6400)
    hand.send(.play, tick: 0)
    let again = hand.render(25_600)
    #expect(again.difference(to: first) < 1e-6)
    #expect(first.peak() > 0.3)
  }

  @Test(arguments: [64, 8192])
  func `a play right behind a panic loses no attack`(block: Int) throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, Notes.tones([(0, 4000, 69)]))
    song.audio(key: 2, at: 0, length: 10, .constant(0.5, frames: 250))
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    _ = hand.render(8192)
    hand.send(.panic)
    let id = hand.send(.play, tick: 0)
    let sound = hand.render(16_384, block: block)
    let landed = Int(try #require(hand.landed(id)).frame) - 8192
    #expect(landed <= 768)
    #expect(sound.left[landed..<landed + 1].allSatisfy { $0 == 0.5 })
    #expect(sound.amplitude(hertz: 440, 4000..<16_000) > 0.03)
  }

  @Test func `a panic leaves no ghost in the effects for what is played next`() throws {
    var song = song()
    // A note at volume 0 wakes the synth and sends nothing of its own.
    song.midi(
      key: 9, at: 9000, length: 500,
      Notes.sorted(Notes.tones([(0, 400, 81)]) + [Notes.controller(0, 7, 0), Notes.controller(0, 39, 0)]))
    let hand = try HandTurnedEngine(song, synthTracks: 2, effects: true)
    hand.send(.play, tick: 0)
    _ = hand.render(24_576)
    hand.send(.panic)
    _ = hand.render(6400)
    for key in 1...3 { song.remove(key: UInt64(key)) }
    try hand.take(song)
    hand.send(.play, tick: 9000)
    let sound = hand.render(9600)
    #expect(hand.report.voices == 1)
    #expect(sound.peak() < 2e-6)
  }

  @Test func `a panic keeps the way a track reads between samples`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, [Notes.program(0, 0), Notes.on(0, 61)])
    let bank = try SynthBankContent(
      SynthSettings(
        soundfont: HandTurnedEngine.seedFont, sampleRate: 48_000, effects: false, interpolation: .none))
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.bank, track: 0, address: bank.address)
    hand.send(.play, tick: 0)
    let rough = hand.render(12_800)
    hand.send(.panic)
    _ = hand.render(6400)
    hand.send(.play, tick: 0)
    #expect(hand.render(12_800).difference(to: rough) < 1e-6)
    let smooth = try HandTurnedEngine.play(song, frames: 12_800)
    #expect(smooth.difference(to: rough) > 1e-4)
    hand.send(.bank, track: 0)
    _ = hand.render(480_000)
  }
}
