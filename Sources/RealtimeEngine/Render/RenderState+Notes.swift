import MusicalTime

extension RenderState {
  /// One event of a region to the synths that have its channel.
  @_noLocks
  mutating func send(_ event: ClipEvent, of player: UnsafeMutablePointer<MIDIPlayer>) {
    if player.pointee.holder >= 0 { return sendOut(event, of: player) }
    guard let bank = tracks[player.pointee.track].bank else { return }
    let midi = player.pointee.midi
    let channel = midi.channel >= 0 ? Int(midi.channel) : Int(event.channel)
    let block = bank.pointee.blocks + player.pointee.block
    if block.pointee.pending & (1 << UInt16(channel)) != 0 { chase(player, channel: channel) }
    report.draft.pointee.eventsDelivered += 1
    switch event.kind {
    case .noteOn: startNote(event, player, bank, channel: channel)
    case .noteOff: endNote(event, player, bank, channel: channel)
    default:
      note(event, midi, in: block, channel: channel)
      put(event, midi, of: bank, block: player.pointee.block, channel: channel)
      // Pedals and bends are for notes that ring on in a replaced bank, too; the sound they have stays.
      for index in 0..<retiringBankCount {
        let left = leftBlock(of: player.pointee, in: index)
        guard left >= 0, !event.isSound else { continue }
        note(event, midi, in: retiringBanks[index].bank.pointee.blocks + left, channel: channel)
        put(event, midi, of: retiringBanks[index].bank, block: left, channel: channel)
      }
    }
  }

  /// Keeps in mind what an event does to its channel.
  @_noLocks
  private func note(
    _ event: ClipEvent, _ midi: ScheduledMIDI, in block: UnsafeMutablePointer<ChannelBlock>, channel: Int
  ) {
    let bit = UInt16(1) << UInt16(channel)
    block.pointee.touched |= bit
    if event.isController { block.pointee.controllers[channel].insert(Int(event.data1 & 127)) }
    if event.isStrange { block.pointee.strange |= bit }
    block.pointee.expectUnscaledSends()
    switch event.kind {
    case .program: if midi.program < 0 { block.pointee.sounds[channel].setProgram(Int(event.data1)) }
    case .controller:
      if event.data1 == 0, midi.bank < 0, channel != 9 {
        block.pointee.sounds[channel].nextBank = Int16(event.data2)
      }
      block.pointee.follow(controller: event.data1, event.data2, bit)
    default: break
    }
  }

  @_noLocks
  private mutating func put(
    _ event: ClipEvent, _ midi: ScheduledMIDI, of bank: UnsafeMutablePointer<SynthBank>, block: Int,
    channel: Int
  ) {
    let target = bank.pointee.fluidChannel(channel: channel, block: block)
    let first = Int(event.data1)
    let second = Int(event.data2)
    var op = SynthOp(.nothing, target)
    switch event.kind {
    case .controller:
      if midi.bank >= 0, first == 0 || first == 32 { return }
      // 124 and above would regroup the synth's channels, which belong to other regions.
      if first < 124 { op = SynthOp(.controller, target, first, second) }
    case .program: if midi.program < 0 { op = SynthOp(.program, target, first) }
    case .pitchBend: op = SynthOp(.bend, target, first | second << 7)
    case .channelPressure: op = SynthOp(.pressure, target, first)
    case .keyPressure:
      let key = key(event, midi, channel: channel)
      if key >= 0, key <= 127 { op = SynthOp(.keyPressure, target, key, second) }
    case .noteOn, .noteOff: break
    }
    putToAll(op, channel: channel, of: bank)
  }

  /// Drums are not transposed: their keys are instruments.
  @_noLocks
  private func key(_ event: ClipEvent, _ midi: ScheduledMIDI, channel: Int) -> Int {
    channel == 9 ? Int(event.data1) : Int(event.data1) + Int(midi.transpose)
  }

