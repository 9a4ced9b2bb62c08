import LockFree
import MusicalTime
import RealtimeEngine

/// Every command of the renderer, and everything a region can be, played in one go: what the guards of the
/// realtime thread listen to.
package final class Scene {
  package let hand: HandTurnedEngine
  /// The device's blocks, in turn: one a stretch of the scene, and from the front again.
  private let blocks: [Int]
  private var stretch = 0
  var song = Scene.song()
  /// Turned before every callback, outside of what is guarded: it stands for another thread.
  let reader: HandReader
  /// Lent to the renderer for as long as the scene is there.
  var heads: [CompiledHeads] = []

  /// What a scene has done.
  package struct Result {
    package var callbacks = 0
    package var report: Report
    package var peak: Float
  }

  /// - Parameter soundfont: the font that replaces the seed font while it plays.
  package convenience init(block: Int, soundfont: String = HandTurnedEngine.seedFont) throws {
    try self.init(blocks: [block], soundfont: soundfont)
  }

  /// - Parameter blocks: what the device's period is and becomes while the scene is played; not empty.
  package init(blocks: [Int], soundfont: String = HandTurnedEngine.seedFont) throws {
    self.blocks = blocks
    self.soundfont = soundfont
    history.initialize(to: FrameHistory(capacity: 8192))
    hand = try HandTurnedEngine(song, synthTracks: 3, effects: true, limiter: true, voiceBudget: 48)
    reader = HandReader(hand.engine)
  }

  deinit {
    history.pointee.deallocate()
    history.deallocate()
  }

  private let soundfont: String
  private let tone = AudioClip.sine(hertz: 300, frames: 9000)
  let grown = AudioClip(left: AudioClip.noise(90_000))
  private var auditions: [AuditionContent] = []
  /// What every tap writes to, one after the other.
  private let history: UnsafeMutablePointer<FrameHistory> = .allocate(capacity: 1)

  package func run() throws -> Result {
    var callbacks = 0
    let before = hand.before
    hand.before = { [reader] in
      callbacks += 1
      reader.turn()
      before()
    }
    var peak: Float = 0
    func play(_ frames: Int) {
      peak = max(peak, hand.render(frames, block: blocks[stretch % blocks.count]).peak())
      stretch += 1
    }
    play(640)
    hand.send(.play, tick: 0)
    play(24_000)
    controls()
    play(16_384)
    try edits(play)
    try banks(play)
    try buses(play)
    listen(play)
    try sessions(play)
    try rehearsal(play)
    try streams(play)
    try growth(play)
    try ports(play)
    crowd()
    play(32_768)
    endings(play)
    return Result(callbacks: callbacks, report: hand.report, peak: peak)
  }

  private func controls() {
    for track in 0..<4 {
      hand.send(.trackGain, track: track, value: 0.7)
      hand.send(.trackPan, track: track, value: track.isMultiple(of: 2) ? -0.4 : 0.4)
      hand.send(.trackPolyphony, track: track, value: 40)
    }
    hand.send(.trackMute, track: 1, value: 1)
    hand.send(.trackSolo, track: 2, value: 1)
    hand.send(.masterGain, value: 1.5)
    hand.send(.trackSolo, track: 2, value: 0)
    hand.send(.trackMute, track: 1, value: 0)
    hand.send(.resetTrack, track: 3)
    hand.send(.metronomeOn, value: 1)
    hand.send(.metronomeDivision, value: 3)
    hand.send(.metronomeLevel, value: 0.3)
    hand.send(.voiceBudget, value: 24)
    hand.send(.trackGain, track: 0, value: .nan)
    hand.send(.trackGain, track: 99, value: 1)
  }

  private func edits(_ play: (Int) -> Void) throws {
    song.remove(key: 2)
    song.change(key: 4) { $0.gain = 0.2 }
    try hand.take(song)
    play(8192)
    song.changes = [TempoChange(tick: 0, bpm: 90), TempoChange(tick: 3000, bpm: 180, rampTicks: 2000)]
    song.tempoRevision += 1
    try hand.take(song)
    play(8192)
    song.change(key: 1) {
      $0.start = 100
      $0.midi.origin = 100
      $0.stamp = 2
    }
    automate()
    song.loop = 400..<1801
    try hand.take(song)
    hand.send(.locate, tick: 1500)
    play(65_536)
    song.loop = nil
    try hand.take(song)
  }

  /// Lanes of every shape, on tracks and on regions of every kind.
  private func automate() {
    let shapes: [LanePoint.Shape] = [.linear, .decibels, .square, .s, .hold]
    let points = (0..<200).map { index in
      LanePoint(
        tick: Tick(index * 17), value: index % 3 == 0 ? 0 : 0.8, decibels: index % 3 == 0 ? -120 : -2,
        shape: shapes[index % shapes.count])
    }
    for track in 0..<4 { song.trackLanes[track] = AutomationContent(gain: points, pan: points) }
    for key in [1, 4, 5, 6] as [UInt64] {
      song.automate(key: key, AutomationContent(gain: points, pan: points))
    }
    song.signatures = [
      SignatureChange(tick: 0, numerator: 7, denominator: 8),
      SignatureChange(tick: 1000, numerator: 5, denominator: 4),
    ]
  }

  private func banks(_ play: (Int) -> Void) throws {
    try hand.installBank(on: 0, effects: true, soundfont: soundfont)
    hand.send(.locate, tick: 300.25)
    play(16_384)
    try hand.installBank(on: 1, effects: false)
    hand.send(.bank, track: 2)
    play(16_384)
    try hand.installBank(on: 2, effects: true)
    hand.send(.locate, tick: 0)
    play(16_384)
    // Notes, pedals and bends are held through each of these.
    try hand.installBank(on: 2, effects: true, timing: .sharp)
    play(4096)
    try hand.installBank(on: 2, effects: false, timing: .sharp)
    try hand.installBank(on: 0, effects: true, timing: .sharp)
    play(8192)
    hand.send(.locate, tick: 200)
    play(8192)
    try hand.installBank(on: 0, effects: true)
    try hand.installBank(on: 2, effects: true)
    play(16_384)
  }

  /// Sends before and behind the fader, effects that come, change and go, buses that change places, solos, the
  /// cue, and what is auditioned beside the timeline.
  private func buses(_ play: (Int) -> Void) throws {
    let first = EngineLimits.firstBusStrip
    var hall = EffectShape(.reverb)
    hall.decaySeconds = 0.4
    func wires(_ near: Int, _ far: Int) -> [MixWire] {
      [
        MixWire(strip: 0, place: Wire.bus(near)), MixWire(strip: 1, place: Wire.main),
        MixWire(strip: 1, place: Wire.bus(far), isPre: true, level: 0.4),
        MixWire(strip: 3, place: Wire.cue, isPre: true), MixWire(strip: 3, place: Wire.main),
        MixWire(strip: first + near, place: Wire.bus(far)), MixWire(strip: first + far, place: Wire.main),
        MixWire(strip: EngineLimits.auditionStrip, place: Wire.cue),
      ]
    }
    hand.mix(wires(2, 5), buses: [2: hand.bus(hall), 5: hand.bus(EffectShape(.chorus))])
    play(16_384)
    hand.send(.trackSolo, track: first + 5, value: 1)
    hand.send(.trackGain, track: first + 2, value: 0.6)
    hand.send(.cueGain, value: 0.5)
    hand.mix(wires(5, 2), buses: [5: hand.bus(hall)])
    play(16_384)
    hand.send(.trackSolo, track: first + 5, value: 0)
    try hand.installBank(on: EngineLimits.auditionStrip, effects: true)
    let events = Scene.chord(20).map { AuditionEvent(frame: 100 * $0.tick, event: $0) }
    audition(AuditionContent(events: events, frames: 20_000, gain: 1))
    play(16_384)
    audition(
      AuditionContent(
        audio: ScheduledAudio(
          left: tone.left, right: tone.right, isMono: false, offset: 0, passFrames: 9000, passes: 1, skip: 0),
        frames: 9000, gain: 1, owner: tone))
    hand.mix([])
    play(32_768)
  }

  /// Sound that comes in, is monitored and put down, beside a track, a bus and what is no strip.
  private func listen(_ play: (Int) -> Void) {
    hand.hears = true
    hand.send(.monitor, value: 0.2)
    let address = UInt(bitPattern: history)
    for (place, strip) in [0, EngineLimits.firstBusStrip, EngineLimits.inputStrip, -1, 99].enumerated() {
      hand.send(.tap, track: strip, value: Double(place), address: address)
      play(2048)
    }
    hand.hears = false
    play(2048)
    hand.hears = true
    hand.send(.monitor, value: 0)
    for place in 0..<5 { hand.send(.tap, value: Double(place)) }
    play(4096)
    hand.hears = false
  }

  private func audition(_ content: AuditionContent) {
    auditions.append(content)
    hand.send(.audition, address: content.address)
  }

  /// Other sessions, one after the other, the second before the first one's tails are over.
  private func sessions(_ play: (Int) -> Void) throws {
    for frames in [2048, 16_384] {
      try hand.enter(
        song, strips: 4,
        banks: [0: hand.makeBank(effects: true), 1: hand.makeBank(), 2: hand.makeBank(effects: true)]
      )
      play(frames)
    }
  }

  /// Keys that are played on, by either way in, while they are led from track to track; regions and clocks that go out,
  /// by either way, more than there is room for among them.
  private func ports(_ play: (Int) -> Void) throws {
    for port in 0..<4 {
      hand.send(.midiOutput, value: Double(port), address: UInt(1 + port % 2))
      hand.send(.midiClock, value: Double(port), address: 1)
      hand.send(.midiInput, track: port, value: Double(port), address: UInt(port))
    }
    hand.send(.play, tick: 0)
    for round in 0..<6 {
      for index in 0..<200 { playKey(index, round) }
      play(4096)
      while hand.engine.midi.stage.next(before: .max) != nil {}
      while hand.engine.midi.heard.pop() != nil {}
      hand.send(.midiRoute, track: round % 4, value: Double(round % 5 - 1))
      if round == 2 { try hand.installBank(on: 1, effects: true) }
      if round == 3 { hand.send(.locate, tick: 200) }
      if round == 4 { hand.sends = false }
      hand.send(.trackMute, track: 1, value: Double(round % 2))
    }
    play(32_768)
    hand.sends = true
    for port in 0..<4 { hand.engine.midi.deviceSwitches.close(port) }
    hand.send(.panic)
    play(8192)
    hand.send(.play, tick: 0)
    play(4096)
    for port in 0..<4 {
      hand.send(.midiInput, value: Double(port), address: 256)
      hand.send(.midiOutput, value: Double(port))
    }
    hand.send(.midiOutput, value: 99)
    hand.send(.midiInput, track: 70, value: 3)
    hand.send(.trackMute, track: 1, value: 0)
    play(4096)
  }

  /// A note, a controller, a clock or nonsense.
  private func playKey(_ index: Int, _ round: Int) {
    let kinds: [UInt8] = [0x90, 0x80, 0xB0, 0xE0, 0xC0, 0xF8, 0xA0, 0xD0, 0x90, 0xF2, 0x12]
    let status = kinds[index % kinds.count]
    let isShared = status >= 0xF0 || status < 0x80
    let message = PortMessage(
      frame: Int64(hand.rendered + 13 * index), port: UInt8(index % 5), count: PortMessage.length(of: status),
      status: isShared ? status : status | UInt8(index % 16), data1: UInt8(index * 7 % 128),
      data2: UInt8((index + round) * 5 % 128))
    if index.isMultiple(of: 2) {
      hand.live.append(message)
    } else {
      _ = hand.engine.midi.source.push(message)
    }
  }

  /// More of everything than fits: notes, regions, voices, commands.
  private func crowd() {
    for key in 100..<120 { song.midi(key: UInt64(key), at: 4000, length: 900, Scene.chord(300)) }
    for key in 200..<800 {
      song.audio(key: UInt64(key), at: 4100, length: 100, .constant(0.001, frames: 1000))
    }
    do { try hand.take(song) } catch { preconditionFailure("the scene's tempo map is valid") }
    hand.send(.locate, tick: 3990)
    while hand.engine.commands.push(Command(id: 0, kind: .masterGain, dueFrame: 0, value: 1)) {}
  }

  private func endings(_ play: (Int) -> Void) {
    hand.engine.emergencyPause()
    play(8192)
    hand.send(.play, tick: 0, to: 500)
    play(40_000)
    hand.send(.play, tick: 0)
    play(16_384)
    hand.send(.pause)
    play(8192)
    hand.send(.play)
    play(8192)
    hand.send(.panic)
    hand.send(.play, tick: 700)
    play(16_384)
    for output in ClickOutput.allCases {
      hand.send(.metronomeOutput, value: Double(output.channel))
      play(4096)
    }
    hand.send(.play, tick: 0, value: 2)
    play(20_000)
    hand.send(.locate, tick: 500)
    hand.send(.play, tick: 0, value: 1)
    play(100_000)
    hand.send(.stop, tick: 0)
    play(48_000)
  }
}

