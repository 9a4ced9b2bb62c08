/// Synth banks come and go while they sound: a new one gets the notes from here on, the old one keeps those it
/// has until their own ends, and is given back when it has rung out.
extension RenderState {
  /// Takes a bank for a track, at any moment of its music.
  @_noLocks
  mutating func install(_ bank: UnsafeMutablePointer<SynthBank>?, on track: Int) {
    let old = tracks[track].bank
    guard bank != old else { return }
    if track == EngineLimits.auditionStrip { releaseHeld(audition.player) }
    if bank == nil, tracks[track].output < 0 {
      endPlayers(of: track)
      leaveInputs(of: track)
    }
    if let old {
      old.pointee.track = Int32(track)
      retiringBanks[retiringBankCount] = RetiringBank(
        bank: old, tailFrames: Int64(EngineLimits.ringOutSeconds * sampleRate),
        framesLeft: Int64(EngineLimits.heldAfterSwapSeconds * sampleRate))
      retiringBankCount += 1
    }
    tracks[track].bank = bank
    updateLead()
    guard let bank else { return }
    if let old {
      for index in 0..<playerCount where players[index].track == track && players[index].holder < 0 {
        move(players + index, from: old, to: bank)
      }
      for port in 0..<EngineLimits.midiPorts where Int(ports.inputs[port].track) == track {
        let player = ports.inputs[port].player
        if ports.inputs[port].isPlaying, player.pointee.holder < 0 { move(player, from: old, to: bank) }
      }
    }
    if transport.rolling { enterMIDI(at: transport.sequencedTick, isSwap: true) }
  }

  @_noLocks
  mutating func endPlayers(of track: Int) {
    var index = 0
    while index < playerCount {
      if players[index].track == track { endPlayer(index, isCut: true) } else { index += 1 }
    }
  }

  /// A region goes on in a new bank. What it holds stays behind under its name.
  @_noLocks
  private mutating func move(
    _ player: UnsafeMutablePointer<MIDIPlayer>, from old: UnsafeMutablePointer<SynthBank>,
    to bank: UnsafeMutablePointer<SynthBank>
  ) {
    let left = old.pointee.blocks + player.pointee.block
    // A bank that has just been made has as many free blocks as the old one had taken.
    let block = max(0, freeBlock(bank))
    let strip = bank.pointee.blocks + block
    strip.pointee.isTaken = true
    strip.pointee.owner = player.pointee.serial
    strip.pointee.gain = left.pointee.gain
    strip.pointee.level = left.pointee.level
    strip.pointee.nextLevel = left.pointee.nextLevel
    player.pointee.block = block
    expectChase(player)
  }

  /// The channel block that a region left behind in a replaced bank, or −1.
  @_noLocks
  func leftBlock(of player: MIDIPlayer, in index: Int) -> Int {
    let bank = retiringBanks[index].bank
    guard Int(bank.pointee.track) == player.track else { return -1 }
    for block in 0..<EngineLimits.channelBlocks where bank.pointee.blocks[block].owner == player.serial {
      return block
    }
    return -1
  }

  /// Gives back the banks that have rung out. One that holds nothing and still sounds has 10 seconds, one that
  /// holds notes 5 minutes; then it fades.
  @_noLocks
  mutating func retireBanks() {
    guard retiringBankCount > 0 else { return }
    var kept = 0
    for index in 0..<retiringBankCount {
      var retiring = retiringBanks[index]
      let bank = retiring.bank
      let grid = Int64(EngineLimits.gridFrames)
      retiring.framesLeft -= grid
      if !isHolding(bank) { retiring.tailFrames -= grid }
      if retiring.framesLeft <= 0 || retiring.tailFrames <= 0 {
        bank.pointee.gate.move(to: 0, frames: declickFrames)
      }
      let isClosed = bank.pointee.gate.value == 0
      if (rings(bank) && !isClosed) || notices.turn.slot() < 0 {
        retiringBanks[kept] = retiring
        kept += 1
      } else {
        notify(
          Notice(
            kind: .retiredBank, id: 0, frame: deviceFrame, tick: 0, track: bank.pointee.track,
            address: UInt(bitPattern: bank)))
      }
    }
    guard kept != retiringBankCount else { return }
    retiringBankCount = kept
    updateLead()
  }

  @_noLocks
  private func rings(_ bank: UnsafeMutablePointer<SynthBank>) -> Bool {
    for index in 0..<EngineLimits.synthsPerBank {
      let synth = bank.pointee.synths + index
      if !synth.pointee.isAsleep || synth.pointee.ops.nextCount > 0 { return true }
    }
    return false
  }

  @_noLocks
  private func isHolding(_ bank: UnsafeMutablePointer<SynthBank>) -> Bool {
    for block in 0..<EngineLimits.channelBlocks where bank.pointee.blocks[block].isHolding { return true }
    return false
  }

  /// More banks ring out than may: the older half of them fades, so that the next command waits for some
  /// milliseconds only.
  @_noLocks
  func hurryBanks() {
    for index in 0..<(retiringBankCount / 2) {
      retiringBanks[index].bank.pointee.gate.move(to: 0, frames: declickFrames)
    }
  }
}
