import MusicalTime

extension RenderState {
  /// Timed commands land on the grid line nearest to their place, before the events due there, and around the
  /// loop's end when that is the line's.
  @_noLocks
  mutating func rollTimedCommands() {
    if transport.loopedBy > 0 {
      guard landTimed(until: Double(transport.loopedAt), later: -transport.loopedBy) else { return }
      goAroundTimed(to: transport.anchorTick)
    }
    let half = Int64(EngineLimits.gridFrames / 2)
    guard let end = loopEndAhead(), end - transport.frame < half else {
      _ = landTimed(until: horizonBeforeLoopEnd(), later: 0)
      return
    }
    guard landTimed(until: Double(schedule.pointee.loopEnd), later: 0) else { return }
    let start = Double(schedule.pointee.loopStart)
    let length = end - schedule.pointee.tempo.frame(atTick: start)
    goAroundTimed(to: start)
    let horizon = schedule.pointee.tempo.tick(atFrame: Double(transport.frame + half - length) - 0.5)
    _ = landTimed(until: horizon, later: length)
  }

  @_noLocks
  private mutating func goAroundTimed(to start: Double) {
    transport.nextTimed = firstTimed(from: start)
    transport.timedTick = start
  }

  /// Lands what is due below a tick; places are `later` frames later than the tempo map says. False when the
  /// playhead has been halted or moved, which the rest of this line waits for.
  @_noLocks
  private mutating func landTimed(until horizon: Double, later: Int64) -> Bool {
    for _ in 0..<EngineLimits.commandsPerBlock {
      let next = transport.nextTimed
      let isDue =
        next < schedule.pointee.timedCount && Double(schedule.pointee.timed[next].tick) < horizon
      if transport.haltTick < horizon,
        !isDue || transport.haltTick <= Double(schedule.pointee.timed[next].tick)
      {
        halt()
        return false
      }
      guard isDue else {
        transport.timedTick = horizon
        return true
      }
      let goesOn = land(schedule.pointee.timed[next], later: later)
      if !goesOn { return false }
    }
    return true
  }

  @_noLocks
  private mutating func halt() {
    let tick = transport.haltTick
    pauseRolling()
    setPlayhead(tick)
    notify(Notice(kind: .halted, id: 0, frame: deviceFrame, tick: tick))
  }

  /// Lands one timed command; false when it has halted or moved the playhead.
  @_noLocks
  private mutating func land(_ timed: TimedCommand, later: Int64) -> Bool {
    let place = Double(timed.tick)
    let due = deviceFrame + schedule.pointee.tempo.frame(atTick: place) + later - transport.frame
    transport.nextTimed += 1
    transport.timedTick = place + 0.5
    switch timed.command.kind {
    case .enter:
      guard canEnter() else {
        // It lands with the next line that has room.
        transport.nextTimed -= 1
        transport.timedTick = place
        return false
      }
      land(timed.command, due: due)
      return false
    case .schedule, .bank:
      // What is lent by address travels in the ring only, where its way back is kept.
      report.draft.pointee.commandsIgnored += 1
      return true
    case .pause:
      // The place is exact even where the grid is not, and what has landed there does not land again.
      let next = transport.nextTimed
      pauseRolling()
      setPlayhead(place)
      transport.nextTimed = next
      transport.timedTick = place + 0.5
      land(timed.command, due: due)
      return false
    case .play, .stop, .locate, .panic:
      land(timed.command, due: due)
      // A jump to its own place happens once, not with every line.
      if transport.rolling, transport.nextTimed < schedule.pointee.timedCount,
        schedule.pointee.timed[transport.nextTimed].tick == timed.tick, place < midiHorizonTick()
      {
        transport.nextTimed += 1
        transport.timedTick = place + 0.5
      }
      return false
    default:
      land(timed.command, due: due)
      return true
    }
  }
}