extension Scene {
  /// Notes of every kind, controllers, missing programs and banks, fades of every curve, repeats, timed
  /// commands.
  private static func song() -> Song {
    var song = Song(changes: [
      TempoChange(tick: 0, bpm: 140), TempoChange(tick: 1000, bpm: 100, rampTicks: 900),
    ])
    song.midi(key: 1, at: 0, length: 4000, Notes.clicks((0..<40).map { Tick($0 * 100) }))
    song.midi(key: 2, at: 0, length: 4000, chord(20), RegionShape(fadeIn: 9000, fadeOut: 20_000, track: 1))
    song.midi(
      key: 3, at: 50, length: 3000, controllers(),
      notes: NoteShape(offset: 10, passTicks: 500, passes: 9, transpose: 3, velocityScale: 1.2),
      RegionShape(gain: 0.5, curve: .equalPower, track: 2))
    song.midi(
      key: 5, at: 70, length: 3000, controllers(), notes: NoteShape(channel: 9, bank: 120, program: 77),
      RegionShape(track: 1))
    song.audio(
      key: 4, at: 30, length: 2500, .sine(hertz: 300, frames: 20_000), offset: 10, passFrames: 7000,
      passes: 9,
      RegionShape(gain: 0.4, fadeIn: 3000, fadeOut: 9000, curve: .s, track: 3))
    song.audio(
      key: 6, at: 90, length: 2500, AudioClip(left: AudioClip.noise(50_000)), skip: 300,
      RegionShape(fadeIn: 100, fadeOut: 300, curve: .exponential, track: 0))
    song.timed = [
      timed(200, .masterGain, value: 0.9), timed(210, .trackMute, track: 0, value: 1),
      timed(220, .trackMute, track: 0, value: 0), timed(3900, .locate, to: 3990), timed(5500, .pause),
    ]
    return song
  }

