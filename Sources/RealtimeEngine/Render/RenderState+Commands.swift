import MusicalTime
import Synchronization

extension RenderState {
  /// Takes what the control thread has sent: every command lands here, where a grid block starts.
  @_noLocks
  mutating func landCommands() {
    if emergency.pointee.exchange(false, ordering: .acquiring) {
      haltAtJump()
      pauseRolling()
      notify(Notice(kind: .halted, id: 0, frame: deviceFrame, tick: playheadTick()))
    }
    for _ in 0..<EngineLimits.commandsPerBlock {
      let slot = commands.turn.slot()
      if slot < 0 { return }
      let command = commands.slots[slot]
      guard canLand(command) else { return }
      commands.turn.release()
      if command.at >= 0 {
        keep(command)
      } else if !puts(off: command, due: command.dueFrame) {
        land(command, due: command.dueFrame)
      }
    }
  }

  /// Puts a command by until the playhead comes to its place. There is room: whoever sends it sees to that.
  @_noLocks
  private mutating func keep(_ command: Command) {
    switch command.kind {
    case .postpone:
      timed.move(command.id, from: command.tick, to: command.at)
      timed.lookFrom(transport.timedTick)
      return
    default: break
    }
    guard timed.insert(command) else {
      report.draft.pointee.commandsIgnored += 1
      notify(Notice(kind: .landed, id: command.id, frame: deviceFrame, tick: playheadTick()))
      return
    }
    timed.lookFrom(transport.timedTick)
  }

  /// What cannot land yet stays in the ring, and what follows it with it: everything while a panic has the
  /// bus closed, and what replaces something that cannot be put aside.
  @_noLocks
  private func canLand(_ command: Command) -> Bool {
    guard panic.isOver else { return false }
    switch command.kind {
    case .schedule: return retiring.count < EngineLimits.retiringSchedules
    case .bank:
      if retiringBankCount < EngineLimits.retiringBanks { return true }
      hurryBanks()
      return false
    case .heads: return streams.retiringHeadCount < EngineLimits.retiringHeads
    case .enter:
      if canEnter() { return true }
      hurryBanks()
      return false
    default: return true
    }
  }

  /// There is room to put the whole present session aside.
  @_noLocks
  func canEnter() -> Bool {
    retiring.count < EngineLimits.retiringSchedules
      && retiringBankCount + EngineLimits.tracks <= EngineLimits.retiringBanks
  }

  @_noLocks
  mutating func land(_ command: Command, due: Int64) {
    settleJump(before: command)
    carryOut(command, due: due)
  }

  /// Does what a command says, and tells that it landed: before the news of what it brings about, unless only having
  /// done it tells where it has put the playhead, and when.
  @_noLocks
  mutating func carryOut(_ command: Command, due: Int64) {
    if isToldAfterwards(command) {
      perform(command)
      notifyLanded(command, due: due)
      return
    }
    let isMissed = misses(command)
    notify(
      Notice(
        kind: .landed, id: command.id, frame: deviceFrame, tick: tickAfter(command), late: deviceFrame - due,
        address: isMissed ? 1 : 0))
    if isMissed { giveBack(command) } else { perform(command) }
  }

  @_noLocks
  mutating func notifyLanded(_ command: Command, due: Int64) {
    notify(
      Notice(
        kind: .landed, id: command.id, frame: deviceFrame + countedFrames(of: command), tick: playheadTick(),
        late: deviceFrame - due))
  }

  /// Whether only having done it tells where it has put the playhead, and when.
  @_noLocks
  private func isToldAfterwards(_ command: Command) -> Bool {
    switch command.kind {
    case .enter: true
    case .play: command.value >= 1
    default: false
    }
  }

  /// Where the playhead is once a command has landed.
  @_noLocks
  private func tickAfter(_ command: Command) -> Double {
    switch command.kind {
    case .play, .stop, .locate:
      guard command.value.isFinite, command.tick.isFinite else { return playheadTick() }
      return min(EngineLimits.maximumTick, max(0, command.tick))
    default: return playheadTick()
    }
  }

