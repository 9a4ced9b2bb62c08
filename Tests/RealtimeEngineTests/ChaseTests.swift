import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct ChaseTests {
  /// What sounds in the 8,000 frames after a seek to `tick`, while it rolls.
  private func sound(_ events: [ClipEvent], seekingTo tick: Double, notes: NoteShape = NoteShape()) throws
    -> Sound
  {
    var song = Song()
    song.midi(key: 1, at: 0, length: 4800, events, notes: notes)
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    _ = hand.render(2560)
    hand.send(.locate, tick: tick)
    return hand.render(8000)
  }

  /// Key 69 bent by a range of 12: FluidSynth reads the range in 128ths of 127 semitones, so 1,190.6 cents.
  private static let octaveUp = 875.2

  private func isTone(_ sound: Sound, hertz: Double) -> Bool {
    sound.amplitude(hertz: hertz, 2000..<8000) > 0.025
  }

  @Test func `a note at the exact target of a seek sounds, and on time`() throws {
    for tick in [1000, 1001, 1333] as [Tick] {
      let sound = try sound(Notes.tones([(tick, 900, 69)]), seekingTo: Double(tick))
      #expect(sound.firstSounding() == 1)
      #expect(isTone(sound, hertz: 440))
    }
  }

  @Test func `a seek finds the program`() throws {
    let events = [Notes.program(0, 20), Notes.program(700, 79), Notes.on(1000, 69), Notes.off(1900, 69)]
    #expect(isTone(try sound(events, seekingTo: 900), hertz: 440))
  }

  @Test func `a seek finds the pitch bend`() throws {
    let events = Notes.sorted(Notes.tones([(1000, 900, 69)]) + [Notes.bend(500, 16_383)])
    #expect(isTone(try sound(events, seekingTo: 900), hertz: 493.88))
  }

  @Test func `a seek finds the bend range`() throws {
    let events = Notes.sorted(
      Notes.tones([(1000, 900, 69)]) + [
        Notes.controller(100, 101, 0), Notes.controller(101, 100, 0), Notes.controller(102, 6, 12),
        Notes.bend(500, 16_383),
      ])
    #expect(isTone(try sound(events, seekingTo: 900), hertz: Self.octaveUp))
  }

  @Test func `a seek between choosing a parameter and its value loses neither`() throws {
    let events = Notes.sorted(
      Notes.tones([(1000, 900, 69)]) + [
        Notes.controller(100, 101, 0), Notes.controller(101, 100, 0), Notes.controller(950, 6, 12),
        Notes.bend(500, 16_383),
      ])
    #expect(isTone(try sound(events, seekingTo: 900), hertz: Self.octaveUp))
  }

  @Test func `a seek finds the volume`() throws {
    let events = Notes.sorted(Notes.tones([(1000, 900, 69)]) + [Notes.controller(500, 7, 0)])
    // Volume 0 is 96 dB down.
    #expect(try sound(events, seekingTo: 900).peak() < 1e-5)
    #expect(isTone(try sound(Notes.tones([(1000, 900, 69)]), seekingTo: 900), hertz: 440))
  }

  @Test func `a seek backwards forgets what comes later`() throws {
    let events = Notes.sorted(
      Notes.tones([(50, 40, 69), (110, 900, 69)]) + [Notes.bend(91, 16_383), Notes.controller(92, 7, 10)])
    // The first 2,560 frames (102 ticks) have played the bend.
    let sound = try sound(events, seekingTo: 40)
    #expect(sound.amplitude(hertz: 440, 400..<1164) > 0.025)
  }

  @Test func `a seek through thousands of events finds the last of each controller`() throws {
    var events = Notes.tones([(3000, 900, 69)])
    for index in 0..<2500 { events.append(Notes.controller(Tick(index), 7, UInt8(index % 100))) }
    events.append(Notes.controller(2500, 7, 100))
    let chased = try sound(Notes.sorted(events), seekingTo: 2950)
    let plain = try sound(Notes.tones([(3000, 900, 69)]), seekingTo: 2950)
    #expect(chased == plain)
  }

  @Test func `a program of the region's own holds after a seek`() throws {
    let events = [Notes.program(0, 20), Notes.on(1000, 69), Notes.off(1900, 69)]
    #expect(isTone(try sound(events, seekingTo: 900, notes: NoteShape(program: 79)), hertz: 440))
  }

  @Test func `a seek finds what the clip's channels have set for a region with a channel of its own`() throws
  {
    let events = Notes.sorted(
      Notes.tones([(1000, 900, 69)], channel: 3) + [Notes.bend(500, 16_383, channel: 3)])
    #expect(isTone(try sound(events, seekingTo: 900, notes: NoteShape(channel: 5)), hertz: 493.4))
  }

  @Test func `a region finds its channels as new, whatever was played on them before`() throws {
    let plain = try HandTurnedEngine.play(Self.later([]), frames: 60_000)
    let wild: [ClipEvent] = [
      Notes.bend(0, 100), Notes.controller(0, 7, 3), Notes.controller(0, 10, 0), Notes.controller(0, 65, 127),
      Notes.controller(0, 5, 99), Notes.controller(0, 84, 20), Notes.controller(0, 101, 0),
      Notes.controller(0, 100, 1), Notes.controller(0, 6, 90), Notes.controller(0, 74, 3),
      Notes.controller(0, 0, 7), Notes.program(0, 33),
      ClipEvent(tick: 0, kind: .channelPressure, channel: 0, data1: 90, data2: 0),
      ClipEvent(tick: 0, kind: .keyPressure, channel: 0, data1: 69, data2: 90),
    ]
    // Seventeen regions before it: its block has been used by one of them.
    let sound = try HandTurnedEngine.play(Self.later(wild), frames: 60_000)
    #expect(sound[43_000..<60_000].difference(to: plain[43_000..<60_000]) < 1e-7)
    #expect(plain.amplitude(hertz: 440, 46_000..<60_000) > 0.029)
  }

  private static func later(_ wild: [ClipEvent]) -> Song {
    var song = Song()
    for index in 0..<17 { song.midi(key: UInt64(index + 1), at: Tick(index * 100), length: 90, wild) }
    song.midi(key: 50, at: 1750, length: 960, Notes.tones([(0, 900, 69)]))
    return song
  }

  @Test func `a seek finds the pressure`() throws {
    func level(_ pressure: UInt8) throws -> Double {
      let press = ClipEvent(tick: 500, kind: .channelPressure, channel: 0, data1: pressure, data2: 0)
      let sound = try sound(
        Notes.sorted(Notes.tones([(1000, 900, 69)]) + [press]), seekingTo: 1000)
      return sound.amplitude(hertz: 440, 2000..<8000)
    }
    // Full pressure is full vibrato: less is left at the note's own pitch.
    #expect(try level(0) > 1.02 * level(127))
  }

  @Test func `a seek finds a pedal that is down`() throws {
    let events = Notes.sorted(
      Notes.tones([(1000, 20, 69)]) + [Notes.controller(500, 64, 127), Notes.controller(1900, 64, 0)])
    #expect(isTone(try sound(events, seekingTo: 990), hertz: 440))
  }
}