  @_noLocks
  private mutating func startNote(
    _ event: ClipEvent, _ player: UnsafeMutablePointer<MIDIPlayer>, _ bank: UnsafeMutablePointer<SynthBank>,
    channel: Int
  ) {
    let key = key(event, player.pointee.midi, channel: channel)
    guard key >= 0, key <= 127 else { return }
    let block = bank.pointee.blocks + player.pointee.block
    let slot = channel * 128 + key
    let lane = lane(of: bank, block, channel: channel, key: key)
    let synth = bank.pointee.synth(channel: channel, lane: lane)
    guard admitsNote(synth) else {
      report.draft.pointee.notesRefused += 1
      return
    }
    let target = bank.pointee.fluidChannel(channel: channel, block: player.pointee.block)
    // A note ends the one before it on its key; here that may be in another synth.
    let before = Int(block.pointee.lanes[slot])
    if before != lane, before < bank.pointee.lanes {
      let other = bank.pointee.synth(channel: channel, lane: before)
      put(SynthOp(.endKey, target, key), on: other, of: bank, lane: before)
    }
    if retiringBankCount > 0 { takeOver(slot, of: player.pointee, into: block) }
    block.pointee.lanes[slot] = UInt8(lane)
    let scaled = Float(event.data2) * player.pointee.midi.velocityScale + 0.5
    put(SynthOp(.noteOn, target, key, Int(min(127, max(1, scaled)))), on: synth, of: bank, lane: lane)
    report.draft.pointee.notesStarted += 1
    block.pointee.expectUnscaledSends()
    if block.pointee.held[slot] < 255 {
      block.pointee.held[slot] += 1
      block.pointee.heldCount += 1
    }
  }

  /// The lane whose line is nearest. Notes that silence each other, or that glide from one to the next, are
  /// all in the first.
  @_noLocks
  private func lane(
    of bank: UnsafeMutablePointer<SynthBank>, _ block: UnsafeMutablePointer<ChannelBlock>, channel: Int,
    key: Int
  ) -> Int {
    let lanes = bank.pointee.lanes
    guard lanes > 1, block.pointee.legato & (1 << UInt16(channel)) == 0 else { return 0 }
    if bank.pointee.isExclusive(key: key, block.pointee.sounds[channel], isDrums: channel == 9) { return 0 }
    let step = EngineLimits.gridFrames / lanes
    return min(lanes - 1, max(0, (eventOffset + step / 2) / step))
  }

  @_noLocks
  private func admitsNote(_ synth: UnsafeMutablePointer<SynthState>) -> Bool {
    if synth.pointee.noteFrame != deviceFrame {
      synth.pointee.noteFrame = deviceFrame
      synth.pointee.noteOns = 0
    }
    guard Int(synth.pointee.noteOns) < EngineLimits.noteOnsPerGridBlock else { return false }
    synth.pointee.noteOns += 1
    return true
  }

  /// A key that is struck anew ends the note of it that rings on in a replaced bank, and the note-offs that
  /// are still to come count here.
  @_noLocks
  private mutating func takeOver(
    _ slot: Int, of player: MIDIPlayer, into block: UnsafeMutablePointer<ChannelBlock>
  ) {
    for index in 0..<retiringBankCount {
      let left = leftBlock(of: player, in: index)
      guard left >= 0 else { continue }
      let bank = retiringBanks[index].bank
      let old = bank.pointee.blocks + left
      guard old.pointee.lanes[slot] != 255 else { continue }
      put(.endKey, slot, of: bank, block: left)
      old.pointee.lanes[slot] = 255
      let moved = min(old.pointee.held[slot], 255 - block.pointee.held[slot])
      block.pointee.heldCount += Int(moved)
      block.pointee.held[slot] += moved
      old.pointee.heldCount -= Int(old.pointee.held[slot])
      old.pointee.held[slot] = 0
    }
  }

  /// Tells the synth that has the last note of a channel and key.
  @_noLocks
  private mutating func put(
    _ kind: SynthOp.Kind, _ slot: Int, of bank: UnsafeMutablePointer<SynthBank>, block: Int
  ) {
    let channel = slot >> 7
    let lane = Int(bank.pointee.blocks[block].lanes[slot])
    guard lane < bank.pointee.lanes else { return }
    let target = bank.pointee.fluidChannel(channel: channel, block: block)
    put(
      SynthOp(kind, target, slot & 127), on: bank.pointee.synth(channel: channel, lane: lane), of: bank,
      lane: lane)
  }

