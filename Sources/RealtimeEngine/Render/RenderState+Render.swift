extension RenderState {
  /// Fills one block for the device. Realtime thread; any `frames` from 1 up.
  ///
  /// Sound is made a grid block at a time and handed out in the device's portions, so the device's block size
  /// is nowhere in it.
  @_noLocks
  mutating func render(_ outputs: OutputTable, frames: Int) {
    var done = 0
    var mayLand = true
    while done < frames {
      if gridRemaining == 0 {
        renderGridBlock(landing: mayLand)
        mayLand = false
      }
      let first = EngineLimits.gridFrames - gridRemaining
      let portion = min(gridRemaining, frames - done)
      for channel in 0..<OutputChannel.count {
        let output = outputs[channel] + done
        let grid = gridOutputs[channel] + first
        for index in 0..<portion { output[index] = grid[index] }
      }
      gridRemaining -= portion
      done += portion
    }
    publishReport()
  }

  /// The playhead is told as it is heard.
  @_noLocks
  private mutating func keepPlace() {
    earlierPlace = place
    place.frame = transport.frame
    place.tick = playheadTick()
  }

  /// The next 64 frames of everything.
  @_noLocks
  private mutating func renderGridBlock(landing: Bool) {
    retireSchedules()
    retireHeads()
    if landing || panic.hasEnded {
      panic.hasEnded = false
      landCommands()
    }
    tendJump()
    tendStreams()
    clearBuses()
    startCounted()
    if transport.rolling { rollTimedCommands() }
    if transport.rolling {
      sequenceMIDI()
      startAudio()
    }
    evaluateAutomation()
    enforceVoiceBudget()
    renderAudition()
    renderSynths()
    renderAudioVoices()
    renderMetronome()
    if transport.rolling { advanceTransport() }
    mix()
    advancePanic()
    measure()
    keepPlace()
    deviceFrame += Int64(EngineLimits.gridFrames)
    gridRemaining = EngineLimits.gridFrames
  }
}
