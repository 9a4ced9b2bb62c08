import MusicalTime

extension RenderState {
  /// Takes another session in the place of the present one: its schedule, synths, strips and playhead, from this grid
  /// block's first frame on. What sounded fades out as when the playhead jumps; its synths ring out on the strips they
  /// have. Commands that waited for the old playhead are forgotten. Rolls on if it rolled.
  @_noLocks
  mutating func enter(_ change: UnsafePointer<SessionChange>) {
    guard let next = UnsafePointer<Schedule>(bitPattern: change.pointee.schedule) else {
      report.draft.pointee.commandsIgnored += 1
      return
    }
    let wasRolling = transport.rolling
    // Not rolling while banks are exchanged: neither session's regions are to be entered halfway through.
    transport.rolling = false
    leaveAllAudio()
    endAllPlayers(areCut: true)
    leaveTracks()
    retiring.revisions[retiring.count] = schedule.pointee.revision
    retiring.count += 1
    schedule = next
    setStrips(change)
    if let plan = UnsafePointer<MixPlan>(bitPattern: change.pointee.mix) { take(plan, of: change) }
    masterGain.move(to: change.pointee.masterGain, frames: declickFrames)
    transport.haltTick = .infinity
    timed.discardAll()
    setPlayhead(change.pointee.tick)
    guard wasRolling else { return }
    transport.rolling = true
    placeClocks(at: transport.anchorTick)
    isChasingNotes = chasesNotes
    enterMIDI(at: transport.anchorTick)
    isChasingNotes = false
    enterAudio(at: transport.anchorTick, firstFrame: 0)
  }

  /// Ports are led to the new session's tracks by commands of their own.
  @_noLocks
  private mutating func leaveTracks() {
    stopClocks()
    leaveAllInputs()
    for port in 0..<EngineLimits.midiPorts { ports.inputs[port].track = -1 }
    for track in 0..<trackCount { tracks[track].output = -1 }
  }

  @_noLocks
  private mutating func setStrips(_ change: UnsafePointer<SessionChange>) {
    // Tails stay as they are heard, whatever the new session solos.
    for track in 0..<trackCount { leave(track) }
    anySolo = false
    for slot in 0..<EngineLimits.tracks where change.pointee.strips[slot].isUsed {
      if change.pointee.strips[slot].isSoloed { anySolo = true }
    }
    for slot in 0..<EngineLimits.tracks {
      let wanted = change.pointee.strips[slot]
      if wanted.isUsed {
        guard use(track: slot) else { continue }
        install(UnsafeMutablePointer<SynthBank>(bitPattern: wanted.bank), on: slot)
        set(slot, wanted)
      } else if slot < trackCount {
        install(nil, on: slot)
      }
    }
    budget.notesStarted = true
  }

  @_noLocks
  mutating func set(_ index: Int, _ wanted: SessionChange.Strip) {
    let strip = tracks + index
    let gate: Float = (anySolo ? wanted.isSoloed : !wanted.isMuted) ? 1 : 0
    strip.pointee.isMuted = wanted.isMuted
    strip.pointee.isSoloed = wanted.isSoloed
    strip.pointee.isLeft = false
    strip.pointee.polyphony = wanted.polyphony
    if wanted.isShared {
      strip.pointee.gain.move(to: wanted.gain, frames: declickFrames)
      strip.pointee.pan.move(to: wanted.pan, frames: declickFrames)
      strip.pointee.gate.move(to: gate, frames: declickFrames)
    } else {
      strip.pointee.gain = Ramp(wanted.gain)
      strip.pointee.pan = Ramp(wanted.pan)
      strip.pointee.law = PanLaw(pan: wanted.pan)
      strip.pointee.gate = Ramp(gate)
    }
  }
}
