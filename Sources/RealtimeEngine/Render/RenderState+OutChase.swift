extension RenderState {
  /// Tells a port what a region's clip has set by the place it is entered at: one value for each controller that was
  /// set, and nothing of what was not.
  @_noLocks
  mutating func chaseOut(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    lastJump += 1
    player.pointee.jump = lastJump
    gatherStates(player.pointee, before: player.pointee.nextEvent)
    for channel in 0..<16 {
      let isOwn = overrides(player.pointee.midi, channel)
      guard chased[channel].touched || isOwn else { continue }
      tellSound(player, channel, isOwn: isOwn)
      tellControllers(player.pointee.port, channel)
    }
  }

  @_noLocks
  private mutating func tellSound(
    _ player: UnsafeMutablePointer<MIDIPlayer>, _ channel: Int, isOwn: Bool
  ) {
    let unset = ChannelState.unset
    let midi = player.pointee.midi
    let port = player.pointee.port
    let low = UInt8(truncatingIfNeeded: channel)
    if isOwn, midi.bank >= 0 {
      let bank = Int(midi.bank)
      emit(to: port, 0xB0 | low, 0, bank < 128 ? bank : bank >> 7)
      emit(to: port, 0xB0 | low, 32, bank < 128 ? 0 : bank & 127)
    } else {
      if chased[channel].controllers[0] != unset {
        emit(to: port, 0xB0 | low, 0, Int(chased[channel].controllers[0]))
      }
      if chased[channel].controllers[32] != unset {
        emit(to: port, 0xB0 | low, 32, Int(chased[channel].controllers[32]))
      }
    }
    if isOwn, midi.program >= 0 || midi.bank >= 0 {
      emit(to: port, 0xC0 | low, max(0, Int(midi.program)))
    } else if chased[channel].program != unset {
      emit(to: port, 0xC0 | low, Int(chased[channel].program))
    }
  }

  @_noLocks
  private mutating func tellControllers(_ port: Int, _ channel: Int) {
    let unset = ChannelState.unset
    let low = UInt8(truncatingIfNeeded: channel)
    if chased[channel].bendRange != unset {
      emit(to: port, 0xB0 | low, 101, 0)
      emit(to: port, 0xB0 | low, 100, 0)
      emit(to: port, 0xB0 | low, 6, Int(chased[channel].bendRange))
    }
    // Data entry acts on what was chosen before it, so the parameter chosen is told and the data are not.
    for number in 1..<120 where number != 32 && number != 6 && number != 38 && number != 96 && number != 97 {
      guard chased[channel].controllers[number] != unset else { continue }
      emit(to: port, 0xB0 | low, number, Int(chased[channel].controllers[number]))
    }
    if chased[channel].bendHigh != unset {
      emit(to: port, 0xE0 | low, Int(chased[channel].bendLow), Int(chased[channel].bendHigh))
    }
    if chased[channel].pressure != unset { emit(to: port, 0xD0 | low, Int(chased[channel].pressure)) }
  }
}
