import CRealtime
import MusicalTime

extension RenderState {
  /// Hands every event due by this grid line to its synth, around the loop's end when that is the line's.
  @_noLocks
  mutating func sequenceMIDI() {
    ports.isSequencing = true
    chasePending()
    if transport.loopedBy > 0 {
      eventBase = transport.frame + transport.loopedBy
      sequenceMIDI(until: Double(transport.loopedAt))
      goAround(from: transport.loopedAt, to: transport.anchorTick)
      transport.loopedBy = 0
    }
    eventBase = transport.frame + transport.eventsAhead
    if transport.eventsAhead != 0 {
      sequenceMIDI(until: eventHorizonTick())
    } else if let end = loopEndAhead(), end - transport.frame < eventLead {
      sequenceMIDI(until: Double(schedule.pointee.loopEnd))
      let start = Double(schedule.pointee.loopStart)
      goAround(from: schedule.pointee.loopEnd, to: start)
      transport.eventsAhead = schedule.pointee.tempo.frame(atTick: start) - end
      eventBase = transport.frame + transport.eventsAhead
      sequenceMIDI(until: eventHorizonTick())
    } else {
      sequenceMIDI(until: eventHorizonBeforeJumps())
    }
    eventOffset = 0
    ports.isSequencing = false
  }

  @_noLocks
  private mutating func goAround(from end: Tick, to start: Double) {
    place(at: Double(end))
    endAllPlayers()
    placeClocks(at: start)
    isChasingNotes = chasesNotes
    enterMIDI(at: start)
    isChasingNotes = false
  }

  @_noLocks
  private mutating func sequenceMIDI(until horizon: Double) {
    startPlayers(before: horizon)
    sequenceClock(until: horizon)
    transport.sequencedTick = horizon
    var index = 0
    while index < playerCount {
      if deliver(players + index, until: horizon) {
        index += 1
      } else {
        closeFade(players + index, before: horizon)
        endPlayer(index)
      }
    }
  }

  /// Starts the MIDI regions that begin below a tick. Where more begin at once than may, the rest of them
  /// stays silent and is counted.
  @_noLocks
  private mutating func startPlayers(before horizon: Double) {
    let table = schedule.pointee.midi
    for _ in 0..<EngineLimits.regionsStarted {
      guard let region = table.region(at: transport.nextMIDI), Double(region.pointee.start) < horizon else {
        return
      }
      transport.nextMIDI = table.place(after: transport.nextMIDI)
      startPlayer(region, at: region.pointee.start)
    }
    let next = table.first(after: rt_ceil(horizon) - 1)
    let passed = table.index(of: next) - table.index(of: transport.nextMIDI)
    guard passed > 0 else { return }
    report.draft.pointee.regionsRefused += UInt64(passed)
    transport.nextMIDI = next
  }

  /// Starts the MIDI regions that cover a tick and do not sound yet, their controllers chased to that place.
  /// Resets the search for the next ones.
  ///
  /// - Parameter isSwap: a new schedule is taken, and the playhead has not moved.
  @_noLocks
  mutating func enterMIDI(at tick: Double, isSwap: Bool = false) {
    transport.nextMIDI = schedule.pointee.midi.first(after: tick)
    transport.sequencedTick = tick
    var next = findRegions(covering: tick, in: schedule.pointee.midi)
    while next < EngineLimits.regionsEntered, let region = found[next] {
      next += 1
      guard !isPlaying(region.pointee.key) else { continue }
      if isSwap, region.pointee.isNextPass { continue }
      // A fraction of a tick is a place between events: the next one counts. What is closer than a millionth
      // of a tick is the tick itself, come through the frame axis and back.
      startPlayer(region, at: max(region.pointee.start, Tick(rt_ceil(tick - 1e-6))))
    }
  }

  @_noLocks
  private func isPlaying(_ key: UInt64) -> Bool {
    for index in 0..<playerCount where players[index].key == key { return true }
    return false
  }

  @_noLocks
  private mutating func startPlayer(_ region: UnsafePointer<ScheduledRegion>, at tick: Tick) {
    let midi = region.pointee.midi
    let track = Int(region.pointee.track)
    guard midi.passTicks > 0, !region.pointee.isLastPass, use(track: track) else { return }
    let pass = (tick - midi.origin) / midi.passTicks
    guard pass < midi.passes, tick < region.pointee.end else { return }
    if tracks[track].output >= 0 { return startOutPlayer(region, at: tick, pass: pass) }
    guard let bank = tracks[track].bank else { return }
    place(at: Double(tick))
    let block = freeBlock(bank)
    guard block >= 0, playerCount < EngineLimits.midiPlayers else {
      refuse(region)
      return
    }
    lastSerial += 1
    bank.pointee.blocks[block].isTaken = true
    bank.pointee.blocks[block].owner = lastSerial
    bank.pointee.blocks[block].gain = Ramp(region.pointee.gain)
    bank.pointee.blocks[block].level = -1
    bank.pointee.blocks[block].expectUnscaledSends()
    players[playerCount] = MIDIPlayer(serial: lastSerial, region: region, block: block, pass: pass)
    seek(players + playerCount, to: midi.offset + tick - players[playerCount].passStart)
    if isChasingNotes, tick > region.pointee.start { chaseNotes(players + playerCount) }
    playerCount += 1
    notifyStarted(region, midway: tick > region.pointee.start, offset: 0)
  }

