extension RenderState {
  /// Adds this grid block to the meters and publishes them twenty times a second.
  @_noLocks
  mutating func measure() {
    masterMeter.take(gridLeft, gridRight, frames: EngineLimits.gridFrames)
    meterFrames += EngineLimits.gridFrames
    guard Double(meterFrames) * EngineLimits.metersPerSecond >= sampleRate else { return }
    let draft = meters.draft
    draft.pointee.deviceFrame = deviceFrame
    draft.pointee.master = masterMeter.averaged(over: meterFrames)
    masterMeter = MeterValue()
    for track in 0..<trackCount {
      draft.pointee.tracks[track] = tracks[track].meter.averaged(over: meterFrames)
      draft.pointee.voices[track] = activeVoices(of: track)
      tracks[track].meter = MeterValue()
    }
    meterFrames = 0
    meters.publisher.publish()
  }

  /// What status and events are made of, once a block.
  @_noLocks
  mutating func publishReport() {
    let draft = report.draft
    draft.pointee.deviceFrame = deviceFrame - Int64(gridRemaining)
    draft.pointee.playheadFrame = transport.frame
    draft.pointee.playheadTick = playheadTick()
    draft.pointee.bpm = schedule.pointee.tempo.bpm(atTick: draft.pointee.playheadTick)
    draft.pointee.rolling = transport.rolling
    draft.pointee.countInFrames = metronome.count.framesLeft
    draft.pointee.scheduleRevision = schedule.pointee.revision
    draft.pointee.audioVoices = Int32(truncatingIfNeeded: voiceCount)
    draft.pointee.midiPlayers = Int32(truncatingIfNeeded: playerCount)
    draft.pointee.limiterReduction = limiter.takeReduction()
    var total: Int32 = 0
    for track in 0..<trackCount { total += activeVoices(of: track) }
    draft.pointee.voices = total
    report.publisher.publish()
  }
}
