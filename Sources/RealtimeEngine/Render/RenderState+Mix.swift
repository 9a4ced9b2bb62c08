extension RenderState {
  @_noLocks
  mutating func clearBuses() {
    for channel in 2..<OutputChannel.count { clear(gridOutputs[channel]) }
    for track in 0..<trackCount {
      let strip = tracks + track
      if strip.pointee.hasMono { clear(strip.pointee.mono) }
      if strip.pointee.hasStereo {
        clear(strip.pointee.left)
        clear(strip.pointee.right)
      }
      strip.pointee.wasHeard = strip.pointee.hasMono || strip.pointee.hasStereo
      strip.pointee.hasMono = false
      strip.pointee.hasStereo = false
    }
  }

  @_noLocks
  private func clear(_ bus: UnsafeMutablePointer<Float>) {
    for index in 0..<EngineLimits.gridFrames { bus[index] = 0 }
  }

  /// Tracks onto the master, always in the order of their numbers, then the master's own controls.
  @_noLocks
  mutating func mix() {
    clear(gridLeft)
    clear(gridRight)
    for track in 0..<trackCount { mix(tracks + track) }
    applyMasterGain()
    mixClick()
    removeNonNumbers(gridLeft)
    removeNonNumbers(gridRight)
    limiter.process(gridLeft, gridRight, frames: EngineLimits.gridFrames, sampleRate: sampleRate)
  }

  @_noLocks
  private mutating func applyMasterGain() {
    if masterGain.isMoving || panic.gate.isMoving {
      for index in 0..<EngineLimits.gridFrames {
        let level = masterGain.next() * panic.gate.next()
        gridLeft[index] *= level
        gridRight[index] *= level
      }
      return
    }
    let level = masterGain.value * panic.gate.value
    guard level != 1 else { return }
    for index in 0..<EngineLimits.gridFrames { gridLeft[index] *= level }
    for index in 0..<EngineLimits.gridFrames { gridRight[index] *= level }
  }

  /// A clip's sample that is no number is silence, and stays out of everything that has a memory.
  @_noLocks
  private func removeNonNumbers(_ bus: UnsafeMutablePointer<Float>) {
    for index in 0..<EngineLimits.gridFrames {
      bus[index] = abs(bus[index]) <= .greatestFiniteMagnitude ? bus[index] : 0
    }
  }

  @_noLocks
  private mutating func mix(_ track: UnsafeMutablePointer<TrackState>) {
    let isHeard = track.pointee.hasMono || track.pointee.hasStereo
    let isMoving = track.pointee.gain.isMoving || track.pointee.gate.isMoving || track.pointee.pan.isMoving
    if isMoving || track.pointee.automationGain.isMoving || track.pointee.automationPan.isMoving {
      mixMoving(track)
    } else if isHeard {
      mixSteady(track)
    }
  }

  /// No control moves: one factor for each side.
  @_noLocks
  private func mixSteady(_ track: UnsafeMutablePointer<TrackState>) {
    let level = track.pointee.gain.value * track.pointee.gate.value * track.pointee.automationGain.to
    let law = track.pointee.law(plus: track.pointee.automationPan.to)
    let left = track.pointee.left
    let right = track.pointee.right
    let mono = track.pointee.mono
    if track.pointee.hasMono {
      for index in 0..<EngineLimits.gridFrames {
        left[index] = left[index] * law.stereoLeft + mono[index] * law.monoLeft
        right[index] = right[index] * law.stereoRight + mono[index] * law.monoRight
      }
      track.pointee.hasStereo = true
    } else if law.stereoLeft != 1 || law.stereoRight != 1 {
      for index in 0..<EngineLimits.gridFrames { left[index] *= law.stereoLeft }
      for index in 0..<EngineLimits.gridFrames { right[index] *= law.stereoRight }
    }
    if level != 1 {
      for index in 0..<EngineLimits.gridFrames { left[index] *= level }
      for index in 0..<EngineLimits.gridFrames { right[index] *= level }
    }
    for index in 0..<EngineLimits.gridFrames { gridLeft[index] += left[index] }
    for index in 0..<EngineLimits.gridFrames { gridRight[index] += right[index] }
    track.pointee.meter.take(left, right, frames: EngineLimits.gridFrames)
  }

  @_noLocks
  private func mixMoving(_ track: UnsafeMutablePointer<TrackState>) {
    let left = track.pointee.left
    let right = track.pointee.right
    let gain = LaneSlope(track.pointee.automationGain)
    let pan = LaneSlope(track.pointee.automationPan)
    // Of the lane's law both ends count; the fader's is followed frame by frame.
    let first = track.pointee.law(plus: track.pointee.automationPan.from)
    let last = track.pointee.law(plus: track.pointee.automationPan.to)
    let isPanning = track.pointee.pan.isMoving
    for index in 0..<EngineLimits.gridFrames {
      if isPanning {
        let place = track.pointee.pan.next()
        track.pointee.law = PanLaw(pan: min(1, max(-1, place + pan.value(index))))
      }
      let level = track.pointee.gain.next() * track.pointee.gate.next() * gain.value(index)
      let law = isPanning ? track.pointee.law : first.mixed(with: last, index)
      left[index] = (left[index] * law.stereoLeft + track.pointee.mono[index] * law.monoLeft) * level
      right[index] = (right[index] * law.stereoRight + track.pointee.mono[index] * law.monoRight) * level
      gridLeft[index] += left[index]
      gridRight[index] += right[index]
    }
    track.pointee.law = PanLaw(pan: track.pointee.pan.value)
    track.pointee.hasStereo = true
    track.pointee.meter.take(left, right, frames: EngineLimits.gridFrames)
  }
}
