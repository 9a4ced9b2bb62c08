import MusicalTime
import RealtimeEngine

extension Scene {
  /// Files that stream: begun from rings and from heads, jumped to with and without waiting, looped over, starved by
  /// a reader that hangs, that is slow and that finds its file cut short, and more of them than there are rings.
  func streams(_ play: (Int) -> Void) throws {
    let noise = AudioClip.noise(200_000)
    reader.add(7, left: noise, right: noise.reversed())
    reader.add(8, left: noise)
    try addStreams(noise)
    hand.send(.locate, tick: 0)
    play(24_000)
    jumps(play)
    starvation(play)
    try loops(play)
    try manyStreams(noise, play)
  }

  private func addStreams(_ noise: [Float]) throws {
    song.loop = nil
    song.audio(
      key: 900, at: 0, length: 40_000, AudioClip(left: noise, right: noise), passes: 9,
      RegionShape(gain: 0.3, fadeIn: 2000, fadeOut: 9000, track: 0))
    song.audio(
      key: 901, at: 300, length: 3000, AudioClip(left: noise), offset: 1000, passFrames: 30_000, passes: 5,
      skip: 200, RegionShape(gain: 0.3, fadeOut: 4000, curve: .s, track: 3))
    song = song.streaming(as: 7, keys: [900]).streaming(as: 8, keys: [901])
    let points = (0..<20).map { LanePoint(tick: Tick($0 * 150), value: $0 % 2 == 0 ? 0.4 : 0.9, shape: .s) }
    song.automate(key: 901, AutomationContent(gain: points, pan: points))
    try hand.take(song)
  }

  private func jumps(_ play: (Int) -> Void) {
    // One waits for its streams and is overtaken by another, which a pause then settles.
    reader.isStalled = true
    hand.send(.locate, tick: 12_000)
    play(8192)
    hand.send(.locate, tick: 9000)
    play(8192)
    hand.send(.pause)
    play(8192)
    hand.send(.play, tick: 6000)
    play(4096)
    reader.isStalled = false
    play(16_384)
    // `--now`, into silence.
    reader.isStalled = true
    hand.send(.locate, tick: 15_000, jump: JumpFlags.now)
    play(12_000)
    reader.isStalled = false
    play(16_384)
    // Counted in, and the music starts without the streams.
    reader.isStalled = true
    hand.send(.play, tick: 20_000, value: 1)
    play(82_000)
    reader.isStalled = false
    play(8192)
  }

  private func starvation(_ play: (Int) -> Void) {
    hand.send(.locate, tick: 0, jump: JumpFlags.now)
    play(8192)
    // The ring holds two seconds.
    reader.isStalled = true
    play(104_000)
    reader.isStalled = false
    reader.framesPerTurn = 25
    play(16_384)
    reader.framesPerTurn = 8192
    play(16_384)
    reader.fileFrames[7] = 1000
    hand.send(.locate, tick: 2000, jump: JumpFlags.now)
    play(16_384)
    reader.fileFrames[7] = nil
  }

  private func loops(_ play: (Int) -> Void) throws {
    keepHeads(at: [25_000, 30_000])
    song.loop = 1000..<1010
    try hand.take(song)
    hand.send(.locate, tick: 1000)
    play(16_384)
    song.loop = 800..<1800
    try hand.take(song)
    keepHeads(at: [24_000])
    play(40_960)
    song.loop = nil
    try hand.take(song)
  }

  private func keepHeads(at frames: [Int]) {
    let contents = frames.flatMap { [reader.head(7, first: $0), reader.head(8, first: $0)] }
    heads.append(CompiledHeads(revision: UInt64(heads.count + 1), contents: contents))
    hand.send(.heads, address: heads[heads.count - 1].address)
  }

  private func manyStreams(_ noise: [Float], _ play: (Int) -> Void) throws {
    let keys = UInt64(910)..<1010
    for key in keys {
      song.audio(
        key: key, at: 30_000 + Tick(key), length: 900, AudioClip(left: noise), RegionShape(gain: 0.02))
    }
    song = song.streaming(as: 8, keys: Set(keys))
    try hand.take(song)
    hand.send(.locate, tick: 30_800)
    play(24_000)
    for key in keys { song.remove(key: key) }
    try hand.take(song)
    play(8192)
  }

  /// What lands with the playhead: jumps, halts, an entrance, commands put off and taken back; and jumps that start
  /// the notes they land in.
  func rehearsal(_ play: (Int) -> Void) throws {
    hand.send(.chaseNotes, value: 1)
    hand.send(.locate, tick: 1500)
    play(4096)
    hand.send(.locate, tick: 1200, jump: JumpFlags.leaveNotes)
    play(4096)
    hand.send(.chaseNotes, value: 0)
    hand.send(.locate, tick: 1100, jump: JumpFlags.chaseNotes)
    // The first is put off, the second taken back, and the third lands.
    hand.wait(Scene.timed(1300, .locate, to: 1200, id: 501))
    hand.wait(Scene.timed(1310, .panic, id: 502))
    hand.wait(Scene.timed(1400, .play, to: 1350, id: 503))
    play(64)
    post(Command(id: 501, kind: .postpone, dueFrame: 0, tick: 1300, at: 1500))
    post(Command(id: 504, kind: .withdraw, dueFrame: 0, tick: 1310, address: 502))
    play(24_576)
    hand.wait(Scene.timed(1700, .metronomeOn, value: 0, id: 505))
    hand.wait(Scene.timed(1800, .stop, to: 1000, id: 506))
    hand.send(.locate, tick: 1600)
    play(16_384)
    hand.wait(Scene.timed(1200, .panic, id: 507))
    hand.send(.play)
    play(16_384)
    hand.send(.metronomeOn, value: 1)
    hand.send(.play, tick: 1000)
    try enterWithBuses(play)
  }

  private func post(_ command: Command) {
    precondition(hand.engine.commands.push(command), "the scene sends more commands than the ring holds")
  }

  /// An entrance that waits for the playhead and brings buses of its own.
  private func enterWithBuses(_ play: (Int) -> Void) throws {
    let first = EngineLimits.firstBusStrip
    let wires = [
      MixWire(strip: 0, place: Wire.bus(7)), MixWire(strip: 1, place: Wire.main),
      MixWire(strip: 2, place: Wire.main), MixWire(strip: 3, place: Wire.bus(7)),
      MixWire(strip: first + 7, place: Wire.main),
    ]
    try hand.enter(
      song, strips: 4, banks: [0: hand.makeBank(effects: true), 1: hand.makeBank(effects: true)],
      wires: wires,
      buses: [7: hand.bus(EffectShape(.reverb))], at: 1200)
    play(24_576)
    hand.mix([])
    play(4096)
  }
}
