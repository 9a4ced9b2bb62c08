extension Engine {
  /// What a track or bus itself added to the main bus in the last grid block, behind its fader and the master's; false,
  /// and nothing is written, when that was silence. What goes over other buses is theirs, so all of these together,
  /// and the click, are the mix before the limiter.
  ///
  /// For whoever renders a grid block at a time, between two of them, on the rendering thread. `gridFrames` samples a
  /// side.
  package func tap(
    track slot: Int, left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>
  ) -> Bool {
    let isBus = (EngineLimits.firstBusStrip..<EngineLimits.strips).contains(slot)
    guard isBus || (slot >= 0 && slot < state.pointee.trackCount) else { return false }
    let strip = state.pointee.tracks + slot
    // The mix leaves each strip's sound on its stereo bus, faded and panned, until the next block clears it.
    let wire = state.pointee.wiring.wires(of: slot)[Wire.index(to: Wire.main, isPre: false)].value
    guard strip.pointee.hasStereo, wire > 0 else { return false }
    let level = wire * state.pointee.masterGain.value
    for frame in 0..<EngineLimits.gridFrames {
      left[frame] = strip.pointee.left[frame] * level
      right[frame] = strip.pointee.right[frame] * level
    }
    return true
  }

  /// The same of the metronome, where it is on the main bus: on both sides alike.
  package func tapClick(_ samples: UnsafeMutablePointer<Float>) -> Bool {
    guard state.pointee.metronome.output == ClickOutput.mainChannel else { return false }
    for frame in 0..<EngineLimits.gridFrames { samples[frame] = state.pointee.metronome.bus[frame] }
    return true
  }
}
