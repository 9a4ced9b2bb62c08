import CFluidSynth
import MusicalTime

extension RenderState {
  /// One event of a region to the synth that has its channel.
  @_noLocks
  mutating func send(_ event: ClipEvent, of player: UnsafeMutablePointer<MIDIPlayer>) {
    guard let bank = tracks[player.pointee.track].bank else { return }
    let midi = player.pointee.midi
    let channel = midi.channel >= 0 ? Int(midi.channel) : Int(event.channel)
    let target = SynthBank.fluidChannel(channel: channel, block: player.pointee.block)
    let synth = bank.pointee.synth(channel: channel)
    report.draft.pointee.eventsDelivered += 1
    switch event.kind {
    case .noteOn: startNote(event, player, synth, channel: channel, target: target)
    case .noteOff: endNote(event, player, synth, channel: channel, target: target)
    default:
      let block = bank.pointee.blocks + player.pointee.block
      block.pointee.touched |= 1 << UInt16(channel)
      if event.isController { block.pointee.controllers[channel].insert(Int(event.data1 & 127)) }
      if event.isStrange { block.pointee.strange |= 1 << UInt16(channel) }
      block.pointee.hasUnscaledSends = true
      sendControl(event, midi, synth.pointee.synth, target: target, key: key(event, midi, channel: channel))
    }
  }

  @_noLocks
  private func sendControl(
    _ event: ClipEvent, _ midi: ScheduledMIDI, _ synth: UnsafeMutableRawPointer, target: Int, key: Int
  ) {
    let channel = Int32(target)
    switch event.kind {
    case .controller:
      if midi.bank >= 0, event.data1 == 0 || event.data1 == 32 { return }
      // 124 and above would regroup the synth's channels, which belong to other regions.
      if event.data1 < 124 { rt_synth_controller(synth, channel, Int32(event.data1), Int32(event.data2)) }
    case .program:
      if midi.program < 0 { rt_synth_program(synth, channel, Int32(event.data1)) }
    case .pitchBend:
      rt_synth_pitch_bend(synth, channel, Int32(event.data1) | Int32(event.data2) << 7)
    case .channelPressure: rt_synth_channel_pressure(synth, channel, Int32(event.data1))
    case .keyPressure:
      if key >= 0, key <= 127 { rt_synth_key_pressure(synth, channel, Int32(key), Int32(event.data2)) }
    case .noteOn, .noteOff: break
    }
  }

  /// Drums are not transposed: their keys are instruments.
  @_noLocks
  private func key(_ event: ClipEvent, _ midi: ScheduledMIDI, channel: Int) -> Int {
    channel == 9 ? Int(event.data1) : Int(event.data1) + Int(midi.transpose)
  }

  @_noLocks
  private mutating func startNote(
    _ event: ClipEvent, _ player: UnsafeMutablePointer<MIDIPlayer>, _ synth: UnsafeMutablePointer<SynthState>,
    channel: Int, target: Int
  ) {
    let key = key(event, player.pointee.midi, channel: channel)
    guard key >= 0, key <= 127 else { return }
    guard Int(synth.pointee.noteOns) < EngineLimits.noteOnsPerGridBlock else {
      report.draft.pointee.notesRefused += 1
      return
    }
    let scaled = Float(event.data2) * player.pointee.midi.velocityScale + 0.5
    let velocity = Int32(min(127, max(1, scaled)))
    synth.pointee.isAsleep = false
    synth.pointee.live |= 1 << UInt32(player.pointee.block)
    synth.pointee.noteOns += 1
    if rt_synth_note_on(synth.pointee.synth, Int32(target), Int32(key), velocity) != 0 {
      synth.pointee.noteFrames[Int(synth.pointee.nextNote & 1023)] = deviceFrame
      synth.pointee.nextNote &+= 1
    }
    report.draft.pointee.notesStarted += 1
    budget.notesStarted = true
    if let bank = tracks[player.pointee.track].bank {
      bank.pointee.blocks[player.pointee.block].hasUnscaledSends = true
    }
    let slot = channel * 128 + key
    if player.pointee.held[slot] < 255 {
      player.pointee.held[slot] += 1
      player.pointee.heldCount += 1
    }
  }

  /// A key that two notes of one region hold is let go with the last of them.
  @_noLocks
  private mutating func endNote(
    _ event: ClipEvent, _ player: UnsafeMutablePointer<MIDIPlayer>, _ synth: UnsafeMutablePointer<SynthState>,
    channel: Int, target: Int
  ) {
    let key = key(event, player.pointee.midi, channel: channel)
    guard key >= 0, key <= 127 else { return }
    let slot = channel * 128 + key
    guard player.pointee.held[slot] > 0 else { return }
    player.pointee.held[slot] -= 1
    player.pointee.heldCount -= 1
    if player.pointee.held[slot] == 0 { rt_synth_note_off(synth.pointee.synth, Int32(target), Int32(key)) }
  }

  /// Lets go of every note a player holds, and of the pedals that would keep them.
  @_noLocks
  mutating func releaseHeld(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    guard let bank = tracks[player.pointee.track].bank else { return }
    let block = player.pointee.block
    let touched = bank.pointee.blocks[block].touched
    for channel in 0..<16 {
      let synth = bank.pointee.synth(channel: channel).pointee.synth
      let target = Int32(SynthBank.fluidChannel(channel: channel, block: block))
      if touched & (1 << UInt16(channel)) != 0 {
        if rt_synth_get_controller(synth, target, 64) != 0 { rt_synth_controller(synth, target, 64, 0) }
        if rt_synth_get_controller(synth, target, 66) != 0 { rt_synth_controller(synth, target, 66, 0) }
      }
      guard player.pointee.heldCount > 0 else { continue }
      for key in 0..<128 where player.pointee.held[channel * 128 + key] > 0 {
        player.pointee.heldCount -= Int(player.pointee.held[channel * 128 + key])
        player.pointee.held[channel * 128 + key] = 0
        rt_synth_note_off(synth, target, Int32(key))
      }
    }
  }
}
