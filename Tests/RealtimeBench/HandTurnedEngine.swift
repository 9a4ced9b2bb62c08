import LockFree
import MusicalTime
import RealtimeEngine

/// An engine turned by hand, with synth banks on its tracks: what a driver and the conductor would do, in one
/// thread.
package final class HandTurnedEngine {
  package let engine: Engine
  package private(set) var notices: [Notice] = []
  private var banks: [SynthBankContent] = []
  private var schedules: [CompiledSchedule] = []
  private var mixes: [CompiledMix] = []
  private var effects: [BusEffectContent] = []
  /// What the cue outputs played with the last `render`.
  package private(set) var cue = Sound()
  private var changes: [LentSessionChange] = []
  private var nextRevision: UInt64 = 1
  private var timedCount = 0
  private var nextID: UInt64 = 1
  /// Whether sound comes in with each block: what the device last played, of all things.
  package var hears = false
  /// Called on either side of each call of the renderer.
  package var before: () -> Void = {}
  package var after: () -> Void = {}
  private let outputs: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
  /// What the device's thread gives in before the next block; frames count as those rendered.
  package var live: [PortMessage] = []
  /// What it got to send after a block, with the number of frames rendered before that block. Whoever sets it to false
  /// leaves messages lying.
  package var sends = true
  package private(set) var sent: [(message: PortMessage, block: Int)] = []
  package private(set) var rendered = 0
  private let due: UnsafeMutablePointer<PortMessage> = .allocate(capacity: 8192)

  package static var seedFont: String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/") + "/soundfonts/garden-seed.sf2"
  }

  /// - Parameter looksAhead: whether sound is delayed as a device gets it; with the limiter alone unless given.
  package init(
    _ song: Song? = nil, synthTracks: Int = 1, effects: Bool = false, limiter: Bool = false,
    voiceBudget: Int = EngineLimits.defaultVoiceBudget, sampleRate: Double = 48_000,
    timing: SynthSettings.Timing = .normal, looksAhead: Bool? = nil
  ) throws {
    engine = try Engine(
      sampleRate: sampleRate, voiceBudget: voiceBudget, limiter: limiter, looksAhead: looksAhead ?? limiter)
    outputs = .allocate(capacity: OutputChannel.count)
    for channel in 0..<OutputChannel.count {
      (outputs + channel).initialize(to: .allocate(capacity: EngineLimits.maximumBlockFrames))
    }
    for track in 0..<synthTracks { try installBank(on: track, effects: effects, timing: timing) }
    if let song { try take(song) }
    engine.entry.beginThread(engine.entry.context)
  }

  deinit {
    for channel in 0..<OutputChannel.count { outputs[channel].deallocate() }
    outputs.deallocate()
    due.deallocate()
  }

  @discardableResult
  package func installBank(
    on track: Int, effects: Bool = false, soundfont: String = HandTurnedEngine.seedFont,
    timing: SynthSettings.Timing = .normal
  ) throws -> SynthBankContent {
    let bank = try makeBank(effects: effects, soundfont: soundfont, timing: timing)
    send(.bank, track: track, address: bank.address)
    return bank
  }

  package func makeBank(
    effects: Bool = false, soundfont: String = HandTurnedEngine.seedFont,
    timing: SynthSettings.Timing = .normal
  ) throws -> SynthBankContent {
    let bank = try SynthBankContent(
      SynthSettings(
        soundfont: soundfont, sampleRate: engine.sampleRate, effects: effects, timing: timing))
    banks.append(bank)
    return bank
  }

  /// Leaves for a session with this song on the first strips, which its tails share: now, or at a tick.
  @discardableResult
  package func enter(
    _ song: Song, strips: Int, banks: [Int: SynthBankContent] = [:], wires: [MixWire] = [],
    buses: [Int: PlannedBus] = [:], at place: Tick? = nil
  ) throws -> UInt64 {
    let schedule = try song.compiled(nextRevision)
    nextRevision += 1
    schedules.append(schedule)
    var change = SessionChange()
    change.schedule = schedule.address
    for slot in 0..<strips {
      change.strips[slot].isUsed = true
      change.strips[slot].isShared = true
      change.strips[slot].bank = banks[slot]?.address ?? 0
    }
    if !wires.isEmpty {
      let plan = CompiledMix(wires: wires, buses: buses)
      mixes.append(plan)
      change.mix = plan.address
      for bus in buses.keys { change.buses[bus].isUsed = true }
    }
    let lent = LentSessionChange(change)
    changes.append(lent)
    guard let place else { return send(.enter, address: lent.address) }
    nextID += 1
    wait(Command(id: nextID - 1, kind: .enter, dueFrame: 0, address: lent.address, at: place))
    return nextID - 1
  }

  /// Sends a schedule, and the song's timed commands when it is the first; answers its revision.
  @discardableResult
  package func take(_ song: Song) throws -> UInt64 {
    if schedules.isEmpty { for command in song.timed { wait(command) } }
    let schedule = try song.compiled(nextRevision)
    nextRevision += 1
    schedules.append(schedule)
    send(.schedule, address: schedule.address)
    return schedule.revision
  }

  /// Sends a schedule that somebody else has compiled.
  package func take(_ schedule: CompiledSchedule) {
    schedules.append(schedule)
    send(.schedule, address: schedule.address)
  }

  /// Sends a plan of who feeds whom. Every track that has no wire of its own is on the main bus.
  @discardableResult
  package func mix(_ wires: [MixWire], buses: [Int: PlannedBus] = [:], tracks: Int = 4) -> UInt64 {
    let wired = Set(wires.map(\.strip))
    let rest = (0..<tracks).filter { !wired.contains($0) }.map { MixWire(strip: $0, place: Wire.main) }
    mixes.append(CompiledMix(wires: wires + rest, buses: buses))
    return send(.mix, address: mixes[mixes.count - 1].address)
  }

  /// A bus with an effect of its own.
  package func bus(_ shape: EffectShape) -> PlannedBus {
    let content = BusEffectContent(shape.kind, sampleRate: engine.sampleRate)
    effects.append(content)
    var bus = PlannedBus()
    bus.effect = content.address
    bus.tuning = EffectTuning(shape, sampleRate: engine.sampleRate)
    return bus
  }

  @discardableResult
  package func send(
    _ kind: Command.Kind, track: Int = -1, tick: Double = .nan, to end: Double = .nan, value: Double = 0,
    address: UInt = 0, jump: UInt8 = 0
  ) -> UInt64 {
    let id = nextID
    nextID += 1
    let command = Command(
      id: id, kind: kind, track: track, dueFrame: engine.report.read().deviceFrame, tick: tick,
      secondTick: end,
      value: value, address: address, jump: jump)
    precondition(engine.commands.push(command), "the test sends more commands than the ring holds")
    return id
  }

  /// Sends a command that waits for the playhead.
  package func wait(_ command: Command) {
    timedCount += 1
    precondition(
      engine.makeTimedRoom(for: timedCount) && engine.commands.push(command),
      "the test sends more commands than the ring holds")
  }

  /// What the last block put on a channel.
  package func output(_ channel: OutputChannel, frames: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: outputs[channel.rawValue], count: frames))
  }

  /// Renders like `render` and answers what came out of one channel.
  package func listen(_ channel: OutputChannel, frames: Int, block: Int = 256) -> [Float] {
    var heard: [Float] = []
    heard.reserveCapacity(frames)
    while heard.count < frames {
      let count = min(block, frames - heard.count)
      _ = render(count, block: count)
      heard += output(channel, frames: count)
    }
    return heard
  }

  /// Renders in device blocks of `block` frames and gathers the notices.
  package func render(_ frames: Int, block: Int = 256) -> Sound {
    var sound = Sound()
    cue = Sound()
    sound.left.reserveCapacity(frames)
    sound.right.reserveCapacity(frames)
    let entry = engine.entry
    var done = 0
    while done < frames {
      let count = min(block, frames - done)
      let came = min(live.count, 4096)
      for index in 0..<came { due[index] = live[index] }
      live = []
      before()
      if hears { entry.takeInput?(entry.context, outputs[3], outputs[4], Int32(count)) }
      for index in 0..<came { entry.takeMIDI(entry.context, due[index].frame, due[index].packed) }
      entry.render(entry.context, outputs, Int32(count))
      let out = sends ? takeDue(entry, before: Int64(rendered + count)) : 0
      after()
      for index in 0..<out { sent.append((due[index], rendered)) }
      rendered += count
      sound.left.append(contentsOf: UnsafeBufferPointer(start: outputs[0], count: count))
      sound.right.append(contentsOf: UnsafeBufferPointer(start: outputs[1], count: count))
      cue.left.append(contentsOf: UnsafeBufferPointer(start: outputs[2], count: count))
      cue.right.append(contentsOf: UnsafeBufferPointer(start: outputs[3], count: count))
      done += count
      while let notice = engine.notices.pop() { notices.append(notice) }
    }
    return sound
  }

  /// As a device's thread does, without allocating.
  private func takeDue(_ entry: RenderEntry, before limit: Int64) -> Int {
    var count = 0
    var frame: Int64 = 0
    var packed: UInt64 = 0
    while count < 8192, entry.nextMIDI(entry.context, limit, &frame, &packed) {
      due[count] = PortMessage(frame: frame, packed: packed)
      count += 1
    }
    return count
  }

  /// Plays a song from the start of the engine's time.
  package static func play(
    _ song: Song, frames: Int, block: Int = 256, synthTracks: Int = 1, effects: Bool = false,
    sampleRate: Double = 48_000, timing: SynthSettings.Timing = .normal
  ) throws -> Sound {
    let hand = try HandTurnedEngine(
      song, synthTracks: synthTracks, effects: effects, sampleRate: sampleRate, timing: timing)
    hand.send(.play, tick: 0)
    return hand.render(frames, block: block)
  }

  package var report: Report { engine.report.read() }

  package var lastID: UInt64 { nextID - 1 }

  package func landed(_ id: UInt64) -> Notice? {
    notices.first {
      if case .landed = $0.kind { $0.id == id } else { false }
    }
  }
}
