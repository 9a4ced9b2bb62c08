import CFluidSynth
import MusicalTime

extension RenderState {
  /// Puts a player at a tick of its clip: fresh channels, then one value for each controller the clip has set
  /// by then.
  @_noLocks
  mutating func seek(_ player: UnsafeMutablePointer<MIDIPlayer>, to tick: Tick) {
    guard let bank = tracks[player.pointee.track].bank else { return }
    let clip = player.pointee.midi.clip
    let index = firstEvent(in: clip, from: tick)
    player.pointee.nextEvent = index
    refreshChannels(bank, block: player.pointee.block)
    let checkpoint = index / MIDIClipMemory.chaseStride
    for channel in 0..<16 {
      var state = clip.pointee.states[checkpoint * 16 + channel]
      for event in (checkpoint * MIDIClipMemory.chaseStride)..<index
      where Int(clip.pointee.events[event].channel) == channel {
        state.apply(clip.pointee.events[event])
      }
      if state.touched { chase(state, channel: channel, player.pointee.midi, bank, player.pointee.block) }
    }
    override(player.pointee.midi, bank, player.pointee.block)
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

  /// Makes the channels that an earlier region used like new.
  @_noLocks
  private func refreshChannels(_ bank: UnsafeMutablePointer<SynthBank>, block: Int) {
    let touched = bank.pointee.blocks[block].touched
    guard touched != 0 else { return }
    bank.pointee.blocks[block].touched = 0
    for channel in 0..<16 where touched & (1 << UInt16(channel)) != 0 {
      let synth = bank.pointee.synth(channel: channel).pointee.synth
      let target = Int32(SynthBank.fluidChannel(channel: channel, block: block))
      let isDrums = channel == 9
      rt_synth_channel_type(synth, target, isDrums ? 1 : 0)
      rt_synth_controller(synth, target, 121, 0)
      for number in 1..<96 where number != 6 && number != 32 && number != 38 {
        let fresh = Int32(bank.pointee.defaults[number])
        if rt_synth_get_controller(synth, target, Int32(number)) != fresh {
          rt_synth_controller(synth, target, Int32(number), fresh)
        }
      }
      rt_synth_bend_range(synth, target, 2)
      rt_synth_bank(synth, target, isDrums ? 128 : 0)
      rt_synth_program(synth, target, 0)
    }
  }

  @_noLocks
  private func chase(
    _ state: ChannelState, channel source: Int, _ midi: ScheduledMIDI,
    _ bank: UnsafeMutablePointer<SynthBank>,
    _ block: Int
  ) {
    let channel = midi.channel >= 0 ? Int(midi.channel) : source
    let synth = bank.pointee.synth(channel: channel).pointee.synth
    let target = Int32(SynthBank.fluidChannel(channel: channel, block: block))
    let unset = ChannelState.unset
    bank.pointee.blocks[block].touched |= 1 << UInt16(channel)
    if midi.bank < 0 {
      if state.controllers[0] != unset { rt_synth_controller(synth, target, 0, Int32(state.controllers[0])) }
      if state.controllers[32] != unset {
        rt_synth_controller(synth, target, 32, Int32(state.controllers[32]))
      }
    }
    if midi.program < 0, state.program != unset { rt_synth_program(synth, target, Int32(state.program)) }
    if state.bendRange != unset { rt_synth_bend_range(synth, target, Int32(state.bendRange)) }
    // Data entry acts on what came before it: its result is `bendRange`. The parameter that is chosen is told
    // last, for the data that follow.
    for number in 1..<120 where number != 32 && number != 6 && number != 38 && number != 96 && number != 97 {
      let value = state.controllers[number]
      if value != unset { rt_synth_controller(synth, target, Int32(number), Int32(value)) }
    }
    if state.bendHigh != unset {
      rt_synth_pitch_bend(synth, target, Int32(state.bendLow) | Int32(state.bendHigh) << 7)
    }
    if state.pressure != unset { rt_synth_channel_pressure(synth, target, Int32(state.pressure)) }
  }

  /// The region's own bank and program, over the clip's.
  @_noLocks
  private func override(_ midi: ScheduledMIDI, _ bank: UnsafeMutablePointer<SynthBank>, _ block: Int) {
    guard midi.bank >= 0 || midi.program >= 0 else { return }
    for channel in 0..<16 where midi.channel < 0 || Int(midi.channel) == channel {
      // Without a channel of its own the region's program is for its melody, not its drums.
      if midi.channel < 0, channel == 9 { continue }
      let synth = bank.pointee.synth(channel: channel).pointee.synth
      let target = Int32(SynthBank.fluidChannel(channel: channel, block: block))
      bank.pointee.blocks[block].touched |= 1 << UInt16(channel)
      if midi.bank >= 0 {
        rt_synth_bank(synth, target, Int32(midi.bank))
        if midi.program < 0 { rt_synth_program(synth, target, 0) }
      }
      if midi.program >= 0 { rt_synth_program(synth, target, Int32(midi.program)) }
    }
  }
}
