import CRealtime
import MusicalTime

extension RenderState {
  /// Puts a player at a tick of its clip: every channel of its block will have what the clip has set by then,
  /// and what a fresh channel has where the clip has set nothing.
  @_noLocks
  mutating func seek(_ player: UnsafeMutablePointer<MIDIPlayer>, to tick: Tick) {
    player.pointee.nextEvent = firstEvent(in: player.pointee.midi.clip, from: tick)
    if player.pointee.holder >= 0 { chaseOut(player) } else { expectChase(player) }
  }

  /// The clip of a sounding region is another one, in step with the one before: what comes from here on is the new one's.
  /// A note that both hold here sounds on, one that the new clip does not hold ends, and none is started late.
  @_noLocks
  mutating func takeUp(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    let tick = Tick(rt_ceil(transport.sequencedTick)) - player.pointee.passStart + player.pointee.midi.offset
    seek(player, to: tick)
    gatherSounding(player)
    markHeld(player)
    releaseUnmarked(player)
  }

  /// Marks the channels that have to be set right. Each is before its next event, the rest some at a time:
  /// a jump of a hundred regions must fit a block.
  @_noLocks
  mutating func expectChase(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    guard let bank = tracks[player.pointee.track].bank else { return }
    lastJump += 1
    player.pointee.jump = lastJump
    gatherStates(player.pointee, before: player.pointee.nextEvent)
    let block = bank.pointee.blocks + player.pointee.block
    var pending = block.pointee.touched
    for channel in 0..<16 where chased[channel].touched || overrides(player.pointee.midi, channel) {
      pending |= 1 << UInt16(channel)
    }
    block.pointee.pending = pending
    if pending != 0 { hasPendingChases = true }
  }

  /// Sets some of the channels right that wait for it.
  @_noLocks
  mutating func chasePending() {
    guard hasPendingChases else { return }
    var left = EngineLimits.chasesPerGridBlock
    for index in 0..<playerCount {
      guard let block = blockPointer(of: index), block.pointee.pending != 0 else { continue }
      for channel in 0..<16 where block.pointee.pending & (1 << UInt16(channel)) != 0 {
        guard left > 0 else { return }
        chase(players + index, channel: channel)
        left -= 1
      }
    }
    hasPendingChases = false
  }

  /// Sets a channel right that waits for it: what is to be told goes before what follows.
  ///
  /// Only what differs from what FluidSynth has is told it: each of its controllers costs a look at all its
  /// voices.
  @_noLocks
  mutating func chase(_ player: UnsafeMutablePointer<MIDIPlayer>, channel: Int) {
    guard let bank = tracks[player.pointee.track].bank else { return }
    // Nothing has been told to this channel since the jump, so what it has come to by now is the same.
    if chasedJump != player.pointee.jump { gatherStates(player.pointee, before: player.pointee.nextEvent) }
    let block = bank.pointee.blocks + player.pointee.block
    let bit = UInt16(1) << UInt16(channel)
    block.pointee.pending &= ~bit
    let own = overrides(player.pointee.midi, channel)
    let target = ChannelTarget(
      bank: bank, channel: channel,
      fluid: bank.pointee.fluidChannel(channel: channel, block: player.pointee.block))
    if block.pointee.strange & bit != 0 { tell(target, .reset) }
    if block.pointee.untyped & bit != 0 { tell(target, .type, channel == 9 ? 1 : 0) }
    setSound(target, chased[channel], player.pointee.midi, isOwn: own, block)
    setControllers(target, chased[channel], block)
    block.pointee.strange &= ~bit
    block.pointee.untyped &= ~bit
    block.pointee.touched &= ~bit
    if chased[channel].touched || own { block.pointee.touched |= bit }
    if chased[channel].isStrange { block.pointee.strange |= bit }
  }

  /// Whether a region has a bank or program of its own for a channel. Without a channel of its own that is
  /// for its melody, not for its drums.
  @_noLocks
  func overrides(_ midi: ScheduledMIDI, _ channel: Int) -> Bool {
    guard midi.bank >= 0 || midi.program >= 0 else { return false }
    return midi.channel < 0 ? channel != 9 : Int(midi.channel) == channel
  }

