import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// What comes in through MIDI ports and what goes out, to the frame. A tick is 25 frames.
struct PortTests {
  private func note(_ key: UInt8, _ velocity: UInt8 = 100, at frame: Int64, port: UInt8 = 0) -> PortMessage {
    PortMessage(frame: frame, port: port, count: 3, status: 0x90, data1: key, data2: velocity)
  }

  /// An engine without look-ahead whose input port 0 plays track 0.
  private func keyboard(sharp: Bool = false) throws -> HandTurnedEngine {
    let hand = try HandTurnedEngine(Song(), timing: sharp ? .sharp : .normal)
    hand.send(.midiInput, track: 0, value: 0)
    return hand
  }

  private func sounding(_ hand: HandTurnedEngine) -> Bool { hand.report.voices > 0 }

  /// An engine whose track 0 leads to output port 2 of the device's thread.
  private func wired(_ song: Song, looksAhead: Bool = true) throws -> HandTurnedEngine {
    let hand = try HandTurnedEngine(song, looksAhead: looksAhead)
    hand.send(.midiOutput, value: 2, address: 1)
    hand.send(.midiRoute, track: 0, value: 2)
    return hand
  }

  private func bytes(_ hand: HandTurnedEngine) -> [[UInt8]] {
    hand.sent.map { [$0.message.status, $0.message.data1, $0.message.data2] }
  }

  // MARK: In

