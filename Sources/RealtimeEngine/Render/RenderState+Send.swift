import CRealtime

extension RenderState {
  /// Wires from before the fader take a strip as it is, mono material in the middle.
  @_noLocks
  mutating func sendBeforeFader(_ strip: Int) {
    guard wiring.live[strip] & 0xAAAA_AAAA_AAAA_AAAA != 0 else { return }
    let track = tracks + strip
    guard track.pointee.hasMono else {
      send(strip, track.pointee.left, track.pointee.right, mask: 0xAAAA_AAAA_AAAA_AAAA)
      return
    }
    let middle: Float = 0.707_106_77
    for index in 0..<EngineLimits.gridFrames {
      let mono = track.pointee.mono[index] * middle
      beforeLeft[index] = track.pointee.left[index] + mono
      beforeRight[index] = track.pointee.right[index] + mono
    }
    send(strip, beforeLeft, beforeRight, mask: 0xAAAA_AAAA_AAAA_AAAA)
  }

  /// Adds a strip's sound to every place that those of its wires lead to which the mask names.
  @_noLocks
  mutating func send(
    _ strip: Int, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, mask: UInt64
  ) {
    let live = wiring.live[strip] & mask
    guard live != 0 else { return }
    let wires = wiring.wires(of: strip)
    for index in 0..<EngineLimits.wires where live & (1 << UInt64(index)) != 0 {
      let place = index >> 1
      if place == Wire.main {
        add(left, right, gridLeft, gridRight, over: wires + index)
      } else if place == Wire.cue {
        add(left, right, cueLeft, cueRight, over: wires + index)
      } else {
        let bus = tracks + EngineLimits.firstBusStrip + place - 1
        bus.pointee.hasStereo = true
        add(left, right, bus.pointee.left, bus.pointee.right, over: wires + index)
      }
      if wires[index].value == 0, !wires[index].isMoving { wiring.live[strip] &= ~(1 << UInt64(index)) }
    }
  }

  @_noLocks
  private func add(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>,
    _ toLeft: UnsafeMutablePointer<Float>, _ toRight: UnsafeMutablePointer<Float>,
    over wire: UnsafeMutablePointer<Ramp>
  ) {
    let frames = EngineLimits.gridFrames
    if wire.pointee.isMoving {
      for index in 0..<frames {
        let level = wire.pointee.next()
        toLeft[index] += left[index] * level
        toRight[index] += right[index] * level
      }
      return
    }
    let level = wire.pointee.value
    if level == 1 {
      for index in 0..<frames { toLeft[index] += left[index] }
      for index in 0..<frames { toRight[index] += right[index] }
    } else {
      for index in 0..<frames { toLeft[index] += left[index] * level }
      for index in 0..<frames { toRight[index] += right[index] * level }
    }
  }

  /// A bus: its effect, and then what any strip does. A bus that nothing comes into and that does not ring
  /// costs a look.
  @_noLocks
  mutating func mixBus(_ bus: Int) {
    let strip = EngineLimits.firstBusStrip + bus
    let slot = effects + bus
    if slot.pointee.isChanging, !slot.pointee.gate.isMoving || !isSounding(bus) { changeEffect(of: bus) }
    let track = tracks + strip
    if let effect = slot.pointee.effect {
      if track.pointee.hasStereo {
        removeRunaways(track.pointee.left)
        removeRunaways(track.pointee.right)
      }
      track.pointee.hasStereo = runEffect(effect, slot, track)
    }
    if slot.pointee.gate.isMoving || slot.pointee.gate.value != 1 { closeGate(slot, track) }
    mix(strip)
  }

  /// What is no number, or so large that a sum of it could become none, would stay in an effect for good.
  @_noLocks
  private func removeRunaways(_ bus: UnsafeMutablePointer<Float>) {
    for index in 0..<EngineLimits.gridFrames { bus[index] = abs(bus[index]) <= 1e9 ? bus[index] : 0 }
  }

  @_noLocks
  func isSounding(_ bus: Int) -> Bool {
    if tracks[EngineLimits.firstBusStrip + bus].hasStereo { return true }
    guard let effect = effects[bus].effect else { return false }
    return !effect.pointee.isAsleep
  }

  @_noLocks
  private func runEffect(
    _ effect: UnsafeMutablePointer<BusEffect>, _ slot: UnsafeMutablePointer<EffectSlot>,
    _ track: UnsafeMutablePointer<TrackState>
  ) -> Bool {
    var tuning = slot.pointee.tuning
    return effect.pointee.process(
      track.pointee.left, track.pointee.right, hasInput: track.pointee.hasStereo, &tuning)
  }

  @_noLocks
  private func closeGate(
    _ slot: UnsafeMutablePointer<EffectSlot>, _ track: UnsafeMutablePointer<TrackState>
  ) {
    for index in 0..<EngineLimits.gridFrames {
      let level = slot.pointee.gate.next()
      track.pointee.left[index] *= level
      track.pointee.right[index] *= level
    }
  }

  @_noLocks
  mutating func wish(_ planned: PlannedBus, for bus: Int) {
    giveBack(effect: (effects + bus).pointee.wish(planned, frames: declickFrames))
  }

  @_noLocks
  private mutating func changeEffect(of bus: Int) {
    guard notices.turn.slot() >= 0 else { return }
    giveBack(effect: (effects + bus).pointee.change(frames: declickFrames))
  }

  /// Where nothing sounds on the bus, what it is to have from now on is there for the first frame that comes in.
  @_noLocks
  mutating func changeEffectAtOnce(of bus: Int) {
    guard !isSounding(bus) else { return }
    if (effects + bus).pointee.isChanging { changeEffect(of: bus) }
    (effects + bus).pointee.gate = Ramp((effects + bus).pointee.isChanging ? 0 : 1)
  }

  @_noLocks
  private mutating func giveBack(effect address: UInt) {
    guard address != 0 else { return }
    notify(Notice(kind: .retiredEffect, id: 0, frame: deviceFrame, tick: 0, address: address))
  }
}
