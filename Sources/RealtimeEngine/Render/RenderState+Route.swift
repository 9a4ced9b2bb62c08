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

  /// Takes the routes of a session that is entered, for its own strips: those of the session that was left keep
  /// theirs. What nothing else sounds on has its routes at once.
  @_noLocks
  mutating func take(_ plan: UnsafePointer<MixPlan>, of change: UnsafePointer<SessionChange>) {
    var kept: UInt32 = 0
    for bus in 0..<EngineLimits.buses {
      let strip = EngineLimits.firstBusStrip + bus
      let wanted = change.pointee.buses[bus]
      if wanted.isUsed {
        set(strip, wanted)
        wish(plan.pointee.buses[bus], for: bus)
        if !wanted.isShared { changeEffectAtOnce(of: bus) }
      } else {
        kept |= 1 << UInt32(bus)
        leave(strip)
      }
    }
    for strip in 0..<EngineLimits.strips {
      if tracks[strip].isLeft { wiring.leaveCue(strip) } else { wiring.take(plan, for: strip) }
    }
    wiring.takeOrder(of: plan, keeping: kept)
    route()
    for strip in 0..<EngineLimits.strips where isNew(strip, in: change) {
      wiring.settle(strip)
      tracks[strip].gate = Ramp(tracks[strip].gate.target)
    }
  }

  @_noLocks
  private func isNew(_ strip: Int, in change: UnsafePointer<SessionChange>) -> Bool {
    if strip < EngineLimits.tracks {
      return change.pointee.strips[strip].isUsed && !change.pointee.strips[strip].isShared
    }
    let bus = strip - EngineLimits.firstBusStrip
    guard bus >= 0, !isSounding(bus) else { return false }
    return change.pointee.buses[bus].isUsed && !change.pointee.buses[bus].isShared
  }

  /// A strip of the session that was left: it stays as it is heard.
  @_noLocks
  mutating func leave(_ strip: Int) {
    tracks[strip].isMuted = tracks[strip].gate.target == 0
    tracks[strip].isSoloed = false
    tracks[strip].isLeft = true
  }

  @_noLocks
  private mutating func aimWires() {
    for strip in 0..<EngineLimits.strips {
      let isCarried = isSoloed(strip) || carries(strip) || tracks[strip].isLeft
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
