extension RenderState {
  @_noLocks
  mutating func clearBuses() {
    for track in 0..<trackCount { clear(tracks + track) }
    for strip in EngineLimits.tracks..<EngineLimits.strips { clear(tracks + strip) }
    clear(gridLeft)
    clear(gridRight)
    clear(cueLeft)
    clear(cueRight)
    clear(click)
  }

  @_noLocks
  private func clear(_ strip: UnsafeMutablePointer<TrackState>) {
    if strip.pointee.hasMono { clear(strip.pointee.mono) }
    if strip.pointee.hasStereo {
      clear(strip.pointee.left)
      clear(strip.pointee.right)
    }
    strip.pointee.wasHeard = strip.pointee.hasMono || strip.pointee.hasStereo
    strip.pointee.hasMono = false
    strip.pointee.hasStereo = false
  }

  @_noLocks
  private func clear(_ bus: UnsafeMutablePointer<Float>) {
    for index in 0..<EngineLimits.gridFrames { bus[index] = 0 }
  }

  /// Tracks in the order of their numbers, then the buses in the plan's order, each over its wires; then the
  /// master's own controls.
  @_noLocks
  mutating func mix() {
    if wiring.isStale { route() }
    for track in 0..<trackCount { mix(track) }
    mix(EngineLimits.auditionStrip)
    for place in 0..<EngineLimits.buses { mixBus(Int(wiring.order[place])) }
    mixInput()
    applyMasterGain()
    mixClick()
    removeNonNumbers(gridLeft)
    removeNonNumbers(gridRight)
    removeNonNumbers(cueLeft)
    removeNonNumbers(cueRight)
    removeNonNumbers(click)
    if looksAhead {
      limiter.process(gridLeft, gridRight)
      Self.delay(cueLeft, by: waiting)
      Self.delay(cueRight, by: waiting + EngineLimits.gridFrames)
      Self.delay(click, by: waiting + 2 * EngineLimits.gridFrames)
    }
  }

  /// Changes a block for the one before it.
  @_noLocks
  private static func delay(_ bus: UnsafeMutablePointer<Float>, by memory: UnsafeMutablePointer<Float>) {
    for index in 0..<EngineLimits.gridFrames {
      let earlier = memory[index]
      memory[index] = bus[index]
      bus[index] = earlier
    }
  }

  @_noLocks
  private mutating func applyMasterGain() {
    if masterGain.isMoving || panic.gate.isMoving || cueGain.isMoving {
      for index in 0..<EngineLimits.gridFrames {
        let gate = panic.gate.next()
        let level = masterGain.next() * gate
        let cue = cueGain.next() * gate
        gridLeft[index] *= level
        gridRight[index] *= level
        cueLeft[index] *= cue
        cueRight[index] *= cue
      }
      return
    }
    scale(gridLeft, gridRight, by: masterGain.value * panic.gate.value)
    scale(cueLeft, cueRight, by: cueGain.value * panic.gate.value)
  }

  @_noLocks
  private func scale(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, by level: Float
  ) {
    guard level != 1 else { return }
    for index in 0..<EngineLimits.gridFrames { left[index] *= level }
    for index in 0..<EngineLimits.gridFrames { right[index] *= level }
  }

  /// A clip's sample that is no number is silence, and stays out of everything that has a memory.
  @_noLocks
  private func removeNonNumbers(_ bus: UnsafeMutablePointer<Float>) {
    for index in 0..<EngineLimits.gridFrames {
      bus[index] = abs(bus[index]) <= .greatestFiniteMagnitude ? bus[index] : 0
    }
  }

  /// One strip: what its wires take before the fader, the fader, and what they take behind it.
  @_noLocks
  mutating func mix(_ strip: Int) {
    let track = tracks + strip
    let isMoving =
      track.pointee.gain.isMoving || track.pointee.gate.isMoving || track.pointee.pan.isMoving
      || track.pointee.automationGain.isMoving || track.pointee.automationPan.isMoving
    guard track.pointee.hasMono || track.pointee.hasStereo || isMoving else {
      wiring.settle(strip)
      return
    }
    sendBeforeFader(strip)
    if isMoving { moveLevels(of: track) } else { applyLevels(of: track) }
    track.pointee.meter.take(track.pointee.left, track.pointee.right, frames: EngineLimits.gridFrames)
    send(strip, track.pointee.left, track.pointee.right, mask: 0x5555_5555_5555_5555)
  }

  /// No control moves: one factor for each side.
  @_noLocks
  private func applyLevels(of track: UnsafeMutablePointer<TrackState>) {
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
    scale(left, right, by: level)
  }

  @_noLocks
  private func moveLevels(of track: UnsafeMutablePointer<TrackState>) {
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
    }
    track.pointee.law = PanLaw(pan: track.pointee.pan.value)
    track.pointee.hasStereo = true
  }
}
