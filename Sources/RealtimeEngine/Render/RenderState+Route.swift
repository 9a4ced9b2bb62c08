extension RenderState {
  /// Takes a plan of who feeds whom: in ramps, all of it from this grid block on.
  @_noLocks
  mutating func take(_ plan: UnsafePointer<MixPlan>) {
    wiring.take(plan)
    for bus in 0..<EngineLimits.buses { wish(plan.pointee.buses[bus], for: bus) }
  }

  /// Finds anew where every gate and wire is going. While anything is soloed, heard is what comes from a soloed
  /// strip and what leads to one, over the buses in between: those need no solo of their own.
  @_noLocks
  mutating func route() {
    wiring.isStale = false
    findSolos()
    wiring.isParting = false
    aimWires()
    if wiring.mustPart() {
      wiring.isParting = true
      aimWires()
    } else {
      wiring.order = wiring.plannedOrder
    }
    // What sounds through a wire that has to be silent first is looked at again in the next block.
    wiring.isStale = wiring.isParting
  }

  @_noLocks
  private mutating func aimWires() {
    for strip in 0..<EngineLimits.strips {
      let isCarried = isSoloed(strip) || carries(strip)
      // Of places that are closed to it while something is soloed; the cue never is.
      let open: UInt32 = anySolo && !isCarried ? wiring.leads << 1 : ~0
      wiring.aim(strip, closed: ~(open | 1 << UInt32(Wire.cue)), frames: declickFrames)
      // A track that has never been used begins where it is to be.
      if strip >= trackCount, strip < EngineLimits.tracks {
        wiring.settle(strip)
        continue
      }
      let isHeard =
        (tracks[strip].isSoloed || !tracks[strip].isMuted)
        && (!anySolo || isCarried || wiring.leadsOn(strip))
      tracks[strip].gate.move(to: isHeard ? 1 : 0, frames: declickFrames)
    }
  }

  @_noLocks
  private func isSoloed(_ strip: Int) -> Bool { tracks[strip].isSoloed }

  /// Whether a bus brings something that was soloed before it.
  @_noLocks
  private func carries(_ strip: Int) -> Bool {
    guard strip >= EngineLimits.firstBusStrip else { return false }
    return wiring.carries & (1 << UInt32(strip - EngineLimits.firstBusStrip)) != 0
  }

  @_noLocks
  private mutating func findSolos() {
    anySolo = false
    wiring.carries = 0
    wiring.leads = 0
    for strip in 0..<trackCount where tracks[strip].isSoloed { anySolo = true }
    for strip in EngineLimits.firstBusStrip..<EngineLimits.strips where tracks[strip].isSoloed {
      anySolo = true
    }
    guard anySolo else { return }
    for place in 0..<EngineLimits.buses { findCarrier(Int(wiring.plannedOrder[place])) }
    for place in 0..<EngineLimits.buses {
      findLeader(Int(wiring.plannedOrder[EngineLimits.buses - 1 - place]))
    }
  }

  @_noLocks
  private mutating func findCarrier(_ bus: Int) {
    for strip in 0..<EngineLimits.strips where strip < trackCount || strip >= EngineLimits.firstBusStrip {
      guard isSoloed(strip) || carries(strip), wiring.feeds(strip, bus: bus) else { continue }
      wiring.carries |= 1 << UInt32(bus)
    }
  }

  @_noLocks
  private mutating func findLeader(_ bus: Int) {
    let strip = EngineLimits.firstBusStrip + bus
    if isSoloed(strip) || wiring.leadsOn(strip) { wiring.leads |= 1 << UInt32(bus) }
  }
}
