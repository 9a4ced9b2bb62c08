import CFluidSynth

/// What happens in one synth alone: it is told what is due, and renders a grid block. Realtime thread, or any
/// one thread when synths are rendered side by side.
extension SynthBank {
  /// One of the grid blocks that are made in one go: what is due, and its sound.
  @_noLocks
  static func run(
    _ bank: UnsafeMutablePointer<SynthBank>, _ synth: UnsafeMutablePointer<SynthState>, line: Int,
    at frame: Int64
  ) {
    tell(synth, upTo: Int(synth.pointee.opEnds[line]), at: frame)
    if !synth.pointee.isAsleep {
      synth.pointee.peakVoices = max(synth.pointee.peakVoices, rt_synth_voices(synth.pointee.synth))
    }
    render(bank, synth, line: line, at: frame)
    synth.pointee.rendered = line + 1
  }

  /// Tells a synth its ops up to the end of a grid block that begins at a device frame.
  @_noLocks
  static func tell(_ synth: UnsafeMutablePointer<SynthState>, upTo end: Int, at frame: Int64) {
    while synth.pointee.ops.told < end {
      tell(synth, synth.pointee.ops[synth.pointee.ops.told], at: frame)
      synth.pointee.ops.told += 1
    }
  }

  @_noLocks
  private static func tell(_ state: UnsafeMutablePointer<SynthState>, _ op: SynthOp, at frame: Int64) {
    let synth = state.pointee.synth
    let channel = Int32(op.channel)
    let first = Int32(op.first)
    let second = Int32(op.second)
    switch op.kind {
    case .nothing: break
    case .noteOn: startNote(state, channel, first, second, at: frame)
    case .noteOff: rt_synth_note_off(synth, channel, first)
    case .endKey: endKey(state, channel, first)
    case .controller: rt_synth_controller(synth, channel, first, second)
    case .controllerTo:
      if rt_synth_get_controller(synth, channel, first) != second {
        rt_synth_controller(synth, channel, first, second)
      }
    case .program: rt_synth_program(synth, channel, first)
    case .bend: rt_synth_pitch_bend(synth, channel, first)
    case .bendTo:
      if rt_synth_get_pitch_bend(synth, channel) != first { rt_synth_pitch_bend(synth, channel, first) }
    case .bendRangeTo:
      if rt_synth_get_bend_range(synth, channel) != first { rt_synth_bend_range(synth, channel, first) }
    case .pressure: rt_synth_channel_pressure(synth, channel, first)
    case .keyPressure: rt_synth_key_pressure(synth, channel, first, second)
    case .soundTo, .pedalsUp, .reset, .type: setUp(synth, op)
    }
  }

  @_noLocks
  private static func setUp(_ synth: UnsafeMutableRawPointer, _ op: SynthOp) {
    let channel = Int32(op.channel)
    switch op.kind {
    case .soundTo:
      let has = rt_synth_get_sound(synth, channel)
      guard has.bank != Int32(op.first) || has.program != Int32(op.second) else { return }
      rt_synth_bank(synth, channel, Int32(op.first))
      rt_synth_program(synth, channel, Int32(op.second))
    case .pedalsUp:
      if rt_synth_get_controller(synth, channel, 64) != 0 { rt_synth_controller(synth, channel, 64, 0) }
      if rt_synth_get_controller(synth, channel, 66) != 0 { rt_synth_controller(synth, channel, 66, 0) }
    case .reset:
      rt_synth_controller(synth, channel, 121, 0)
      rt_synth_bend_range(synth, channel, 2)
    case .type:
      rt_synth_channel_type(synth, channel, Int32(op.first))
      rt_synth_bank(synth, channel, op.first != 0 ? 128 : 0)
      rt_synth_program(synth, channel, 0)
    default: break
    }
  }

  @_noLocks
  private static func startNote(
    _ synth: UnsafeMutablePointer<SynthState>, _ channel: Int32, _ key: Int32, _ velocity: Int32,
    at frame: Int64
  ) {
    synth.pointee.isAsleep = false
    synth.pointee.live |= 1 << UInt32(Int(channel) % EngineLimits.channelBlocks)
    if rt_synth_note_on(synth.pointee.synth, channel, key, velocity) != 0 {
      synth.pointee.noteFrames[Int(synth.pointee.nextNote & 1023)] = frame
      synth.pointee.nextNote &+= 1
    }
    synth.pointee.hasNewNotes = true
  }

  /// Lets a key go; what a pedal keeps of it fades within the grid block.
  @_noLocks
  private static func endKey(_ synth: UnsafeMutablePointer<SynthState>, _ channel: Int32, _ key: Int32) {
    rt_synth_note_off(synth.pointee.synth, channel, key)
    let listed = rt_synth_list_voices(synth.pointee.synth, synth.pointee.voices)
    for index in 0..<Int(listed) {
      let voice = synth.pointee.voices[index]
      guard voice.state != 0, Int32(voice.channel) == channel, Int32(voice.key) == key else { continue }
      rt_synth_fade_voice(synth.pointee.synth, voice)
      synth.pointee.noteFrames[Int(voice.note & 1023)] = -1
      synth.pointee.hasFadedVoices = true
    }
  }