  @_noLocks
  mutating func perform(_ command: Command) {
    // A number that is none would stay in every sample from here on.
    guard command.value.isFinite else {
      report.draft.pointee.commandsIgnored += 1
      return
    }
    switch command.kind {
    case .schedule:
      if let next = UnsafePointer<Schedule>(bitPattern: command.address) { takeIfNewer(next) }
    case .enter:
      if let change = UnsafePointer<SessionChange>(bitPattern: command.address) { enter(change) }
    case .play:
      beginChase(command)
      play(from: command.tick, to: command.secondTick, countIn: command.value)
      isChasingNotes = false
    case .metronomeOn, .metronomeLevel, .metronomeOutput, .metronomeDivision: setMetronome(command)
    case .pause: pauseRolling()
    case .stop:
      pauseRolling()
      locate(command.tick)
    case .locate:
      beginChase(command)
      locate(command.tick)
      isChasingNotes = false
    case .chaseNotes: chasesNotes = command.value != 0
    case .heads:
      if let heads = UnsafePointer<StreamHeads>(bitPattern: command.address) { take(heads) }
    case .panic: startPanic()
    case .mix:
      if let plan = UnsafePointer<MixPlan>(bitPattern: command.address) { take(plan) }
    case .audition: audition(UnsafePointer<Audition>(bitPattern: command.address))
    case .cueGain: cueGain.move(to: Self.gain(command.value), frames: declickFrames)
    case .masterGain: masterGain.move(to: Self.gain(command.value), frames: declickFrames)
    case .voiceBudget:
      budget.limit = Int32(min(Double(EngineLimits.maximumVoiceBudget), max(1, command.value)))
      budget.notesStarted = true
    // It has a place of its own, and is kept or has been ignored.
    case .postpone: report.draft.pointee.commandsIgnored += 1
    case .withdraw:
      timed.withdraw(UInt64(command.address), at: command.tick)
      timed.lookFrom(transport.timedTick)
    case .timedRooms:
      if let rooms = UnsafePointer<TimedRooms>(bitPattern: command.address) { timed.add(rooms) }
    case .tap: tap(command)
    case .monitor: input.monitor.move(to: Self.gain(command.value), frames: declickFrames)
    case .midiInput, .midiOutput, .midiRoute, .midiClock: performOnPort(command)
    case .trackGain, .trackPan, .trackMute, .trackSolo, .trackPolyphony, .bank, .resetTrack:
      performOnTrack(command)
    }
  }

  @_noLocks
  private static func gain(_ value: Double) -> Float { Float(min(EngineLimits.maximumGain, max(0, value))) }

  @_noLocks
  private mutating func performOnTrack(_ command: Command) {
    let track = Int(command.track)
    guard isExtra(track) || use(track: track) else {
      report.draft.pointee.commandsIgnored += 1
      return
    }
    let strip = tracks + track
    switch command.kind {
    case .trackGain: strip.pointee.gain.move(to: Self.gain(command.value), frames: declickFrames)
    case .trackPan: strip.pointee.pan.move(to: Float(min(1, max(-1, command.value))), frames: declickFrames)
    case .trackMute:
      strip.pointee.isMuted = command.value != 0
      wiring.isStale = true
    case .trackSolo:
      strip.pointee.isSoloed = command.value != 0
      wiring.isStale = true
    case .trackPolyphony:
      strip.pointee.polyphony = Int32(min(Double(EngineLimits.trackPolyphony), max(1, command.value)))
      budget.notesStarted = true
    case .bank: install(UnsafeMutablePointer<SynthBank>(bitPattern: command.address), on: track)
    case .resetTrack:
      strip.pointee.resetControls()
      wiring.isStale = true
    default: break
    }
  }

  @_noLocks
  private mutating func performOnPort(_ command: Command) {
    guard command.value >= -1, command.value < Double(EngineLimits.midiPorts) else {
      report.draft.pointee.commandsIgnored += 1
      return
    }
    let port = Int(command.value)
    let track = Int(command.track)
    switch command.kind {
    case .midiInput where port >= 0:
      let channel = Int(command.address & 31) - 1
      route(input: port, to: track, channel: min(15, channel), isFresh: command.address >= 256)
    case .midiOutput where port >= 0: open(output: port, sender: Int(min(2, command.address)))
    case .midiClock where port >= 0: setClock(port, isOn: command.address != 0)
    case .midiRoute where use(track: track): route(track: track, to: port)
    default: report.draft.pointee.commandsIgnored += 1
    }
  }

  /// The hidden track and the buses: always there.
  @_noLocks
  func isExtra(_ strip: Int) -> Bool {
    strip >= EngineLimits.tracks && strip < EngineLimits.strips
  }

  /// Counts a track in from its first use on; false when there is no such track.
  @_noLocks
  mutating func use(track: Int) -> Bool {
    guard track >= 0, track < EngineLimits.tracks else { return false }
    while trackCount <= track {
      tracks[trackCount].gate = Ramp(anySolo ? 0 : 1)
      trackCount += 1
      wiring.isStale = true
    }
    return true
  }

  /// News of regions and loops, told where there is room: most of the ring is kept for what must not be lost.
  @_noLocks
  mutating func notifyNews(_ notice: Notice) {
    guard notices.turn.free() > EngineLimits.noticeReserve else {
      report.draft.pointee.noticesDropped += 1
      return
    }
    notify(notice)
  }

  /// A notice; the conductor keeps room for those that matter, and a lost one is counted.
  @_noLocks
  mutating func notify(_ notice: Notice) {
    let slot = notices.turn.slot()
    guard slot >= 0 else {
      report.draft.pointee.noticesDropped += 1
      return
    }
    notices.slots[slot] = notice
    notices.turn.commit()
  }
}
