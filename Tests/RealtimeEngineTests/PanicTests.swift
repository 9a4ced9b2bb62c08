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

  @Test func `a panic over many synths with reverb is over in 50 ms, and keeps the old sound out`() throws {
    var song = Song()
    let wet = [Notes.controller(0, 91, 127), Notes.controller(0, 93, 127)]
    for track in 0..<12 {
      song.midi(
        key: UInt64(track + 1), at: 0, length: 9600,
        Notes.sorted(wet + Notes.tones([(1, 9000, UInt8(40 + track % 30))])), RegionShape(track: track))
      song.midi(
        key: UInt64(track + 101), at: 9600, length: 960,
        Notes.sorted(wet + Notes.tones([(9, 900, 69)])), RegionShape(gain: 0.1, track: track))
    }
    let hand = try HandTurnedEngine(song, synthTracks: 12, effects: true)
    hand.send(.play, tick: 0)
    #expect(hand.render(9600).peak() > 0.1)
    let panic = hand.send(.panic)
    let play = hand.send(.play, tick: 9600)
    let sound = hand.render(9600)
    let closed = Int(try #require(hand.landed(panic)).frame)
    let open = Int(try #require(hand.landed(play)).frame)
    #expect(open - closed <= 2400)
    // Silent from 10 ms on to the new notes, which begin 9 ticks into their region: nothing of the old ones comes in
    // before or with them.
    let notes = open - closed + 9 * 25 - 32
    #expect(sound[480..<notes].isSilent)
    let fresh = try HandTurnedEngine(song, synthTracks: 12, effects: true)
    fresh.send(.play, tick: 9600)
    let wanted = fresh.render(9600)
    let here = sound.amplitude(hertz: 440, (open - closed + 2000)..<9600)
    #expect(here > 0.4 * wanted.amplitude(hertz: 440, 2000..<(9600 - open + closed)))
    // Keys 40 and 51 of before.
    for hertz in [82.41, 155.56] {
      #expect(sound.amplitude(hertz: hertz, (open - closed + 2000)..<9600) < 0.001)
    }
    // In the end the effects are heard again.
    hand.send(.panic)
    _ = hand.render(102_400)
    hand.send(.play, tick: 9600)
    let again = hand.render(9600)
    #expect(again.difference(to: wanted) < 0.02)
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