  /// A region on a track that leads to a MIDI port.
  @_noLocks
  private mutating func startOutPlayer(_ region: UnsafePointer<ScheduledRegion>, at tick: Tick, pass: Int64) {
    place(at: Double(tick))
    let holder = freeHolder()
    guard holder >= 0, playerCount < EngineLimits.midiPlayers else { return refuse(region) }
    ports.holders[holder].isTaken = true
    lastSerial += 1
    let player = players + playerCount
    player.pointee = MIDIPlayer(serial: lastSerial, region: region, block: 0, pass: pass)
    player.pointee.holder = holder
    player.pointee.port = Int(tracks[player.pointee.track].output)
    playerCount += 1
    let midi = player.pointee.midi
    seek(player, to: midi.offset + tick - player.pointee.passStart)
    if isChasingNotes, tick > region.pointee.start { chaseNotes(player) }
    notifyStarted(region, midway: tick > region.pointee.start, offset: 0)
  }

  /// The channel block that has been free the longest, or −1: the tails in it have had the most time to ring
  /// out.
  @_noLocks
  func freeBlock(_ bank: UnsafeMutablePointer<SynthBank>) -> Int {
    var best = -1
    for block in 0..<bank.pointee.blockCount where !bank.pointee.blocks[block].isTaken {
      if best < 0 || bank.pointee.blocks[block].freedAt < bank.pointee.blocks[best].freedAt { best = block }
    }
    return best
  }

  @_noLocks
  func blockPointer(of player: Int) -> UnsafeMutablePointer<ChannelBlock>? {
    guard players[player].holder < 0, let bank = tracks[players[player].track].bank else { return nil }
    return bank.pointee.blocks + players[player].block
  }

  /// Sends a player's events below a tick; answers whether it plays on.
  @_noLocks
  private mutating func deliver(_ player: UnsafeMutablePointer<MIDIPlayer>, until horizon: Double) -> Bool {
    let clip = player.pointee.midi.clip
    while true {
      let passLength = player.pointee.midi.passTicks
      let passEnd = min(player.pointee.end, player.pointee.passStart + passLength)
      while player.pointee.nextEvent < clip.pointee.count {
        let event = clip.pointee.events[player.pointee.nextEvent]
        let tick = player.pointee.passStart + event.tick - player.pointee.midi.offset
        // What a clip's last tick sets belongs to it; a note there would end where it begins.
        let isLast = tick == passEnd && event.tick == clip.pointee.events[clip.pointee.count - 1].tick
        if tick > passEnd || (tick == passEnd && !isLast) { break }
        if Double(tick) >= horizon { return true }
        player.pointee.nextEvent += 1
        if isLast, event.isNote { continue }
        place(at: Double(tick))
        send(event, of: player)
      }
      if Double(passEnd) >= horizon { return true }
      place(at: Double(passEnd))
      releaseHeld(player)
      player.pointee.pass += 1
      player.pointee.passStart += passLength
      if passEnd >= player.pointee.end || player.pointee.pass >= player.pointee.midi.passes { return false }
      seek(player, to: player.pointee.midi.offset)
    }
  }

  /// What rings on after a region that has faded out stays silent, though the grid line lies a little before
  /// its end.
  @_noLocks
  private func closeFade(_ player: UnsafeMutablePointer<MIDIPlayer>, before horizon: Double) {
    guard player.pointee.holder < 0, let bank = tracks[player.pointee.track].bank,
      Double(player.pointee.end) < horizon
    else { return }
    if player.pointee.region.pointee.fadeOutFrames > 0 {
      bank.pointee.blocks[player.pointee.block].nextLevel = 0
    }
  }

  /// Ends a region: its notes get their note-offs, pedals up first, and nobody else's do. When it is cut, a
  /// note that was put down for a line to come does not start.
  @_noLocks
  mutating func endPlayer(_ index: Int, isCut: Bool = false) {
    let player = players + index
    if isCut { cancelNotes(of: player.pointee) }
    release(player)
    // The order of the rest stays, for the order of the sound.
    for next in index..<(playerCount - 1) { players[next] = players[next + 1] }
    playerCount -= 1
  }

  /// Lets go of what a player holds, and gives its place back.
  @_noLocks
  mutating func release(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    releaseHeld(player)
    if player.pointee.holder >= 0 {
      ports.holders[player.pointee.holder].isTaken = false
      return
    }
    if let bank = tracks[player.pointee.track].bank { free(bank.pointee.blocks + player.pointee.block) }
    for retiring in 0..<retiringBankCount {
      let left = leftBlock(of: player.pointee, in: retiring)
      if left >= 0 { free(retiringBanks[retiring].bank.pointee.blocks + left) }
    }
  }

  @_noLocks
  private func free(_ block: UnsafeMutablePointer<ChannelBlock>) {
    block.pointee.isTaken = false
    block.pointee.owner = 0
    block.pointee.pending = 0
    block.pointee.freedAt = deviceFrame
  }

  @_noLocks
  mutating func endAllPlayers(areCut: Bool = false) {
    while playerCount > 0 { endPlayer(playerCount - 1, isCut: areCut) }
  }

  @_noLocks
  mutating func notifyStarted(_ region: UnsafePointer<ScheduledRegion>, midway: Bool, offset: Int) {
    notifyNews(
      Notice(
        kind: .regionStarted, id: region.pointee.key, frame: deviceFrame + Int64(offset),
        tick: playheadTick(), late: midway ? 1 : 0, track: region.pointee.track))
  }

  @_noLocks
  mutating func refuse(_ region: UnsafePointer<ScheduledRegion>) {
    report.draft.pointee.regionsRefused += 1
    notifyNews(
      Notice(
        kind: .regionRefused, id: region.pointee.key, frame: deviceFrame, tick: playheadTick(),
        track: region.pointee.track))
  }
}
