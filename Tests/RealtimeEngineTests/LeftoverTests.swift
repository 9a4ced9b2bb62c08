import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// Each named after what went wrong.
@Suite struct LeftoverTests {
  @Test func `a controller on a clip's very last tick was never sent`() throws {
    var song = Song()
    // The pedal goes down with the last tick, so that the tone rings; its volume goes to 0 there, too.
    song.midi(
      key: 1, at: 0, length: 960,
      [
        Notes.program(0, 79), Notes.controller(0, 72, 127), Notes.on(10, 69), Notes.controller(960, 7, 0),
        Notes.controller(960, 39, 0),
      ])
    let loud = try HandTurnedEngine(song)
    loud.send(.play, tick: 0)
    _ = loud.render(48_000)
    #expect(loud.report.eventsDelivered == 5)
  }

  @Test func `what follows a region's end in its clip is not sent`() throws {
    var song = Song()
    song.midi(
      key: 1, at: 0, length: 960,
      [Notes.program(0, 79), Notes.on(10, 69), Notes.controller(960, 7, 0), Notes.on(1200, 70)])
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    _ = hand.render(48_000)
    #expect(hand.report.eventsDelivered == 2)
  }

  private func piece() -> Song {
    var song = Song()
    let notes = (0..<40).map { (index: Int) -> [ClipEvent] in
      let channel = UInt8(index % 3)
      return [
        Notes.on(Tick(index * 20), UInt8(40 + index), channel: channel, velocity: UInt8(60 + index)),
        Notes.off(Tick(index * 20 + 150), UInt8(40 + index), channel: channel),
      ]
    }
    song.midi(
      key: 1, at: 0, length: 960,
      Notes.sorted([Notes.controller(0, 10, 20, channel: 1)] + notes.flatMap { $0 }))
    return song
  }

  /// FluidSynth goes to a note's pan over its first block from that of the note its voice had before, and from
  /// silence when it had none: what rests of a replay's difference is there.
  @Test func `a replay differed from the first time by what the warm-up had left`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 960, Notes.tones([(0, 400, 69)]))
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    let first = hand.render(24_000)
    hand.send(.stop, tick: 0)
    _ = hand.render(48_000)
    hand.send(.play, tick: 0)
    let again = hand.render(24_000)
    #expect(again[64..<24_000].difference(to: first[64..<24_000]) < 1e-7)
    #expect(again[0..<64].difference(to: first[0..<64]) < 0.005)
    #expect(first.peak() > 0.02)
    // Two engines agree in every sample.
    let other = try HandTurnedEngine.play(song, frames: 24_000)
    #expect(other.difference(to: first) == 0)
  }

  @Test func `a region was told to have started before the play that started it landed`() throws {
    let hand = try HandTurnedEngine(piece())
    hand.send(.play, tick: 0)
    _ = hand.render(256)
    let order = hand.notices.compactMap { notice -> String? in
      switch notice.kind {
      case .landed: notice.id == hand.lastID ? "landed" : nil
      case .regionStarted: "started"
      default: nil
      }
    }
    #expect(order == ["landed", "started"])
  }

  @Test func `a locate is told with the place it goes to`() throws {
    let hand = try HandTurnedEngine(piece())
    hand.send(.play, tick: 100)
    _ = hand.render(256)
    #expect(hand.landed(hand.lastID)?.tick == 100)
    hand.send(.locate, tick: 33.5)
    _ = hand.render(256)
    #expect(hand.landed(hand.lastID)?.tick == 33.5)
    hand.send(.stop, tick: -5)
    _ = hand.render(256)
    #expect(hand.landed(hand.lastID)?.tick == 0)
  }

  /// Not all 64, whose synths take a gigabyte; the bound goes with their number.
  private static let tracks = 24

  private func crowd(effects: Bool) throws -> HandTurnedEngine {
    var song = Song()
    for track in 0..<Self.tracks {
      song.midi(
        key: UInt64(track + 1), at: 0, length: 9600,
        (0..<16).map { Notes.on(1, UInt8(30 + track), channel: UInt8($0)) }, RegionShape(track: track))
    }
    let hand = try HandTurnedEngine(song, synthTracks: Self.tracks, effects: effects, voiceBudget: 4096)
    hand.send(.play, tick: 0)
    _ = hand.render(1024)
    return hand
  }

  @Test func `a panic of many tracks kept the bus closed for long`() throws {
    let hand = try crowd(effects: false)
    hand.send(.panic)
    let play = hand.send(.play, tick: 0)
    let sound = hand.render(48_000, block: 64)
    #expect(hand.landed(play)?.late ?? .max <= 480)
    #expect(sound.peak(2000..<10_000) > 0.1)
    hand.send(.panic)
    #expect(hand.render(9600)[480..<9600].isSilent)
  }

  @Test func `a panic of many tracks with effects opens the bus when each synth has been reset twice`() throws
  {
    let hand = try crowd(effects: true)
    hand.send(.panic)
    let play = hand.send(.play, tick: 0)
    let sound = hand.render(48_000, block: 64)
    let landed = try #require(hand.landed(play)).late
    // Two resets of each of four synths of a track, one a grid block: 64 tracks take 0.7 s.
    #expect(landed <= 64 * (2 * 4 * Self.tracks + 8))
    #expect(sound[480..<Int(landed)].isSilent)
  }

  @Test func `after a jump of hundreds of channels every note has its program`() throws {
    var song = Song()
    for track in 0..<20 {
      let events = (0..<16).filter { $0 != 9 }.flatMap { channel in
        [
          Notes.program(0, 79, channel: UInt8(channel)), Notes.controller(1, 7, 50, channel: UInt8(channel)),
          Notes.controller(2, 11, 90, channel: UInt8(channel)),
        ]
      }
      // One channel of each track plays, half a second after the place of the jump.
      let channel = UInt8(track % 9)
      song.midi(
        key: UInt64(track + 1), at: 0, length: 9600,
        Notes.sorted(events + [Notes.on(2000, UInt8(50 + track), channel: channel)]),
        RegionShape(track: track))
    }
    let alone = try HandTurnedEngine.play(song, frames: 72_000, synthTracks: 20)
    let hand = try HandTurnedEngine(song, synthTracks: 20)
    // Frame 25,600, which is on the grid.
    hand.send(.play, tick: 1024)
    let sound = hand.render(46_400)
    #expect(sound.difference(to: alone[25_600..<72_000]) < 1e-6)
    #expect(sound.peak() > 0.05)
  }
}
