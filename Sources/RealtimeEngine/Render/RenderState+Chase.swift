import CFluidSynth
import MusicalTime

extension RenderState {
  /// Puts a player at a tick of its clip: every channel of its block gets what the clip has set by then, and
  /// what a fresh channel has where the clip has set nothing.
  ///
  /// Only what differs from what FluidSynth has is told it: each of its controllers costs a look at all its
  /// voices.
  @_noLocks
  mutating func seek(_ player: UnsafeMutablePointer<MIDIPlayer>, to tick: Tick) {
    guard let bank = tracks[player.pointee.track].bank else { return }
    let clip = player.pointee.midi.clip
    let index = firstEvent(in: clip, from: tick)
    player.pointee.nextEvent = index
    gatherStates(clip, before: index)
    let block = bank.pointee.blocks + player.pointee.block
    let own = player.pointee.midi.channel
    for source in 0..<16 where own >= 0 && chased[source].touched && source != Int(own) {
      // All channels of the clip come together on the region's own.
      chased[Int(own)].merge(chased[source])
      chased[source] = ChannelState()
    }
    for channel in 0..<16 {
      let bit = UInt16(1) << UInt16(channel)
      let hasOwnSound = overrides(player.pointee.midi, channel)
      guard chased[channel].touched || hasOwnSound || block.pointee.touched & bit != 0 else { continue }
      let target = ChannelTarget(
        synth: bank.pointee.synth(channel: channel).pointee.synth,
        channel: Int32(SynthBank.fluidChannel(channel: channel, block: player.pointee.block)),
        isDrums: channel == 9)
      if block.pointee.strange & bit != 0 { target.reset() }
      if block.pointee.untyped & bit != 0 { target.setType() }
      target.setSound(chased[channel], hasOwnSound ? player.pointee.midi : nil)
      target.setControllers(
        chased[channel], &block.pointee.controllers[channel], defaults: bank.pointee.defaults)
      block.pointee.strange &= ~bit
      block.pointee.untyped &= ~bit
      block.pointee.touched &= ~bit
      if chased[channel].touched || hasOwnSound { block.pointee.touched |= bit }
      if chased[channel].isStrange { block.pointee.strange |= bit }
    }
  }

  /// Whether a region has a bank or program of its own for a channel. Without a channel of its own that is
  /// for its melody, not for its drums.
  @_noLocks
  private func overrides(_ midi: ScheduledMIDI, _ channel: Int) -> Bool {
    guard midi.bank >= 0 || midi.program >= 0 else { return false }
    return midi.channel < 0 ? channel != 9 : Int(midi.channel) == channel
  }

  /// What each channel of a clip has come to before an event: from the checkpoint before it on.
  @_noLocks
  private func gatherStates(_ clip: UnsafePointer<MIDIClipMemory>, before index: Int) {
    let checkpoint = index / MIDIClipMemory.chaseStride
    for channel in 0..<16 { chased[channel] = clip.pointee.states[checkpoint * 16 + channel] }
    for event in (checkpoint * MIDIClipMemory.chaseStride)..<index {
      chased[Int(clip.pointee.events[event].channel & 15)].apply(clip.pointee.events[event])
    }
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
}

/// One of FluidSynth's channels, to be put into a state. Realtime thread.
private struct ChannelTarget: BitwiseCopyable {
  var synth: UnsafeMutableRawPointer
  var channel: Int32
  var isDrums: Bool

  /// Takes back what cannot be asked for: pressures, other parameters and tunings.
  @_noLocks
  func reset() {
    rt_synth_controller(synth, channel, 121, 0)
    rt_synth_bend_range(synth, channel, 2)
  }

  /// The type a panic's reset has taken away.
  @_noLocks
  func setType() {
    rt_synth_channel_type(synth, channel, isDrums ? 1 : 0)
    rt_synth_bank(synth, channel, isDrums ? 128 : 0)
    rt_synth_program(synth, channel, 0)
  }

  /// Bank and program: the region's own, else the clip's, else a fresh channel's.
  @_noLocks
  func setSound(_ state: ChannelState, _ own: ScheduledMIDI?) {
    let clipBank =
      isDrums ? 128 : state.controllers[0] == ChannelState.unset ? 0 : Int32(state.controllers[0])
    let clipProgram = state.program == ChannelState.unset ? 0 : Int32(state.program)
    var bank = clipBank
    var program = clipProgram
    if let own {
      if own.bank >= 0 { bank = Int32(own.bank) }
      if own.program >= 0 { program = Int32(own.program) } else if own.bank >= 0 { program = 0 }
    }
    let has = rt_synth_get_sound(synth, channel)
    guard has.bank != bank || has.program != program else { return }
    rt_synth_bank(synth, channel, bank)
    rt_synth_program(synth, channel, program)
  }

  /// `changed` are the controllers that may differ from a fresh channel's: before, and then after.
  @_noLocks
  func setControllers(_ state: ChannelState, _ changed: inout ControllerSet, defaults: UnsafePointer<UInt8>) {
    let unset = ChannelState.unset
    let range = state.bendRange == unset ? 2 : Int32(state.bendRange)
    if rt_synth_get_bend_range(synth, channel) != range { rt_synth_bend_range(synth, channel, range) }
    // Data entry acts on what came before it: its result is `bendRange`. The parameter that is chosen is told
    // last, for the data that follow.
    let before = changed
    changed = ControllerSet()
    for number in 1..<120 where number != 32 && number != 6 && number != 38 && number != 96 && number != 97 {
      let isSet = state.controllers[number] != unset
      if isSet { changed.insert(number) }
      guard isSet || before.contains(number) else { continue }
      let value = isSet ? state.controllers[number] : defaults[number]
      // FluidSynth marks a portamento without a start with a value that no message can carry.
      if value > 127 { continue }
      if rt_synth_get_controller(synth, channel, Int32(number)) != Int32(value) {
        rt_synth_controller(synth, channel, Int32(number), Int32(value))
      }
    }
    let bend = state.bendHigh == unset ? 8192 : Int32(state.bendLow) | Int32(state.bendHigh) << 7
    if rt_synth_get_pitch_bend(synth, channel) != bend { rt_synth_pitch_bend(synth, channel, bend) }
    if state.pressure != unset { rt_synth_channel_pressure(synth, channel, Int32(state.pressure)) }
  }
}