  @Test(arguments: [32, 64, 100, 1024, 4096])
  func `a key sounds as a region's note does that lies where the key came`(block: Int) throws {
    var song = Song()
    // Frame 1600 is the start of a grid block.
    song.midi(key: 1, at: 0, length: 4000, [Notes.on(64, 60), Notes.off(640, 60)])
    let expected = try HandTurnedEngine.play(song, frames: 24_000, block: 64)
    for early in [0, 31, -31] as [Int64] {
      let hand = try keyboard()
      let keys = [note(60, at: 1600 + early), note(60, 0, at: 16_000 + early)]
      for key in keys { #expect(hand.engine.midi.source.push(key)) }
      let heard = hand.render(24_000, block: block)
      #expect(heard.left == expected.left && heard.right == expected.right)
      #expect(heard.peak() > 0.01)
    }
  }

  @Test(arguments: [64, 512, 8192]) func `a key that came in a block sounds within a block`(block: Int) throws
  {
    let hand = try keyboard()
    _ = hand.render(block * 3, block: block)
    // Late: it came while nobody looked.
    hand.live = [note(60, at: 0)]
    #expect(hand.render(block, block: block).peak() > 0 || block == 64)
    #expect(hand.render(block, block: block).peak() > 0)
    #expect(hand.engine.midi.heard.pop().map { $0.frame < Int64(block * 4) && $0.tick.isNaN } == true)
  }

  @Test func `keys are let go when their port, their track or their synths change`() throws {
    let ends: [(String, (HandTurnedEngine) throws -> Void)] = [
      ("detached", { $0.send(.midiInput, value: 0, address: 256) }),
      ("led elsewhere", { $0.send(.midiInput, track: 1, value: 0) }),
      ("panic", { $0.send(.panic) }),
      ("no synths", { $0.send(.bank, track: 0) }),
      ("to a port", { $0.send(.midiRoute, track: 0, value: 3) }),
      ("another session", { _ = try $0.enter(Song(), strips: 1) }),
    ]
    for (name, end) in ends {
      let hand = try keyboard()
      hand.live = [
        PortMessage(frame: 0, port: 0, count: 3, status: 0xB0, data1: 64, data2: 127), note(60, at: 0),
        note(64, at: 0),
      ]
      _ = hand.render(4096)
      #expect(sounding(hand), "\(name)")
      try end(hand)
      _ = hand.render(96_000)
      #expect(!sounding(hand), "\(name)")
    }
  }

  @Test func `stop and pause leave keys alone, and a note-off finds its note in a replaced synth`() throws {
    let hand = try keyboard()
    hand.send(.play, tick: 0)
    hand.live = [
      PortMessage(frame: 0, port: 0, count: 2, status: 0xC0, data1: 5), note(60, at: 0),
    ]
    _ = hand.render(4096)
    hand.send(.pause)
    hand.send(.stop, tick: 0)
    _ = hand.render(24_000)
    #expect(sounding(hand))
    try hand.installBank(on: 0)
    _ = hand.render(4096)
    hand.live = [note(60, 0, at: Int64(hand.rendered))]
    _ = hand.render(96_000)
    #expect(!sounding(hand))
    #expect(hand.notices.contains { if case .retiredBank = $0.kind { true } else { false } })
    // The new one plays on with what the keyboard had chosen.
    let heard = try played(hand)
    let other = try keyboard()
    other.live = [PortMessage(frame: 0, port: 0, count: 2, status: 0xC0, data1: 5)]
    _ = other.render(64)
    #expect(try played(other) == heard)
    #expect(try played(try keyboard()) != heard)
  }

  private func played(_ hand: HandTurnedEngine) throws -> [Float] {
    hand.live = [note(62, at: Int64(hand.rendered))]
    return hand.render(4096).left
  }

  @Test func `nonsense makes no sound and is counted`() throws {
    let hand = try keyboard()
    for status in 0...255 as ClosedRange<UInt8> {
      for count in 0...4 as ClosedRange<UInt8> where PortMessage.length(of: status) != count && count > 0 {
        hand.live.append(PortMessage(frame: 0, port: 0, count: count, status: status, data1: 60, data2: 100))
      }
    }
    hand.live.append(note(60, at: 0, port: 200))
    hand.live.append(note(200, at: 0))
    hand.live.append(note(60, 128, at: 0))
    let count = hand.live.count
    #expect(hand.render(48_000).peak() == 0)
    #expect(hand.report.midiIgnored == UInt64(count))
    #expect(hand.engine.midi.heard.pop() == nil)
  }

  // MARK: Out

  @Test(arguments: [16, 64, 100, 1024], [true, false])
  func `notes go out at the frames of their ticks, in the block that has the frame`(
    block: Int, looksAhead: Bool
  ) throws {
    var song = Song()
    var events: [ClipEvent] = []
    for index in 0..<20 {
      let key = UInt8(40 + index)
      events += [Notes.on(Tick(37 * index), key), Notes.off(Tick(37 * index + 30), key)]
    }
    song.midi(key: 1, at: 10, length: 4000, Notes.sorted(events))
    let hand = try wired(song, looksAhead: looksAhead)
    let id = hand.send(.play, tick: 0)
    _ = hand.render(32_000, block: block)
    let start = try #require(hand.landed(id)).frame
    #expect(hand.sent.count == 40)
    var due: [Int64] = []
    for index in 0..<20 as Range<Int64> {
      due += [start + 25 * (10 + 37 * index), start + 25 * (40 + 37 * index)]
    }
    due.sort()
    #expect(hand.sent.map(\.message.frame) == due)
    for (message, first) in hand.sent where looksAhead {
      #expect((Int64(first)..<Int64(first + block)).contains(message.frame))
    }
    #expect(hand.report.voices == 0)
  }

  @Test func `what ends a region ends its notes on the wire, once, and pedals too`() throws {
    let events = [Notes.controller(0, 64, 127), Notes.on(0, 60), Notes.on(0, 64)]
    let ends: [(String, (HandTurnedEngine, inout Song) throws -> Void)] = [
      ("pause", { hand, _ in hand.send(.pause) }), ("stop", { hand, _ in hand.send(.stop, tick: 0) }),
      ("seek", { hand, _ in hand.send(.locate, tick: 90_000) }),
      ("panic", { hand, _ in hand.send(.panic) }),
      ("mute", { hand, _ in hand.send(.trackMute, track: 0, value: 1) }),
      ("solo of another", { hand, _ in hand.send(.trackSolo, track: 1, value: 1) }),
      ("route off", { hand, _ in hand.send(.midiRoute, track: 0, value: -1) }),
      ("port closed", { hand, _ in hand.send(.midiOutput, value: 2) }),
      ("emergency", { hand, _ in hand.engine.emergencyPause() }),
      ("session", { hand, _ in _ = try hand.enter(Song(), strips: 1) }),
      (
        "deleted",
        { hand, song in
          song.remove(key: 1)
          _ = try hand.take(song)
        }
      ),
    ]
    for (name, end) in ends {
      var song = Song()
      song.midi(key: 1, at: 0, length: 80_000, events)
      let hand = try wired(song)
      hand.send(.play, tick: 0)
      _ = hand.render(4096)
      #expect(bytes(hand) == [[0xB0, 64, 127], [0x90, 60, 100], [0x90, 64, 100]], "\(name)")
      try end(hand, &song)
      _ = hand.render(4096)
      #expect(
        bytes(hand).dropFirst(3) == [[0x80, 60, 64], [0x80, 64, 64], [0xB0, 64, 0]], "\(name): \(bytes(hand))"
      )
      _ = hand.render(9600)
      #expect(hand.sent.count == 6, "\(name)")
    }
  }

