import LockFree

/// What goes out to ports: regions on a track that leads to one, clocks, and what lets go of notes.
extension RenderState {
  /// The frame at which what is sent now is due: of an event its own, of all else where the grid block begins.
  @_noLocks
  private func outFrame() -> Int64 {
    guard ports.isSequencing else { return deviceFrame }
    let frame = schedule.pointee.tempo.frame(atTick: ports.eventTick) - eventBase
    return deviceFrame + min(128, max(-64, frame))
  }

  @_noLocks
  mutating func emit(to port: Int, _ status: UInt8, _ data1: Int = 0, _ data2: Int = 0) {
    emit(
      PortMessage(
        frame: outFrame(), port: UInt8(truncatingIfNeeded: port), count: PortMessage.length(of: status),
        status: status, data1: UInt8(truncatingIfNeeded: data1 & 127),
        data2: UInt8(truncatingIfNeeded: data2 & 127)))
  }

  @_noLocks
  private mutating func emit(_ message: PortMessage) {
    let output = ports.outputs + Int(message.port)
    let ring: RingProducer<PortMessage>
    switch output.pointee.sender {
    case 1: ring = ports.deviceOut
    case 2: ring = ports.ordinaryOut
    default: return
    }
    let slot = ring.turn.slot()
    guard slot >= 0 else {
      output.pointee.hasLost = true
      report.draft.pointee.midiDropped += 1
      return
    }
    ring.slots[slot] = message
    ring.turn.commit()
  }

  /// Lets go of every note that a port's wire holds, whoever started it.
  @_noLocks
  private mutating func flush(_ port: Int) {
    emit(
      PortMessage(
        frame: deviceFrame, port: UInt8(truncatingIfNeeded: port), count: 0, status: OutStage.flush))
  }

  @_noLocks
  mutating func flushAllPorts() {
    guard ports.hasOutputs else { return }
    for port in 0..<EngineLimits.midiPorts where ports.outputs[port].sender != 0 { flush(port) }
  }

  /// Ports that lost a message, and tracks that have been silenced since the last grid block.
  @_noLocks
  mutating func tendPorts() {
    guard ports.hasOutputs else { return }
    for port in 0..<EngineLimits.midiPorts where ports.outputs[port].hasLost {
      let ring = ports.outputs[port].sender == 1 ? ports.deviceOut : ports.ordinaryOut
      guard ring.turn.free() > EngineLimits.midiRing / 2 else { continue }
      ports.outputs[port].hasLost = false
      flush(port)
    }
    for track in 0..<trackCount where tracks[track].output >= 0 {
      let isSilent = isSilent(track)
      if isSilent, !tracks[track].wasSilent { silenceOutput(of: track) }
      tracks[track].wasSilent = isSilent
    }
  }

  /// Muted, or not soloed while another is.
  @_noLocks
  private func isSilent(_ track: Int) -> Bool { tracks[track].gate.target == 0 }

  @_noLocks
  private mutating func silenceOutput(of track: Int) {
    for index in 0..<playerCount where players[index].track == track { releaseHeld(players + index) }
    leaveInputs(of: track)
  }

  // MARK: Commands

  @_noLocks
  mutating func open(output port: Int, sender: Int) {
    guard sender == 0 else {
      ports.outputs[port].sender = UInt8(sender)
      ports.outputs[port].hasLost = false
      ports.hasOutputs = true
      return
    }
    setClock(port, isOn: false)
    for track in 0..<trackCount where Int(tracks[track].output) == port { route(track: track, to: -1) }
    flush(port)
    ports.outputs[port].sender = 0
    for note in 0..<(16 * 128) { ports.outputs[port].held[note] = 0 }
  }

  /// Leads a track's notes to a port instead of its synths, or back (−1).
  @_noLocks
  mutating func route(track: Int, to port: Int) {
    guard Int(tracks[track].output) != port else { return }
    endPlayers(of: track)
    leaveInputs(of: track)
    tracks[track].output = Int16(port)
    tracks[track].wasSilent = isSilent(track)
    if transport.rolling { enterMIDI(at: transport.sequencedTick, isSwap: true) }
  }

  // MARK: Regions

  /// A place for what a region holds, or −1.
  @_noLocks
  func freeHolder() -> Int {
    for index in 0..<EngineLimits.outPlayers where !ports.holders[index].isTaken { return index }
    return -1
  }

