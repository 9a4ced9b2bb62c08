import Foundation
import MusicalTime
import RealtimeBench
import RealtimeEngine
import Synchronization
import Testing

/// Synths rendered side by side, many grid blocks in one go.
@Suite struct AheadTests {
  /// A song of a track of many channels and one of a few, with tempo ramps, fades and audio.
  private func song(_ notes: Int) -> Song {
    var song = Song(changes: [
      TempoChange(tick: 0, bpm: 113), TempoChange(tick: 2000, bpm: 150, rampTicks: 3000),
    ])
    let events = (0..<notes).flatMap { (index: Int) -> [ClipEvent] in
      let channel = UInt8(index * 7 % 16)
      let tick = Tick(index * 4800 / notes)
      return [
        Notes.program(tick, UInt8(index % 90), channel: channel),
        Notes.bend(tick, 8192 + index * 13 % 3000, channel: channel),
        Notes.on(tick, UInt8(36 + index * 5 % 50), channel: channel),
        Notes.off(tick + 300, UInt8(36 + index * 5 % 50), channel: channel),
      ]
    }
    song.midi(key: 1, at: 0, length: 4800, Notes.sorted(events), RegionShape(fadeOut: 20_000))
    song.midi(
      key: 2, at: 100, length: 4000, Notes.sorted(events), notes: NoteShape(passTicks: 900, passes: 4),
      RegionShape(gain: 0.5, fadeIn: 9000, curve: .s, track: 1))
    song.audio(
      key: 3, at: 33, length: 4000, .sine(hertz: 300, frames: 90_000), RegionShape(gain: 0.2, track: 2))
    return song
  }

  private func hand(
    _ song: Song, voices: Int, effects: Bool, _ timing: SynthSettings.Timing,
    regions: Int = EngineLimits.channelBlocks
  ) throws -> (hand: HandTurnedEngine, banks: [SynthBankContent]) {
    let hand = try HandTurnedEngine(song, synthTracks: 0, limiter: true, voiceBudget: voices)
    let banks = try (0..<2).map { track in
      let bank = try SynthBankContent(
        SynthSettings(
          soundfont: HandTurnedEngine.seedFont, sampleRate: 48_000, effects: effects, timing: timing,
          areApart: true, regions: regions))
      hand.send(.bank, track: track, address: bank.address)
      return bank
    }
    hand.send(.play, tick: 0)
    return (hand, banks)
  }

  private static func help(_ work: AheadCrew.Work) {
    while true {
      switch work() {
      case .did: continue
      case .waiting: sched_yield()
      case .over: return
      }
    }
  }

  /// Renders with three threads beside this one.
  private func ahead(_ hand: HandTurnedEngine, frames: Int, go: Int) -> (sound: Sound, goes: Int) {
    let left = UnsafeMutablePointer<Float>.allocate(capacity: frames)
    let right = UnsafeMutablePointer<Float>.allocate(capacity: frames)
    defer {
      left.deallocate()
      right.deallocate()
    }
    var goes = 0
    var done = 0
    while done < frames {
      let count = min(go, frames - done)
      let crew = AheadCrew(
        threads: 4,
        start: { work in
          goes += 1
          for _ in 0..<3 { DispatchQueue.global().async { Self.help(work) } }
        }, pause: { _ in sched_yield() })
      hand.engine.renderAhead(left + done, right + done, frames: count, crew: crew)
      done += count
    }
    return (
      Sound(
        left: Array(UnsafeBufferPointer(start: left, count: frames)),
        right: Array(UnsafeBufferPointer(start: right, count: frames))), goes
    )
  }

  @Test(arguments: [false, true], SynthSettings.Timing.allCases)
  func `synths rendered side by side make the same sound to the bit`(
    effects: Bool, timing: SynthSettings.Timing
  ) throws {
    let song = song(120)
    let alone = try hand(song, voices: 512, effects: effects, timing)
    let sound = alone.hand.render(96_000)
    let side = try hand(song, voices: 512, effects: effects, timing)
    let (same, goes) = ahead(side.hand, frames: 96_000, go: 2048)
    let isSame = same == sound
    #expect(isSame)
    #expect(goes >= 40)
    #expect(!side.hand.engine.hasExceededAhead)
    #expect(side.hand.report.notesStarted == alone.hand.report.notesStarted)
    #expect(sound.peak() > 0.1)
  }

  @Test(arguments: [1, 3], SynthSettings.Timing.allCases)
  func `a bank made for the regions that sound makes the sound of a whole one`(
    regions: Int, timing: SynthSettings.Timing
  ) throws {
    var song = Song()
    for region in 0..<regions {
      var events: [ClipEvent] = []
      for channel in 0..<16 {
        let key = UInt8(40 + 3 * region + channel)
        events.append(Notes.on(Tick(channel * 55), key, channel: UInt8(channel)))
        events.append(Notes.off(Tick(channel * 55 + 300), key, channel: UInt8(channel)))
      }
      song.midi(
        key: UInt64(region + 1), at: Tick(70 * region), length: 2000, Notes.sorted(events),
        RegionShape(gain: 1 - 0.05 * Float(region), fadeIn: 3000))
    }
    let whole = try hand(song, voices: 512, effects: true, timing)
    let sound = whole.hand.render(24_000)
    let made = try hand(song, voices: 512, effects: true, timing, regions: regions)
    let isSame = ahead(made.hand, frames: 24_000, go: 4000).sound == sound
    #expect(isSame)
    #expect(sound.peak() > 0.05)
    #expect(made.hand.report.regionsRefused == 0)
  }

  @Test func `near the voice budget it is the same to the bit, too`() throws {
    let song = song(400)
    let alone = try hand(song, voices: 24, effects: false, .normal)
    let sound = alone.hand.render(96_000)
    let side = try hand(song, voices: 24, effects: false, .normal)
    let isSame = ahead(side.hand, frames: 96_000, go: 2000).sound == sound
    #expect(isSame)
    #expect(side.hand.report.voicesStolen == alone.hand.report.voicesStolen)
    #expect(alone.hand.report.voicesStolen > 100)
    #expect(!side.hand.engine.hasExceededAhead)
  }

  @Test func `loops, halts and timed commands in between are kept`() throws {
    var song = song(60)
    song.loop = 1000..<2100
    let timed = [(Tick(1500), 0.3), (1700, 1)].map {
      Command(id: 9, kind: .trackGain, track: 0, dueFrame: 0, value: $0.1, at: $0.0)
    }
    song.timed = timed
    let alone = try hand(song, voices: 512, effects: false, .normal)
    let sound = alone.hand.render(160_000)
    let side = try hand(song, voices: 512, effects: false, .normal)
    let isSame = ahead(side.hand, frames: 160_000, go: 4096).sound == sound
    #expect(isSame)
  }

  @Test func `more events at once than can be put down ahead are all told`() throws {
    var song = Song()
    let burst = (0..<5000).map { Notes.controller(500 + Tick($0 / 2500), 7, UInt8($0 % 100), channel: 0) }
    song.midi(
      key: 1, at: 0, length: 4800, Notes.sorted([Notes.program(0, 79), Notes.on(10, 69)] + burst))
    let alone = try hand(song, voices: 512, effects: false, .normal)
    let sound = alone.hand.render(48_000)
    let side = try hand(song, voices: 512, effects: false, .normal)
    let isSame = ahead(side.hand, frames: 48_000, go: 2048).sound == sound
    #expect(isSame)
    #expect(side.hand.report.eventsDelivered == 5002)
  }
}
