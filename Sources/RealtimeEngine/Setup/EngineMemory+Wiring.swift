extension EngineMemory {
  /// Every track on the main bus, and auditions on the cue.
  func wiring() -> Wiring {
    let count = EngineLimits.strips * EngineLimits.wires
    let planned: UnsafeMutablePointer<Float> = filled(count, with: 0)
    let wires: UnsafeMutablePointer<Ramp> = filled(count, with: Ramp(0))
    let live: UnsafeMutablePointer<UInt64> = filled(EngineLimits.strips, with: 0)
    for track in 0..<EngineLimits.tracks {
      let main = track * EngineLimits.wires + Wire.index(to: Wire.main, isPre: false)
      planned[main] = 1
      wires[main] = Ramp(1)
      live[track] = 1
    }
    let audition = EngineLimits.auditionStrip
    let cue = Wire.index(to: Wire.cue, isPre: false)
    planned[audition * EngineLimits.wires + cue] = 1
    wires[audition * EngineLimits.wires + cue] = Ramp(1)
    live[audition] = 1 << UInt64(cue)
    return Wiring(wires: wires, planned: planned, live: live)
  }
}
