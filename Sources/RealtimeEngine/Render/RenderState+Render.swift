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
    input.endBlock(wasFed: inputWasGiven)
    inputWasGiven = false
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
    beginGridBlock(landing: landing)
    if transport.rolling { rollTimedCommands() }
    if transport.rolling { sequenceMIDI() }
    finishGridBlock(line: -1)
  }

  /// Gives back what is done with, and takes what the control thread has sent.
  @_noLocks
  mutating func beginGridBlock(landing: Bool) {
    retireSchedules()
    turnOps()
    retireHeads()
    if landing || panic.hasEnded {
      panic.hasEnded = false
      landCommands()
    }
    tendJump()
    tendStreams()
    startCounted()
    playLive()
    tendPorts()
  }

  /// Makes the sound of a grid block whose events have been handed out. `line` is the place of the synths'
  /// part among those that were made in one go; −1 when it is still to be made.
  @_noLocks
  mutating func finishGridBlock(line: Int) {
    clearBuses()
    if transport.rolling { startAudio() }
    evaluateAutomation()
    renderAudition()
    if line < 0 { renderSynths() } else { mixBanks(line: line) }
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