  /// Renders the next of the grid blocks that are made in one go.
  @_noLocks
  static func render(
    _ bank: UnsafeMutablePointer<SynthBank>, _ synth: UnsafeMutablePointer<SynthState>, line: Int,
    at frame: Int64
  ) {
    synth.pointee.made[line] = 0
    guard !synth.pointee.isAsleep else { return }
    let live = synth.pointee.live
    let groups = synth.pointee.groups + line * 2 * bank.pointee.blockCount * EngineLimits.gridFrames
    var effects: UnsafeMutablePointer<Float>?
    if let base = synth.pointee.effects { effects = base + line * 4 * EngineLimits.gridFrames }
    if effects != nil { scaleSends(bank, synth, line: line) }
    freeFadedVoices(synth, at: frame)
    rt_synth_render(synth.pointee.synth, groups, Int32(bank.pointee.blockCount), live, effects)
    synth.pointee.made[line] = live | SynthState.isMade
    updateSleep(synth, effects, line: line, isPlain: bank.pointee.lanes == 1)
  }

  /// Gives reverb and chorus no more of a region than is heard of it: each block's voices send by its level.
  @_noLocks
  private static func scaleSends(
    _ bank: UnsafeMutablePointer<SynthBank>, _ synth: UnsafeMutablePointer<SynthState>, line: Int
  ) {
    for block in 0..<bank.pointee.blockCount where synth.pointee.live & (1 << UInt32(block)) != 0 {
      let level = bank.pointee.levels[line * EngineLimits.channelBlocks + block]
      if level.to == level.from, level.to == 1 || !level.hasUnscaledSends { continue }
      rt_synth_scale_sends(synth.pointee.synth, Int32(block), level.to)
    }
  }

  /// A synth whose voices have ended and whose effects have rung out is left alone until its next note. A lane
  /// hands out the end of its last block with the next one.
  @_noLocks
  private static func updateSleep(
    _ synth: UnsafeMutablePointer<SynthState>, _ effects: UnsafeMutablePointer<Float>?, line: Int,
    isPlain: Bool
  ) {
    guard rt_synth_voices(synth.pointee.synth) == 0 else {
      synth.pointee.quietBlocks = 0
      return
    }
    if isPlain || synth.pointee.quietBlocks > 0 { synth.pointee.live = 0 }
    var peak: Float = 0
    if let effects {
      for index in 0..<(4 * EngineLimits.gridFrames) { peak = max(peak, abs(effects[index])) }
    }
    synth.pointee.quietBlocks = peak < 1e-6 ? synth.pointee.quietBlocks + 1 : isPlain ? 0 : 1
    if synth.pointee.quietBlocks > 64 {
      synth.pointee.isAsleep = true
      synth.pointee.quietBlocks = 0
      synth.pointee.made[line] |= SynthState.hasRungOut
    }
  }

  // MARK: Voices

  /// Voices that sound or are being ended.
  @_noLocks
  static func voices(of synth: UnsafeMutablePointer<SynthState>) -> Int32 {
    rt_synth_voices(synth.pointee.synth)
  }

  /// When a note was started; −1 when it is being ended.
  ///
  /// A legato pedal lets FluidSynth start notes of its own: a number beyond those known is one of this
  /// block's.
  @_noLocks
  static func startFrame(of note: UInt32, in synth: UnsafeMutablePointer<SynthState>, at frame: Int64)
    -> Int64
  {
    while Int32(bitPattern: note &- synth.pointee.nextNote) >= 0 {
      synth.pointee.noteFrames[Int(synth.pointee.nextNote & 1023)] = frame
      synth.pointee.nextNote &+= 1
    }
    return synth.pointee.noteFrames[Int(note & 1023)]
  }

  /// Frees the voices that the last grid block made silent.
  @_noLocks
  private static func freeFadedVoices(_ synth: UnsafeMutablePointer<SynthState>, at frame: Int64) {
    guard synth.pointee.hasFadedVoices else { return }
    synth.pointee.hasFadedVoices = false
    let listed = rt_synth_list_voices(synth.pointee.synth, synth.pointee.voices)
    for index in 0..<Int(listed) {
      let voice = synth.pointee.voices[index]
      if startFrame(of: voice.note, in: synth, at: frame) < 0 { rt_synth_free_voice(voice) }
    }
  }
}

extension SynthState {
  /// The bit of `made` that says that there is something to mix.
  static var isMade: UInt32 { @_noLocks get { 1 << 31 } }
  /// The bit that says that its voices and effects have ended.
  static var hasRungOut: UInt32 { @_noLocks get { 1 << 30 } }
}
