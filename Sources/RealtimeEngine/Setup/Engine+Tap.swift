extension Engine {
  /// What a track or bus added to the mix in the last grid block, behind its fader; nil when that was silence. For whoever
  /// renders a grid block at a time, between two of them, on the rendering thread. `gridFrames` samples a side.
  package func tap(track slot: Int) -> (left: UnsafePointer<Float>, right: UnsafePointer<Float>)? {
    let isBus = (EngineLimits.firstBusStrip..<EngineLimits.strips).contains(slot)
    guard isBus || (slot >= 0 && slot < state.pointee.trackCount) else { return nil }
    let strip = state.pointee.tracks + slot
    // The mix leaves each strip's sound on its stereo bus, faded and panned, until the next block clears it.
    guard strip.pointee.hasStereo else { return nil }
    return (UnsafePointer(strip.pointee.left), UnsafePointer(strip.pointee.right))
  }
}
