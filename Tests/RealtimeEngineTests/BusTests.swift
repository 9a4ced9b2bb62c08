import RealtimeBench
import RealtimeEngine
import Testing

/// Tracks 0, 1, 2 … play 0.25, 0.5, 0.75 …, so that a sum tells who is in it.
@Suite struct BusTests {
  private static let main = Wire.main

  private static func wire(_ strip: Int, _ place: Int, pre: Bool = false, _ level: Float = 1) -> MixWire {
    MixWire(strip: strip, place: place, isPre: pre, level: level)
  }

  private static func bus(_ slot: Int) -> Int { EngineLimits.firstBusStrip + slot }

  private func rolling(tracks: Int = 3) throws -> HandTurnedEngine {
    var song = Song()
    for track in 0..<tracks {
      song.audio(
        key: UInt64(track + 1), at: 0, length: 96_000,
        .constant(0.25 * Float(track + 1), frames: 2_400_000), RegionShape(track: track))
    }
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(640)
    return hand
  }

  private func level(_ hand: HandTurnedEngine) -> Float { hand.render(1280).left[1279] }

  @Test func `a track's output goes to a bus, and the bus's fader counts`() throws {
    let hand = try rolling()
    hand.mix([Self.wire(0, Wire.bus(3)), Self.wire(Self.bus(3), Self.main)])
    #expect(level(hand) == 1.5)
    hand.send(.trackGain, track: Self.bus(3), value: 2)
    #expect(level(hand) == 1.75)
    hand.send(.trackMute, track: Self.bus(3), value: 1)
    #expect(level(hand) == 1.25)
    hand.send(.trackMute, track: Self.bus(3), value: 0)
    hand.send(.trackPan, track: Self.bus(3), value: 1)
    let sound = hand.render(1280)
    #expect(sound.left[1279] == 1.25 && sound.right[1279] == 1.75)
    let meters = hand.engine.meters.read()
    #expect(meters.buses[3].peakLeft > 0.4 || meters.buses[3].peakRight > 0.4)
  }

  @Test func `a send before the fader hears neither fader, pan nor mute, one behind it all of them`() throws {
    let hand = try rolling(tracks: 1)
    hand.mix([
      Self.wire(0, Self.main), Self.wire(0, Wire.bus(0), pre: true, 0.5), Self.wire(0, Wire.bus(1), 0.5),
      Self.wire(Self.bus(0), Self.main), Self.wire(Self.bus(1), Self.main),
    ])
    #expect(level(hand) == 0.5)
    hand.send(.trackGain, track: 0, value: 2)
    #expect(level(hand) == 0.875)
    hand.send(.trackMute, track: 0, value: 1)
    #expect(level(hand) == 0.125)
    hand.send(.trackPan, track: 0, value: 1)
    #expect(level(hand) == 0.125)
  }

  @Test func `a bus feeds a bus, whichever number is lower`() throws {
    for (first, second) in [(2, 9), (9, 2)] {
      let hand = try rolling(tracks: 1)
      hand.mix([
        Self.wire(0, Wire.bus(first)), Self.wire(Self.bus(first), Wire.bus(second), 0.5),
        Self.wire(Self.bus(second), Self.main),
      ])
      #expect(level(hand) == 0.125)
      // In the same block, not in the next one.
      hand.send(.locate, tick: 0)
      #expect(hand.render(640).firstSounding() == 0)
    }
  }

  @Test(arguments: [
    [wire(0, Wire.bus(0)), wire(bus(0), main)], [wire(0, main, 0.5)],
    [wire(0, main), wire(0, Wire.bus(4), pre: true), wire(bus(4), main)], [],
  ])
  func `every change of the wiring is a ramp of 5 ms`(wires: [MixWire]) throws {
    let hand = try rolling(tracks: 1)
    _ = hand.mix(wires, tracks: wires.isEmpty ? 0 : 4)
    let sound = hand.render(1280)
    let change = abs(sound.left[1279] - 0.25)
    #expect(sound.left[0] == 0.25)
    // A send and the bus behind it open together: the end of that is twice as steep.
    #expect(sound.largestStep() <= max(change, 0.25) / 240 * 2.04)
    #expect(sound.left[240] == sound.left[1279])
  }

  @Test func `an output moves from one bus to another without a dip`() throws {
    let hand = try rolling(tracks: 1)
    hand.mix([
      Self.wire(0, Wire.bus(0)), Self.wire(Self.bus(0), Self.main), Self.wire(Self.bus(1), Self.main),
    ])
    _ = hand.render(1280)
    hand.mix([
      Self.wire(0, Wire.bus(1)), Self.wire(Self.bus(0), Self.main), Self.wire(Self.bus(1), Self.main),
    ])
    let sound = hand.render(1280)
    #expect(sound.left.allSatisfy { abs($0 - 0.25) < 1e-6 })
  }

