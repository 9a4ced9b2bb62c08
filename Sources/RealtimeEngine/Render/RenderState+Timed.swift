import MusicalTime

extension RenderState {
  /// Timed commands land on the grid line nearest to their place, before the events due there, and around the
  /// loop's end when that is the line's.
  @_noLocks
  mutating func rollTimedCommands() {
    if transport.timedLoopedBy > 0 {
      guard landTimed(until: Double(transport.loopedAt), later: -transport.timedLoopedBy) else { return }
      transport.timedLoopedBy = 0
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
    lookForTimed(from: start)
  }

  /// What is at or after a tick is still to land.
  @_noLocks
  mutating func lookForTimed(from tick: Double) {
    transport.timedTick = tick
    timed.lookFrom(tick)
  }

  /// Lands what is due below a tick; places are `later` frames later than the tempo map says. False when the
  /// playhead has been halted or moved, which the rest of this line waits for.
  @_noLocks
  private mutating func landTimed(until horizon: Double, later: Int64) -> Bool {
    for _ in 0..<EngineLimits.commandsPerBlock {
      guard let next = timed.next, Double(next.pointee.command.at) < horizon else {
        guard transport.haltTick >= horizon else { return halt() }
        transport.timedTick = horizon
        return true
      }
      if transport.haltTick <= Double(next.pointee.command.at) { return halt() }
      // What lands must be told: it waits for room.
      guard notices.turn.free() > EngineLimits.timedNoticeReserve else { return true }
      let goesOn = land(next, later: later)
      if !goesOn { return false }
    }
    return true
  }

  /// Always false, for the playhead has stopped.
  @_noLocks
  private mutating func halt() -> Bool {
    let tick = transport.haltTick
    pauseRolling()
    setPlayhead(tick)
    notify(Notice(kind: .halted, id: 0, frame: deviceFrame, tick: tick))
    return false
  }

  /// Lands one timed command, once and for all; false when it has halted or moved the playhead.
  @_noLocks
  private mutating func land(_ node: UnsafeMutablePointer<TimedNode>, later: Int64) -> Bool {
    let command = node.pointee.command
    let place = Double(command.at)
    let due = deviceFrame + schedule.pointee.tempo.frame(atTick: place) + later - transport.frame
    // A session that finds no room to put the present one aside lands with the next line that has it.
    if command.isEntrance, !canEnter() { return false }
    timed.remove(node)
    timed.lookFrom(transport.timedTick)
    switch command.kind {
    case .enter:
      land(command, due: due)
      return false
    case .schedule, .bank, .heads, .timedRooms, .postpone, .withdraw:
      // What is lent by address travels in the ring only, where its way back is kept.
      report.draft.pointee.commandsIgnored += 1
      return true
    case .pause:
      // The place is exact even where the grid is not.
      pauseRolling()
      setPlayhead(place)
      land(command, due: due)
      return false
    case .play, .stop, .locate, .panic:
      land(command, due: due)
      return false
    default:
      land(command, due: due)
      return true
    }
  }
}
