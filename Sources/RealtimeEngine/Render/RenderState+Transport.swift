import MusicalTime

extension RenderState {
  /// The playhead in ticks, exact where it was put.
  @_noLocks
  func playheadTick() -> Double {
    if transport.frame == transport.anchorFrame { return transport.anchorTick }
    return schedule.pointee.tempo.tick(atFrame: Double(transport.frame))
  }

  /// Ticks below this one belong to grid lines up to this block's: its start plus half a grid block.
  @_noLocks
  func midiHorizonTick() -> Double {
    schedule.pointee.tempo.tick(atFrame: Double(transport.frame + Int64(EngineLimits.gridFrames / 2)) - 0.5)
  }

  /// The same, but nothing at or after the loop's end counts on the way there.
  @_noLocks
  func horizonBeforeLoopEnd() -> Double {
    let horizon = midiHorizonTick()
    return loopEndAhead() == nil ? horizon : min(horizon, Double(schedule.pointee.loopEnd))
  }

  /// The tick below which events are handed out in this grid block.
  @_noLocks
  func eventHorizonTick() -> Double {
    schedule.pointee.tempo.tick(atFrame: Double(eventBase + eventLead) - 0.5)
  }

  /// The same, but nothing at or after the loop's end, a halt, or a command of the timeline that moves the
  /// playhead.
  @_noLocks
  func eventHorizonBeforeJumps() -> Double {
    var horizon = eventHorizonTick()
    if loopEndAhead() != nil { horizon = min(horizon, Double(schedule.pointee.loopEnd)) }
    guard eventLead > Int64(EngineLimits.gridFrames / 2) else { return horizon }
    horizon = min(horizon, transport.haltTick)
    var next = timed.next
    for _ in 0..<EngineLimits.commandsPerBlock {
      guard let node = next, Double(node.pointee.command.at) < horizon else { break }
      switch node.pointee.command.kind {
      case .play, .pause, .stop, .locate, .panic: return Double(node.pointee.command.at)
      default: next = timed.following(node)
      }
    }
    return horizon
  }

  @_noLocks
  mutating func setPlayhead(_ wanted: Double) {
    let tick = min(EngineLimits.maximumTick, max(0, wanted))
    transport.anchorTick = tick
    transport.frame = schedule.pointee.tempo.frame(atTick: tick)
    transport.anchorFrame = transport.frame
    lookForTimed(from: tick)
    if !transport.rolling { placeClocks(at: tick) }
    transport.eventsAhead = 0
    transport.loopedBy = 0
    transport.timedLoopedBy = 0
    rearmStreams()
    metronome.isPlaced = false
  }

  /// Rolls; does nothing to what already sounds when no place is given. Bars to count in are counted by a
  /// playhead that stands.
  @_noLocks
  mutating func play(from tick: Double, to end: Double, countIn bars: Double) {
    metronome.cancelCount()
    if bars >= 1 { pauseRolling() }
    if tick.isFinite { locate(tick) }
    transport.haltTick = end.isFinite ? end : .infinity
    if bars >= 1 { startCount(bars: min(EngineLimits.countInBars, Int64(min(bars, 1000)))) } else { roll() }
  }

  @_noLocks
  mutating func roll() {
    guard !transport.rolling else { return }
    transport.rolling = true
    rearmStreams()
    placeClocks(at: playheadTick())
    enterMIDI(at: playheadTick())
    enterAudio(at: playheadTick(), firstFrame: 0)
  }

  @_noLocks
  mutating func pauseRolling() {
    metronome.cancelCount()
    transport.haltTick = .infinity
    transport.loopedBy = 0
    transport.timedLoopedBy = 0
    guard transport.rolling else { return }
    transport.rolling = false
    stopClocks()
    rearmStreams()
    leaveAllAudio()
    endAllPlayers(areCut: true)
  }

  /// Moves the playhead; what sounds there takes over from what sounded.
  @_noLocks
  mutating func locate(_ tick: Double) {
    guard tick.isFinite else { return }
    // A place past the end given with `play` is meant to be played from.
    if tick >= transport.haltTick { transport.haltTick = .infinity }
    if transport.rolling {
      leaveAllAudio()
      endAllPlayers(areCut: true)
    }
    setPlayhead(tick)
    guard transport.rolling else { return }
    placeClocks(at: transport.anchorTick)
    enterMIDI(at: transport.anchorTick)
    enterAudio(at: transport.anchorTick, firstFrame: 0)
  }

  /// The loop's end on the frame axis when the playhead is on its way there.
  @_noLocks
  func loopEndAhead() -> Int64? {
    let schedule = schedule.pointee
    guard schedule.loops else { return nil }
    let end = schedule.tempo.frame(atTick: Double(schedule.loopEnd))
    return transport.frame < end ? end : nil
  }

  /// Moves the playhead by a grid block, around the loop's end when that lies inside.
  ///
  /// Audio goes around on the exact frame; events and timed commands on the nearest grid line, which was this
  /// block's or will be the next one's.
  @_noLocks
  mutating func advanceTransport() {
    let grid = Int64(EngineLimits.gridFrames)
    guard let end = loopEndAhead(), end - transport.frame <= grid else {
      transport.frame += grid
      return
    }
    let before = end - transport.frame
    let start = Double(schedule.pointee.loopStart)
    transport.anchorTick = start
    transport.anchorFrame = schedule.pointee.tempo.frame(atTick: start)
    transport.frame = transport.anchorFrame + grid - before
    transport.loopedAt = schedule.pointee.loopEnd
    if before >= grid / 2 { transport.timedLoopedBy = end - transport.anchorFrame }
    if transport.eventsAhead == 0 { transport.loopedBy = end - transport.anchorFrame }
    transport.eventsAhead = 0
    rearmStreams()
    notifyNews(Notice(kind: .looped, id: 0, frame: deviceFrame + before, tick: start))
  }

  // MARK: Finding regions

  /// Puts the regions that cover a tick into `found`, in the order of their start; answers where they begin.
  /// They end at `EngineLimits.regionsEntered`. Where more cover it, those that start last are taken, and the
  /// rest counts as one that was refused.
  @_noLocks
  mutating func findRegions(covering tick: Double, in table: RegionTable) -> Int {
    var first = EngineLimits.regionsEntered
    var place = table.last(endingAfter: tick, before: table.first(after: tick))
    while place.chunk >= 0, let region = table.region(at: place) {
      guard first > 0 else {
        refuse(region)
        break
      }
      first -= 1
      found[first] = region
      place = table.last(endingAfter: tick, before: place)
    }
    return first
  }
}
