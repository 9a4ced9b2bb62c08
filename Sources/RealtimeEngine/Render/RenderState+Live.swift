/// What comes in while it plays: from a port to a track's synths, in the grid block nearest to its frame.
extension RenderState {
  /// From the device's own thread, which may be another than the renderer's. What finds no room is left out.
  @_noLocks
  func takeFromDevice(_ frame: Int64, _ packed: UInt64) {
    let slot = ports.deviceSource.turn.slot()
    guard slot >= 0 else { return }
    ports.deviceSource.slots[slot] = PortMessage(frame: frame, packed: packed)
    ports.deviceSource.turn.commit()
  }

  /// Plays what has come in by this grid block. While a panic has the bus closed it waits.
  @_noLocks
  mutating func playLive() {
    guard panic.isOver else { return }
    let ahead = looksAhead ? Int64(EngineLimits.lookAheadFrames) : 0
    let limit = deviceFrame - ahead + Int64(EngineLimits.gridFrames / 2)
    for _ in 0..<EngineLimits.liveMessages {
      let slot = ports.deviceIn.turn.slot()
      guard slot >= 0, ports.deviceIn.slots[slot].frame < limit else { break }
      play(ports.deviceIn.slots[slot], ahead: ahead)
      ports.deviceIn.turn.release()
    }
    for _ in 0..<EngineLimits.liveMessages {
      let slot = ports.ordinaryIn.turn.slot()
      guard slot >= 0, ports.ordinaryIn.slots[slot].frame < limit else { break }
      play(ports.ordinaryIn.slots[slot], ahead: ahead)
      ports.ordinaryIn.turn.release()
    }
  }

  @_noLocks
  private mutating func play(_ message: PortMessage, ahead: Int64) {
    var heard = message
    guard Int(message.port) < EngineLimits.midiPorts, message.count == 0 || message.isValid else {
      report.draft.pointee.midiIgnored += 1
      return
    }
    if message.count > 0, let event = message.event {
      // Heard where the grid block begins; what is no note, as a clock, has the frame it came at.
      heard.frame = deviceFrame
      let input = ports.inputs + Int(message.port)
      input.pointee.states[Int(event.channel)].apply(event)
      if input.pointee.track >= 0, prepare(input) { send(event, of: input.pointee.player) }
    } else {
      heard.frame = message.frame + ahead
    }
    heard.tick = transport.rolling ? playheadTick() : .nan
    tell(heard)
  }

  @_noLocks
  private mutating func tell(_ heard: PortMessage) {
    let slot = ports.heard.turn.slot()
    guard slot >= 0 else {
      report.draft.pointee.midiMissed += 1
      return
    }
    ports.heard.slots[slot] = heard
    ports.heard.turn.commit()
  }

  /// Sees to it that an input's player has somewhere to play; false when there is nowhere.
  @_noLocks
  private mutating func prepare(_ input: UnsafeMutablePointer<LiveInput>) -> Bool {
    if input.pointee.isPlaying { return true }
    let track = Int(input.pointee.track)
    guard use(track: track) else { return false }
    let player = input.pointee.player
    player.pointee.track = track
    player.pointee.port = Int(tracks[track].output)
    player.pointee.nextEvent = 0
    if player.pointee.port >= 0 {
      player.pointee.holder = EngineLimits.outPlayers + input.pointee.number
      input.pointee.isPlaying = true
      return true
    }
    player.pointee.holder = -1
    guard let bank = tracks[track].bank else { return false }
    let block = freeBlock(bank)
    guard block >= 0 else {
      report.draft.pointee.regionsRefused += 1
      return false
    }
    lastSerial += 1
    player.pointee.serial = lastSerial
    player.pointee.block = block
    let strip = bank.pointee.blocks + block
    strip.pointee.isTaken = true
    strip.pointee.owner = lastSerial
    strip.pointee.gain = Ramp(1)
    strip.pointee.level = 1
    strip.pointee.nextLevel = 1
    strip.pointee.gainLane = LaneState(1)
    strip.pointee.panLane = LaneState(0)
    strip.pointee.expectUnscaledSends()
    expectChase(player)
    input.pointee.isPlaying = true
    return true
  }

  /// Lets go of what an input plays, and of its place.
  @_noLocks
  mutating func leave(_ input: UnsafeMutablePointer<LiveInput>) {
    guard input.pointee.isPlaying else { return }
    input.pointee.isPlaying = false
    release(input.pointee.player)
  }

  @_noLocks
  mutating func leaveAllInputs() {
    for port in 0..<EngineLimits.midiPorts { leave(ports.inputs + port) }
  }

  @_noLocks
  mutating func leaveInputs(of track: Int) {
    for port in 0..<EngineLimits.midiPorts where Int(ports.inputs[port].track) == track {
      leave(ports.inputs + port)
    }
  }

  /// Another track for an input, or none (−1); `channel` 0 to 15, or −1 for the message's own. `isFresh` forgets
  /// what its channels were told.
  @_noLocks
  mutating func route(input port: Int, to track: Int, channel: Int, isFresh: Bool) {
    let input = ports.inputs + port
    leave(input)
    input.pointee.track = track >= 0 && track < EngineLimits.tracks ? Int32(track) : -1
    input.pointee.player.pointee.midi.channel = Int16(channel)
    guard isFresh else { return }
    for channel in 0..<16 { input.pointee.states[channel] = ChannelState() }
  }
}