  /// What each channel of a player has come to before an event: from the checkpoint before it on.
  @_noLocks
  mutating func gatherStates(_ player: MIDIPlayer, before index: Int) {
    let clip = player.midi.clip
    let checkpoint = index / MIDIClipMemory.chaseStride
    for channel in 0..<16 { chased[channel] = clip.pointee.states[checkpoint * 16 + channel] }
    for event in (checkpoint * MIDIClipMemory.chaseStride)..<index {
      chased[Int(clip.pointee.events[event].channel & 15)].apply(clip.pointee.events[event])
    }
    let own = player.midi.channel
    for source in 0..<16 where own >= 0 && chased[source].touched && source != Int(own) {
      // All channels of the clip come together on the region's own.
      chased[Int(own)].merge(chased[source])
      chased[source] = ChannelState()
    }
    chasedJump = player.jump
  }

  @_noLocks
  private func firstEvent(in clip: UnsafePointer<MIDIClipMemory>, from tick: Tick) -> Int {
    var low = 0
    var high = clip.pointee.count
    while low < high {
      let middle = (low + high) >> 1
      if clip.pointee.events[middle].tick < tick { low = middle + 1 } else { high = middle }
    }
    return low
  }

  @_noLocks
  private mutating func tell(
    _ target: ChannelTarget, _ kind: SynthOp.Kind, _ first: Int = 0, _ second: Int = 0
  ) {
    putToAll(SynthOp(kind, target.fluid, first, second), channel: target.channel, of: target.bank)
  }

  /// Bank and program: the region's own, else the clip's, else a fresh channel's.
  @_noLocks
  private mutating func setSound(
    _ target: ChannelTarget, _ state: ChannelState, _ midi: ScheduledMIDI, isOwn: Bool,
    _ block: UnsafeMutablePointer<ChannelBlock>
  ) {
    let isDrums = target.channel == 9
    var bank =
      isDrums ? 128 : state.controllers[0] == ChannelState.unset ? 0 : Int32(state.controllers[0])
    var program = state.program == ChannelState.unset ? 0 : Int32(state.program)
    if isOwn {
      if midi.bank >= 0 { bank = Int32(midi.bank) }
      if midi.program >= 0 { program = Int32(midi.program) } else if midi.bank >= 0 { program = 0 }
    }
    block.pointee.sounds[target.channel].set(bank: bank, program: program)
    tell(target, .soundTo, Int(bank), Int(program))
  }

  /// The block's set of controllers are those that may differ from a fresh channel's: before, and then after.
  @_noLocks
  private mutating func setControllers(
    _ target: ChannelTarget, _ state: ChannelState, _ block: UnsafeMutablePointer<ChannelBlock>
  ) {
    let unset = ChannelState.unset
    let bit = UInt16(1) << UInt16(target.channel)
    tell(target, .bendRangeTo, state.bendRange == unset ? 2 : Int(state.bendRange))
    // Data entry acts on what came before it: its result is `bendRange`. The parameter that is chosen is told
    // last, for the data that follow.
    let before = block.pointee.controllers[target.channel]
    var changed = ControllerSet()
    block.pointee.follow(controller: 121, 0, bit)
    for number in 1..<120 where number != 32 && number != 6 && number != 38 && number != 96 && number != 97 {
      let isSet = state.controllers[number] != unset
      if isSet {
        changed.insert(number)
        block.pointee.follow(controller: UInt8(number), state.controllers[number], bit)
      }
      guard isSet || before.contains(number) else { continue }
      let value = isSet ? state.controllers[number] : target.bank.pointee.defaults[number]
      // FluidSynth marks a portamento without a start with a value that no message can carry.
      if value > 127 { continue }
      tell(target, .controllerTo, number, Int(value))
    }
    block.pointee.controllers[target.channel] = changed
    tell(target, .bendTo, state.bendHigh == unset ? 8192 : Int(state.bendLow) | Int(state.bendHigh) << 7)
    if state.pressure != unset { tell(target, .pressure, Int(state.pressure)) }
  }
}

/// One MIDI channel of a channel block, to be put into a state. Realtime thread.
private struct ChannelTarget: BitwiseCopyable {
  var bank: UnsafeMutablePointer<SynthBank>
  var channel: Int
  /// Its number in FluidSynth.
  var fluid: Int

  @_noLocks
  init(bank: UnsafeMutablePointer<SynthBank>, channel: Int, fluid: Int) {
    self.bank = bank
    self.channel = channel
    self.fluid = fluid
  }
}