  /// One event of a region, or of an input, to its port.
  @_noLocks
  mutating func sendOut(_ event: ClipEvent, of player: UnsafeMutablePointer<MIDIPlayer>) {
    let midi = player.pointee.midi
    let channel = midi.channel >= 0 ? Int(midi.channel) : Int(event.channel)
    let port = player.pointee.port
    let status = UInt8(truncatingIfNeeded: channel & 15)
    let first = Int(event.data1)
    let second = Int(event.data2)
    let key = channel == 9 ? first : first + Int(midi.transpose)
    report.draft.pointee.eventsDelivered += 1
    switch event.kind {
    case .noteOn:
      guard key >= 0, key <= 127, !isSilent(player.pointee.track) else { return }
      let scaled = Float(second) * midi.velocityScale + 0.5
      startOut(channel * 128 + key, velocity: Int(min(127, max(1, scaled))), of: player)
    case .noteOff:
      guard key >= 0, key <= 127 else { return }
      endOut(channel * 128 + key, velocity: second, of: player)
    case .controller:
      if midi.bank >= 0, first == 0 || first == 32 { return }
      // 120 and above are the port's own matter: they would end what others play on it.
      guard first < 120 || first == 121 else { return }
      followPedal(first, second, channel, player.pointee.holder)
      emit(to: port, 0xB0 | status, first, second)
    case .program: if midi.program < 0 { emit(to: port, 0xC0 | status, first) }
    case .pitchBend: emit(to: port, 0xE0 | status, first, second)
    case .channelPressure: emit(to: port, 0xD0 | status, first)
    case .keyPressure: if key >= 0, key <= 127 { emit(to: port, 0xA0 | status, key, second) }
    }
  }

  @_noLocks
  private mutating func startOut(
    _ note: Int, velocity: Int, of player: UnsafeMutablePointer<MIDIPlayer>
  ) {
    let holder = ports.holders + player.pointee.holder
    let output = ports.outputs + player.pointee.port
    guard holder.pointee.held[note] < 255, output.pointee.held[note] < 255 else { return }
    holder.pointee.held[note] += 1
    holder.pointee.count += 1
    output.pointee.held[note] += 1
    report.draft.pointee.notesStarted += 1
    emit(to: player.pointee.port, 0x90 | UInt8(truncatingIfNeeded: note >> 7), note & 127, velocity)
  }

  /// A key that several hold on one port is let go with the last of them.
  @_noLocks
  private mutating func endOut(
    _ note: Int, velocity: Int, of player: UnsafeMutablePointer<MIDIPlayer>
  ) {
    let holder = ports.holders + player.pointee.holder
    guard holder.pointee.held[note] > 0 else { return }
    holder.pointee.held[note] -= 1
    holder.pointee.count -= 1
    letGo(note, velocity: velocity, on: player.pointee.port, count: 1)
  }

  @_noLocks
  private mutating func letGo(_ note: Int, velocity: Int, on port: Int, count: UInt8) {
    let held = ports.outputs[port].held
    guard held[note] > 0 else { return }
    held[note] -= min(held[note], count)
    if held[note] == 0 { emit(to: port, 0x80 | UInt8(truncatingIfNeeded: note >> 7), note & 127, velocity) }
  }

  @_noLocks
  private func followPedal(_ number: Int, _ value: Int, _ channel: Int, _ index: Int) {
    let bit = UInt16(1) << UInt16(channel)
    let holder = ports.holders + index
    switch number {
    case 64: if value >= 64 { holder.pointee.dampers |= bit } else { holder.pointee.dampers &= ~bit }
    case 66: if value >= 64 { holder.pointee.sostenutos |= bit } else { holder.pointee.sostenutos &= ~bit }
    case 121:
      holder.pointee.dampers &= ~bit
      holder.pointee.sostenutos &= ~bit
    default: break
    }
  }

  /// Lets go of what a player holds on its port, pedals after the notes.
  @_noLocks
  mutating func releaseOut(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    let holder = ports.holders + player.pointee.holder
    let port = player.pointee.port
    if holder.pointee.count > 0 {
      for note in 0..<(16 * 128) where holder.pointee.held[note] > 0 {
        let count = holder.pointee.held[note]
        holder.pointee.held[note] = 0
        letGo(note, velocity: 64, on: port, count: count)
      }
      holder.pointee.count = 0
    }
    for channel in 0..<16 {
      let bit = UInt16(1) << UInt16(channel)
      let status = 0xB0 | UInt8(truncatingIfNeeded: channel)
      if holder.pointee.dampers & bit != 0 { emit(to: port, status, 64, 0) }
      if holder.pointee.sostenutos & bit != 0 { emit(to: port, status, 66, 0) }
    }
    holder.pointee.dampers = 0
    holder.pointee.sostenutos = 0
  }

  /// Lets go of the notes on a port that a player holds and its clip does not, as `markHeld` has marked them.
  @_noLocks
  mutating func releaseUnmarkedOut(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    let holder = ports.holders + player.pointee.holder
    guard holder.pointee.count > 0 else { return }
    for note in 0..<(16 * 128) where holder.pointee.held[note] > 0 && soundingNotes[note] & 128 == 0 {
      let count = holder.pointee.held[note]
      holder.pointee.held[note] = 0
      holder.pointee.count -= Int(count)
      letGo(note, velocity: 64, on: player.pointee.port, count: count)
    }
  }
}
