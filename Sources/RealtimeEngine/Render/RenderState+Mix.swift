extension RenderState {
  @_noLocks
  mutating func clearBuses() {
    for track in 0..<trackCount {
      let strip = tracks + track
      if strip.pointee.hasMono { clear(strip.pointee.mono) }
      if strip.pointee.hasStereo {
        clear(strip.pointee.left)
        clear(strip.pointee.right)
      }
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
    clear(busLeft)
    clear(busRight)
    for track in 0..<trackCount { mix(tracks + track) }
    for index in 0..<EngineLimits.gridFrames {
      let level = masterGain.next() * panic.gate.next()
      busLeft[index] *= level
      busRight[index] *= level
    }
    limiter.process(busLeft, busRight, frames: EngineLimits.gridFrames, sampleRate: sampleRate)
    for index in 0..<EngineLimits.gridFrames {
      gridLeft[index] = busLeft[index]
      gridRight[index] = busRight[index]
    }
  }

  @_noLocks
  private mutating func mix(_ track: UnsafeMutablePointer<TrackState>) {
    let moves = track.pointee.gain.isMoving || track.pointee.gate.isMoving || track.pointee.pan.isMoving
    guard track.pointee.hasMono || track.pointee.hasStereo else {
      if moves {
        _ = track.pointee.gain.advance(EngineLimits.gridFrames)
        _ = track.pointee.gate.advance(EngineLimits.gridFrames)
        track.pointee.law = PanLaw(pan: track.pointee.pan.advance(EngineLimits.gridFrames))
      }
      return
    }
    for index in 0..<EngineLimits.gridFrames {
      if track.pointee.pan.isMoving { track.pointee.law = PanLaw(pan: track.pointee.pan.next()) }
      let level = track.pointee.gain.next() * track.pointee.gate.next()
      let law = track.pointee.law
      var left = track.pointee.left[index] * law.stereoLeft
      var right = track.pointee.right[index] * law.stereoRight
      if track.pointee.hasMono {
        left += track.pointee.mono[index] * law.monoLeft
        right += track.pointee.mono[index] * law.monoRight
      }
      left *= level
      right *= level
      busLeft[index] += left
      busRight[index] += right
      track.pointee.meter.take(left, right)
    }
    if !track.pointee.pan.isMoving { track.pointee.law = PanLaw(pan: track.pointee.pan.value) }
  }
}

extension MeterValue {
  @_noLocks
  mutating func take(_ left: Float, _ right: Float) {
    peakLeft = max(peakLeft, abs(left))
    peakRight = max(peakRight, abs(right))
    squareLeft += left * left
    squareRight += right * right
  }

  @_noLocks
  func averaged(over frames: Int) -> MeterValue {
    var result = self
    result.squareLeft /= Float(frames)
    result.squareRight /= Float(frames)
    return result
  }
}
