import CFluidSynth

/// The way to silence: the bus closes over 5 ms, every synth is silenced and some are reset behind it, and the
/// bus opens again.
///
/// A reset lets finished notes into their release once more, so the voices are cut before and after it. It also
/// takes long, so only `EngineLimits.panicResets` synths get one while everybody waits. The others play on at
/// once, but what their reverb still holds of before is kept out until it has died away.
struct Panic: BitwiseCopyable {
  enum Phase: BitwiseCopyable { case none, closing, resetting, flushing }

  var phase = Phase.none
  var gate = Ramp(1)
  var nextSynth = 0
  var nextEffect = 0
  /// The bus has just opened: commands that waited for it land without waiting for the device's next
  /// callback.
  var hasEnded = false

  /// A switch, because the synthesised `==` of an enum is generic and barred from the realtime thread.
  var isOver: Bool {
    @_noLocks get {
      switch phase {
      case .none: true
      case .closing, .resetting, .flushing: false
      }
    }
  }

  @_noLocks init() {}
}

extension RenderState {
  @_noLocks
  mutating func startPanic() {
    metronome.cancelCount()
    transport.haltTick = .infinity
    transport.rolling = false
    stopClocks()
    rearmStreams()
    endAllPlayers(areCut: true)
    leaveAllInputs()
    flushAllPorts()
    panic.phase = .closing
    panic.gate.move(to: 0, frames: declickFrames)
  }

  @_noLocks
  mutating func advancePanic() {
    switch panic.phase {
    case .none: return
    case .closing:
      guard !panic.gate.isMoving else { return }
      for index in 0..<voiceCount { endSupply(voices + index) }
      voiceCount = 0
      stopAudition()
      silenceSynths()
      panic.nextSynth = 0
      panic.nextEffect = 0
      panic.phase = .resetting
    case .resetting:
      if !resetNextSynth(), !silenceNextEffects() { panic.phase = .flushing }
    case .flushing:
      // The block just rendered, behind the closed bus, has carried the resets out.
      for place in 0..<bankPlaces { if let bank = bank(at: place) { sendToSleep(bank) } }
      limiter.clear()
      panic.phase = .none
      panic.hasEnded = true
      panic.gate = Ramp(1)
    }
  }

  @_noLocks
  private func sendToSleep(_ bank: UnsafeMutablePointer<SynthBank>) {
    for index in 0..<EngineLimits.synthsPerBank {
      let synth = bank.pointee.synths + index
      guard synth.pointee.wetGate.pointee.unheardBlocks == 0 else { continue }
      synth.pointee.isAsleep = true
      synth.pointee.live = 0
      synth.pointee.quietBlocks = 0
      synth.pointee.hasFadedVoices = false
    }
  }

  /// Without reverb and chorus nothing rings on once the voices are off: what the channels were told is taken
  /// back when a region takes them. Some microseconds a synth, so all of them at once. Of those with effects the
  /// first are to be reset, and the effects of the rest are not heard for a while.
  @_noLocks
  private func silenceSynths() {
    var resets = EngineLimits.panicResets
    for place in 0..<bankPlaces {
      guard let bank = bank(at: place) else { continue }
      for index in 0..<EngineLimits.synthsPerBank {
        let synth = bank.pointee.synths + index
        guard !synth.pointee.isAsleep else { continue }
        rt_synth_all_sounds_off(synth.pointee.synth)
        synth.pointee.resetsLeft = 0
        synth.pointee.wetGate.pointee = WetGate()
        if synth.pointee.effects != nil {
          if resets > 0 { synth.pointee.resetsLeft = 2 } else { unhear(synth) }
          resets -= 1
        }
        let channels = bank.pointee.channels(ofSynth: index)
        for block in 0..<EngineLimits.channelBlocks {
          let touched = bank.pointee.blocks[block].touched & channels
          bank.pointee.blocks[block].strange |= touched
        }
      }
    }
  }

  @_noLocks
  private func unhear(_ synth: UnsafeMutablePointer<SynthState>) {
    synth.pointee.wetGate.pointee.level = Ramp(0)
    synth.pointee.wetGate.pointee.unheardBlocks = Int32(
      EngineLimits.effectsTailSeconds * sampleRate / Double(EngineLimits.gridFrames))
  }

  /// Silences and resets the next synth that is to be; false when there is none left. One in a grid block,
  /// because a reset takes FluidSynth some 300 µs, and all of them twice: the first clears the reverb's delay
  /// lines but not the filters behind them, which would send a ghost of the old sound around.
  @_noLocks
  private mutating func resetNextSynth() -> Bool {
    let perBank = EngineLimits.synthsPerBank
    let places = bankPlaces
    while panic.nextSynth < 2 * places * perBank {
      let place = panic.nextSynth / perBank % places
      let index = panic.nextSynth % perBank
      let round = panic.nextSynth / (places * perBank)
      panic.nextSynth += 1
      if let bank = bank(at: place), Int(bank.pointee.synths[index].resetsLeft) == 2 - round {
        bank.pointee.synths[index].resetsLeft -= 1
        reset(bank.pointee.synths + index, index: index, of: bank)
        return true
      }
    }
    return false
  }

  /// A few a grid block: a reverb's memory is some 200 kB. False when all are silent.
  @_noLocks
  private mutating func silenceNextEffects() -> Bool {
    var silenced = 0
    while panic.nextEffect < EngineLimits.buses, silenced < EngineLimits.panicEffects {
      let effect = effects[panic.nextEffect].effect
      panic.nextEffect += 1
      if let effect, !effect.pointee.isAsleep {
        effect.pointee.silence()
        silenced += 1
      }
    }
    return silenced > 0
  }

  @_noLocks
  private func reset(
    _ synth: UnsafeMutablePointer<SynthState>, index: Int, of bank: UnsafeMutablePointer<SynthBank>
  ) {
    rt_synth_all_sounds_off(synth.pointee.synth)
    rt_synth_system_reset(synth.pointee.synth)
    rt_synth_all_sounds_off(synth.pointee.synth)
    rt_synth_interpolation(synth.pointee.synth, bank.pointee.interpolation)
    let channels = bank.pointee.channels(ofSynth: index)
    for block in 0..<EngineLimits.channelBlocks {
      bank.pointee.blocks[block].touched |= channels
      bank.pointee.blocks[block].untyped |= channels
      bank.pointee.blocks[block].strange &= ~channels
    }
  }
}