  @Test func `a loop ends its notes at its end and starts them at its start, to the frame`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 4000, [Notes.on(100, 60), Notes.off(3000, 60)])
    song.loop = 0..<961
    let hand = try wired(song)
    let id = hand.send(.play, tick: 0)
    _ = hand.render(75_000)
    let start = try #require(hand.landed(id)).frame
    let length: Int64 = 961 * 25
    var due: [Int64] = []
    for pass in 0..<4 as Range<Int64> { due += [start + length * pass + 2500, start + length * (pass + 1)] }
    #expect(hand.sent.map(\.message.frame) == Array(due.prefix(hand.sent.count)) && hand.sent.count >= 6)
  }

  @Test func `a key that two regions hold on one port is let go with the last`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 1000, [Notes.on(0, 60)])
    song.midi(key: 2, at: 100, length: 2000, [Notes.on(0, 60)])
    let hand = try wired(song)
    let id = hand.send(.play, tick: 0)
    _ = hand.render(60_000)
    let start = try #require(hand.landed(id)).frame
    #expect(hand.sent.map { $0.message.status } == [0x90, 0x90, 0x80])
    #expect(hand.sent.last?.message.frame == start + 25 * 2100)
  }

  @Test
  func `a jump tells the port what the clip has set by then, and where it starts a note that sounds there`()
    throws
  {
    var song = Song()
    song.midi(
      key: 1, at: 0, length: 9000,
      [
        Notes.program(0, 33), Notes.controller(10, 7, 90), Notes.controller(20, 7, 80), Notes.bend(30, 100),
        Notes.on(40, 60), Notes.off(8000, 60),
      ])
    let hand = try wired(song)
    hand.send(.play, tick: 4000, jump: JumpFlags.chaseNotes)
    _ = hand.render(4096)
    #expect(
      bytes(hand) == [
        [0xC0, 33, 0], [0xB0, 7, 80], [0xE0, 100, 0], [0x90, 60, 100],
      ])
  }

  @Test func `messages that find no room leave no note behind`() throws {
    var song = Song()
    var notes: [ClipEvent] = []
    for key in 0..<128 as Range<UInt8> {
      notes += [Notes.on(Tick(key), key), Notes.off(Tick(key) + 2000, key)]
    }
    song.midi(key: 1, at: 0, length: 4000, Notes.sorted(notes))
    for beats in 0..<40 { song.midi(key: UInt64(beats + 2), at: 10, length: 4000, Notes.sorted(notes)) }
    let hand = try wired(song)
    hand.send(.play, tick: 0)
    _ = hand.render(256)
    hand.sends = false
    _ = hand.render(100_000)
    #expect(hand.report.midiDropped > 0)
    hand.sends = true
    _ = hand.render(60_000)
    var held: Set<UInt8> = []
    for sent in hand.sent {
      if sent.message.status == 0x90 { held.insert(sent.message.data1) }
      if sent.message.status == 0x80 { held.remove(sent.message.data1) }
    }
    #expect(held.isEmpty && hand.sent.contains { $0.message.status == 0x80 })
  }

  @Test func `a port that is closed lets go of what was sent to it directly, and of what waits`() throws {
    let hand = try HandTurnedEngine(Song())
    hand.send(.midiOutput, value: 2, address: 1)
    for key in [60, 62] as [UInt8] {
      #expect(hand.engine.midi.devicePosts.push(note(key, at: .min, port: 2)))
    }
    #expect(hand.engine.midi.devicePosts.push(note(50, at: .min, port: 5)))
    _ = hand.render(64, block: 64)
    hand.engine.midi.deviceSwitches.close(2)
    #expect(!hand.engine.midi.deviceSwitches.isClosed(2))
    _ = hand.render(64, block: 64)
    #expect(hand.engine.midi.deviceSwitches.isClosed(2))
    #expect(
      bytes(hand) == [[0x90, 60, 100], [0x90, 62, 100], [0x90, 50, 100], [0x80, 60, 64], [0x80, 62, 64]])
    #expect(hand.engine.midi.deviceSwitches.sent(of: 2) == 4)
  }

  @Test func `a port's delay moves what is sent, and not its order`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 4000, [Notes.on(0, 60), Notes.off(0, 60), Notes.on(40, 62)])
    let hand = try wired(song)
    hand.engine.midi.deviceSwitches.setDelay(500, of: 2)
    let id = hand.send(.play, tick: 0)
    _ = hand.render(9600)
    let start = try #require(hand.landed(id)).frame
    #expect(hand.sent.first?.message.frame == start + 500)
    #expect(hand.sent.contains { $0.message.data1 == 62 && $0.message.frame == start + 1500 })
  }

  @Test func `a clock follows a ramp of the tempo, a clock at the frame of each 40 ticks`() throws {
    var song = Song(changes: [
      TempoChange(tick: 0, bpm: 90), TempoChange(tick: 960, bpm: 180, rampTicks: 3840),
    ])
    song.tempoRevision = 1
    let hand = try HandTurnedEngine(song)
    hand.send(.midiOutput, value: 2, address: 1)
    hand.send(.midiClock, value: 2, address: 1)
    let id = hand.send(.play, tick: 0)
    _ = hand.render(96_000, block: 441)
    let start = try #require(hand.landed(id)).frame
    let map = try song.tempo()
    let clocks = hand.sent.filter { $0.message.status == 0xF8 }.map(\.message.frame)
    #expect(clocks.count > 80)
    var due: [Int64] = []
    for pulse in clocks.indices { due.append(start + map.frame(atTick: Tick(40 * pulse))) }
    #expect(clocks == due)
    #expect(hand.sent.filter { $0.message.status == 0xFA }.map(\.message.frame) == [start])
  }
}
