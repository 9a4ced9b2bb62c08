import CFluidSynth

/// The way to silence: the bus closes over 5 ms, every synth is silenced and reset behind it, and the bus
/// opens again.
///
/// A reset lets finished notes into their release once more, so the voices are cut before and after it.
struct Panic: BitwiseCopyable {
  enum Phase: BitwiseCopyable { case none, closing, resetting, flushing }

  var phase = Phase.none
  var gate = Ramp(1)
  var nextTrack = 0
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
  /// Banks reset in one grid block: about 20 µs a synth.
  private static var resetsPerGridBlock: Int { @_noLocks get { 16 } }

  @_noLocks
  mutating func startPanic() {
    transport.haltTick = .infinity
    transport.rolling = false
    endAllPlayers()
    panic.phase = .closing
    panic.gate.move(to: 0, frames: declickFrames)
  }

  @_noLocks
  mutating func advancePanic() {
    switch panic.phase {
    case .none: return
    case .closing:
      guard !panic.gate.isMoving else { return }
      voiceCount = 0
      panic.nextTrack = 0
      panic.phase = .resetting
    case .resetting:
      let last = min(trackCount, panic.nextTrack + Self.resetsPerGridBlock)
      while panic.nextTrack < last {
        if let bank = tracks[panic.nextTrack].bank { silence(bank) }
        panic.nextTrack += 1
      }
      guard panic.nextTrack >= trackCount else { return }
      for index in 0..<retiringBankCount { silence(retiringBanks[index].bank) }
      panic.phase = .flushing
    case .flushing:
      // The block just rendered, behind the closed bus, has carried the resets out.
      for track in 0..<trackCount { if let bank = tracks[track].bank { sendToSleep(bank) } }
      for index in 0..<retiringBankCount { sendToSleep(retiringBanks[index].bank) }
      panic.phase = .none
      panic.hasEnded = true
      panic.gate = Ramp(1)
    }
  }

  @_noLocks
  private func sendToSleep(_ bank: UnsafeMutablePointer<SynthBank>) {
    for index in 0..<EngineLimits.synthsPerBank {
      bank.pointee.synths[index].isAsleep = true
      bank.pointee.synths[index].live = 0
      bank.pointee.synths[index].quietBlocks = 0
      bank.pointee.synths[index].hasFadedVoices = false
    }
  }

  @_noLocks
  private func silence(_ bank: UnsafeMutablePointer<SynthBank>) {
    for index in 0..<EngineLimits.synthsPerBank {
      let synth = bank.pointee.synths + index
      guard !synth.pointee.isAsleep else { continue }
      rt_synth_all_sounds_off(synth.pointee.synth)
      rt_synth_system_reset(synth.pointee.synth)
      rt_synth_all_sounds_off(synth.pointee.synth)
      rt_synth_interpolation(synth.pointee.synth, bank.pointee.interpolation)
    }
    for block in 0..<EngineLimits.channelBlocks { bank.pointee.blocks[block].touched = 0xFFFF }
  }
}
