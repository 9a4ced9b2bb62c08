import MusicalTime
import Synchronization

extension RenderState {
  /// Takes what the control thread has sent: every command lands here, where a grid block starts.
  @_noLocks
  mutating func landCommands() {
    if emergency.pointee.exchange(false, ordering: .acquiring) {
      pauseRolling()
      notify(Notice(kind: .halted, id: 0, frame: deviceFrame, tick: playheadTick()))
    }
    for _ in 0..<EngineLimits.commandsPerBlock {
      let slot = commands.turn.slot()
      if slot < 0 { return }
      let command = commands.slots[slot]
      guard canLand(command) else { return }
      commands.turn.release()
      land(command, due: command.dueFrame)
    }
  }

  /// What replaces something that cannot be put aside yet stays in the ring, and what follows it with it.
  @_noLocks
  private func canLand(_ command: Command) -> Bool {
    switch command.kind {
    case .schedule: retiring.count < EngineLimits.retiringSchedules
    case .bank: retiringBankCount < EngineLimits.retiringBanks
    default: true
    }
  }

  @_noLocks
  mutating func land(_ command: Command, due: Int64) {
    perform(command)
    notify(
      Notice(
        kind: .landed, id: command.id, frame: deviceFrame, tick: playheadTick(), late: deviceFrame - due))
  }

  @_noLocks
  private mutating func perform(_ command: Command) {
    switch command.kind {
    case .schedule:
      if let next = UnsafePointer<Schedule>(bitPattern: command.address) { take(next) }
    case .play: play(from: command.tick, to: command.secondTick)
    case .pause: pauseRolling()
    case .stop:
      pauseRolling()
      locate(command.tick)
    case .locate: locate(command.tick)
    case .panic: startPanic()
    case .masterGain: masterGain.move(to: Float(command.value), frames: declickFrames)
    case .voiceBudget: budget.limit = Int32(command.value)
    case .trackGain, .trackPan, .trackMute, .trackSolo, .trackPolyphony, .bank, .resetTrack:
      performOnTrack(command)
    }
  }

  @_noLocks
  private mutating func performOnTrack(_ command: Command) {
    let track = Int(command.track)
    guard track >= 0, track < EngineLimits.tracks else { return }
    trackCount = max(trackCount, track + 1)
    switch command.kind {
    case .trackGain: tracks[track].gain.move(to: Float(command.value), frames: declickFrames)
    case .trackPan: tracks[track].pan.move(to: Float(command.value), frames: declickFrames)
    case .trackMute:
      tracks[track].isMuted = command.value != 0
      updateGates()
    case .trackSolo:
      tracks[track].isSoloed = command.value != 0
      updateGates()
    case .trackPolyphony: tracks[track].polyphony = Int32(command.value)
    case .bank: install(UnsafeMutablePointer<SynthBank>(bitPattern: command.address), on: track)
    case .resetTrack:
      tracks[track].gain = Ramp(1)
      tracks[track].pan = Ramp(0)
      tracks[track].law = PanLaw(pan: 0)
      tracks[track].isMuted = false
      tracks[track].isSoloed = false
      tracks[track].polyphony = 256
      updateGates()
    default: break
    }
  }

  /// While any track is soloed, only soloed tracks are heard.
  @_noLocks
  mutating func updateGates() {
    anySolo = false
    for track in 0..<trackCount where tracks[track].isSoloed { anySolo = true }
    for track in 0..<trackCount {
      let isHeard = anySolo ? tracks[track].isSoloed : !tracks[track].isMuted
      tracks[track].gate.move(to: isHeard ? 1 : 0, frames: declickFrames)
    }
  }

  /// Timed commands land on the grid line nearest to their place, before the events due there.
  @_noLocks
  mutating func rollTimedCommands() {
    for _ in 0..<EngineLimits.commandsPerBlock {
      guard transport.rolling else { return }
      let horizon = midiHorizonTick()
      if transport.haltTick < horizon {
        let tick = transport.haltTick
        pauseRolling()
        setPlayhead(tick)
        notify(Notice(kind: .halted, id: 0, frame: deviceFrame, tick: tick))
        return
      }
      guard transport.nextTimed < schedule.pointee.timedCount else { return }
      let timed = schedule.pointee.timed[transport.nextTimed]
      guard Double(timed.tick) < horizon else { return }
      transport.nextTimed += 1
      let due = deviceFrame + schedule.pointee.tempo.frame(atTick: Double(timed.tick)) - transport.frame
      // The place is exact even where the grid is not.
      if case .pause = timed.command.kind {
        pauseRolling()
        setPlayhead(Double(timed.tick))
      }
      land(timed.command, due: due)
    }
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