  @Test func `two buses that change places part first and never click`() throws {
    let hand = try rolling(tracks: 1)
    hand.mix([
      Self.wire(0, Wire.bus(0)), Self.wire(Self.bus(0), Wire.bus(1)), Self.wire(Self.bus(1), Self.main),
    ])
    #expect(level(hand) == 0.25)
    hand.mix([
      Self.wire(0, Wire.bus(1)), Self.wire(Self.bus(1), Wire.bus(0)), Self.wire(Self.bus(0), Self.main),
    ])
    let sound = hand.render(1280)
    #expect(sound.largestStep() <= 0.25 / 240 * 2.04)
    #expect(sound.left[800] == 0.25 && sound.left[1279] == 0.25)
  }

  // MARK: Solo

  @Test func `a bus that a soloed track feeds stays open, and lets nobody else through`() throws {
    let hand = try rolling()
    hand.mix([
      Self.wire(0, Wire.bus(0)), Self.wire(1, Wire.bus(0)), Self.wire(Self.bus(0), Wire.bus(1)),
      Self.wire(Self.bus(1), Self.main),
    ])
    hand.send(.trackSolo, track: 0, value: 1)
    #expect(level(hand) == 0.25)
    hand.send(.trackSolo, track: 1, value: 1)
    #expect(level(hand) == 0.75)
    hand.send(.trackSolo, track: 0, value: 0)
    hand.send(.trackSolo, track: 1, value: 0)
    #expect(level(hand) == 1.5)
  }

  @Test func `a soloed bus is heard with what is sent to it, and the senders' own outputs are not`() throws {
    let hand = try rolling()
    hand.mix([
      Self.wire(0, Self.main), Self.wire(0, Wire.bus(2), 0.5), Self.wire(1, Self.main),
      Self.wire(Self.bus(2), Wire.bus(1)), Self.wire(Self.bus(1), Self.main),
    ])
    #expect(level(hand) == 0.25 + 0.125 + 0.5 + 0.75)
    hand.send(.trackSolo, track: Self.bus(2), value: 1)
    #expect(level(hand) == 0.125)
    hand.send(.trackMute, track: 0, value: 1)
    #expect(level(hand) == 0)
  }

  // MARK: Cue

  @Test func `the cue hears a track before its fader, and main not a bit of it`() throws {
    let hand = try rolling()
    let plain = try rolling()
    hand.send(.trackGain, track: 1, value: 0.5)
    plain.send(.trackGain, track: 1, value: 0.5)
    hand.mix([Self.wire(1, Self.main), Self.wire(1, Wire.cue, pre: true)])
    hand.send(.cueGain, value: 0.5)
    let same = hand.render(2560) == plain.render(2560)
    #expect(same)
    #expect(hand.cue.left[2559] == 0.25 && plain.cue.isSilent)
    hand.send(.trackSolo, track: 0, value: 1)
    hand.send(.trackMute, track: 1, value: 1)
    _ = hand.render(1280)
    #expect(hand.cue.left[1279] == 0.25)
    hand.mix([Self.wire(1, Self.main), Self.wire(1, Wire.cue)])
    _ = hand.render(1280)
    #expect(hand.cue[400..<1280].isSilent)
  }

  @Test func `what is heard does not depend on the device's block`() throws {
    func played(block: Int) throws -> Sound {
      let hand = try rolling()
      var sound = Sound()
      for step in 0..<4 {
        hand.mix([
          Self.wire(0, Wire.bus(step)), Self.wire(Self.bus(step), Wire.bus(8 - step)),
          Self.wire(Self.bus(8 - step), Self.main), Self.wire(1, Wire.bus(step), pre: true, 0.3),
          Self.wire(1, Self.main),
        ])
        sound += hand.render(640, block: block)
      }
      return sound
    }
    let one = try played(block: 64)
    let other = try played(block: 640)
    #expect(one == other)
  }

  @Test func `wires that are none are left out`() throws {
    let hand = try rolling(tracks: 1)
    hand.mix([
      Self.wire(-1, 0), Self.wire(0, 99), Self.wire(0, Self.main, .nan), Self.wire(900, Self.main),
      Self.wire(0, Self.main, 1),
    ])
    #expect(level(hand) == 0.25)
  }
}
