extension RenderState {
  /// Adds this grid block to the meters and publishes them twenty times a second.
  @_noLocks
  mutating func measure() {
    masterMeter.take(gridLeft, gridRight, frames: EngineLimits.gridFrames)
    cueMeter.take(cueLeft, cueRight, frames: EngineLimits.gridFrames)
    lendOutput()
    meterFrames += EngineLimits.gridFrames
    guard Double(meterFrames) * EngineLimits.metersPerSecond >= sampleRate else { return }
    let draft = meters.draft
    draft.pointee.deviceFrame = deviceFrame - (looksAhead ? Int64(EngineLimits.lookAheadFrames) : 0)
    draft.pointee.master = masterMeter.averaged(over: meterFrames)
    masterMeter = MeterValue()
    for track in 0..<trackCount {
      draft.pointee.tracks[track] = tracks[track].meter.averaged(over: meterFrames)
      if !isBesideSynths { draft.pointee.voices[track] = activeVoices(of: track) }
      tracks[track].meter = MeterValue()
    }
    for bus in 0..<EngineLimits.buses {
      let strip = tracks + EngineLimits.firstBusStrip + bus
      draft.pointee.buses[bus] = strip.pointee.meter.averaged(over: meterFrames)
      strip.pointee.meter = MeterValue()
    }
    draft.pointee.cue = cueMeter.averaged(over: meterFrames)
    cueMeter = MeterValue()
    meterFrames = 0
    meters.publisher.publish()
  }

  /// The main output for the loudness meter, which nobody here waits for.
  @_noLocks
  private mutating func lendOutput() {
    let slot = heard.turn.slot()
    guard slot >= 0 else {
      report.draft.pointee.meterBlocksDropped += 1
      return
    }
    let target = UnsafeMutableRawPointer(heard.slots + slot).assumingMemoryBound(to: Float.self)
    for index in 0..<EngineLimits.gridFrames {
      target[2 * index] = gridLeft[index]
      target[2 * index + 1] = gridRight[index]
    }
    heard.turn.commit()
  }

  /// What status and events are made of, once a block.
  @_noLocks
  mutating func publishReport() {
    let draft = report.draft
    let ahead = looksAhead ? EngineLimits.lookAheadFrames : 0
    let heard = looksAhead ? earlierPlace : place
    draft.pointee.deviceFrame = deviceFrame - Int64(gridRemaining + ahead)
    draft.pointee.playheadFrame = heard.frame
    draft.pointee.playheadTick = heard.tick
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