  static func timed(
    _ tick: Tick, _ kind: Command.Kind, track: Int = -1, to place: Double = .nan, value: Double = 0,
    id: UInt64 = 9
  ) -> Command {
    Command(id: id, kind: kind, track: track, dueFrame: 0, tick: place, value: value, at: tick)
  }

  static func chord(_ count: Int) -> [ClipEvent] {
    (0..<count).map { (index: Int) -> ClipEvent in
      let hundred = index / 100
      return Notes.on(Tick(10 + hundred), UInt8(20 + index % 100), channel: UInt8(2 * hundred))
    }
  }

  private static func controllers() -> [ClipEvent] {
    var events: [ClipEvent] = []
    for tick in stride(from: Tick(0), to: 900, by: 10) {
      let number = UInt8(tick / 10)
      let value = UInt8(tick % 128)
      events.append(Notes.controller(tick, number, value, channel: number % 16))
      events.append(Notes.program(tick, value, channel: number % 16))
      events.append(Notes.bend(tick, 100 * Int(number), channel: number % 16))
      events.append(
        ClipEvent(tick: tick, kind: .channelPressure, channel: number % 16, data1: value, data2: 0))
      events.append(Notes.on(tick, 40 + number % 40, channel: number % 16))
      events.append(
        ClipEvent(
          tick: tick + 3, kind: .keyPressure, channel: number % 16, data1: 40 + number % 40, data2: value))
      events.append(Notes.off(tick + 200, 40 + number % 40, channel: number % 16))
    }
    let special: [UInt8] = [64, 66, 67, 68, 65, 120, 121, 123, 124, 126, 127, 0, 32, 101, 100, 6, 38, 98, 99]
    for (index, number) in special.enumerated() {
      events.append(Notes.controller(Tick(300 + index), number, UInt8(index * 6), channel: 1))
    }
    return Notes.sorted(events)
  }
}