  /// A key that two notes of one region hold is let go with the last of them.
  @_noLocks
  private mutating func endNote(
    _ event: ClipEvent, _ player: UnsafeMutablePointer<MIDIPlayer>, _ bank: UnsafeMutablePointer<SynthBank>,
    channel: Int
  ) {
    let key = key(event, player.pointee.midi, channel: channel)
    guard key >= 0, key <= 127 else { return }
    let slot = channel * 128 + key
    if letGo(slot, of: bank, block: player.pointee.block) { return }
    for index in 0..<retiringBankCount {
      let left = leftBlock(of: player.pointee, in: index)
      if left >= 0, letGo(slot, of: retiringBanks[index].bank, block: left) { return }
    }
  }

  /// Takes one note-off; false when nothing of that key is held here.
  @_noLocks
  private mutating func letGo(_ slot: Int, of bank: UnsafeMutablePointer<SynthBank>, block: Int) -> Bool {
    let strip = bank.pointee.blocks + block
    guard strip.pointee.held[slot] > 0 else { return false }
    strip.pointee.held[slot] -= 1
    strip.pointee.heldCount -= 1
    if strip.pointee.held[slot] == 0 { put(.noteOff, slot, of: bank, block: block) }
    return true
  }

  // MARK: Ends

  /// Lets go of every note a player holds, wherever it sounds, and of the pedals that would keep them.
  @_noLocks
  mutating func releaseHeld(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    if player.pointee.holder >= 0 { return releaseOut(player) }
    if let bank = tracks[player.pointee.track].bank { release(player.pointee.block, of: bank) }
    for index in 0..<retiringBankCount {
      let left = leftBlock(of: player.pointee, in: index)
      if left >= 0 { release(left, of: retiringBanks[index].bank) }
    }
  }

  @_noLocks
  private mutating func release(_ block: Int, of bank: UnsafeMutablePointer<SynthBank>) {
    let strip = bank.pointee.blocks + block
    strip.pointee.pedals = 0
    for channel in 0..<16 {
      if strip.pointee.touched & (1 << UInt16(channel)) != 0 {
        let target = bank.pointee.fluidChannel(channel: channel, block: block)
        putToAll(SynthOp(.pedalsUp, target), channel: channel, of: bank)
      }
      guard strip.pointee.heldCount > 0 else { continue }
      for slot in (channel * 128)..<(channel * 128 + 128) where strip.pointee.held[slot] > 0 {
        strip.pointee.heldCount -= Int(strip.pointee.held[slot])
        strip.pointee.held[slot] = 0
        put(.noteOff, slot, of: bank, block: block)
      }
    }
  }

  /// Lets go of what a player holds and its clip does not, as `markHeld` has marked it.
  @_noLocks
  mutating func releaseUnmarked(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    if player.pointee.holder >= 0 { return releaseUnmarkedOut(player) }
    guard let bank = tracks[player.pointee.track].bank else { return }
    let strip = bank.pointee.blocks + player.pointee.block
    guard strip.pointee.heldCount > 0 else { return }
    for slot in 0..<(16 * 128) where strip.pointee.held[slot] > 0 && soundingNotes[slot] & 128 == 0 {
      strip.pointee.heldCount -= Int(strip.pointee.held[slot])
      strip.pointee.held[slot] = 0
      put(.noteOff, slot, of: bank, block: player.pointee.block)
    }
  }

  /// Takes back the notes of a region that a line to come would have started.
  @_noLocks
  mutating func cancelNotes(of player: MIDIPlayer) {
    guard hasSharpBanks, player.holder < 0, let bank = tracks[player.track].bank else { return }
    for index in 0..<EngineLimits.synthsPerBank {
      let cancelled = bank.pointee.synths[index].ops.cancelNotes(block: player.block)
      report.draft.pointee.notesStarted -= UInt64(cancelled)
    }
  }
}

extension ChannelBlock {
  /// Follows the pedals that hold notes and those that make one depend on the other.
  @_noLocks
  mutating func follow(controller number: UInt8, _ value: UInt8, _ bit: UInt16) {
    switch number {
    case 64, 66: if value >= 64 { pedals |= bit } else { pedals &= ~bit }
    case 65, 68: if value >= 64 { legato |= bit } else { legato &= ~bit }
    case 121:
      pedals &= ~bit
      legato &= ~bit
    default: break
    }
  }
}
