/// Which strip feeds which, in motion: every wire's level goes in a ramp to where the plan wants it. Realtime
/// thread.
struct Wiring: BitwiseCopyable {
  /// `EngineLimits.strips` times `EngineLimits.wires` of each.
  var wires: UnsafeMutablePointer<Ramp>
  var planned: UnsafeMutablePointer<Float>
  /// For each strip, bit `w`: wire `w` carries something or is about to.
  var live: UnsafeMutablePointer<UInt64>
  /// The buses in the order they are mixed in, and in which the plan wants them.
  var order: InlineArray<16, UInt8>
  var plannedOrder: InlineArray<16, UInt8>
  /// A wire that is on its way out runs against the plan's order: until it is silent the old order stays.
  var isParting = false
  /// Solos, mutes or the plan have changed: the wires' targets are found anew before the next mix.
  var isStale = true
  /// Bit `b`: what bus `b` carries comes from a soloed strip; it leads to one.
  var carries = UInt32(0)
  var leads = UInt32(0)

  @_noLocks
  init(
    wires: UnsafeMutablePointer<Ramp>, planned: UnsafeMutablePointer<Float>,
    live: UnsafeMutablePointer<UInt64>
  ) {
    self.wires = wires
    self.planned = planned
    self.live = live
    order = InlineArray(repeating: 0)
    for slot in 0..<EngineLimits.buses { order[slot] = UInt8(truncatingIfNeeded: slot) }
    plannedOrder = order
  }

  @_noLocks
  func wires(of strip: Int) -> UnsafeMutablePointer<Ramp> { wires + strip * EngineLimits.wires }

  @_noLocks
  func planned(of strip: Int) -> UnsafeMutablePointer<Float> { planned + strip * EngineLimits.wires }

  @_noLocks
  mutating func take(_ plan: UnsafePointer<MixPlan>) {
    for index in 0..<(EngineLimits.strips * EngineLimits.wires) {
      planned[index] = plan.pointee.levels[index]
    }
    plannedOrder = plan.pointee.order
    isStale = true
  }

  /// Takes the plan's levels of one strip.
  @_noLocks
  mutating func take(_ plan: UnsafePointer<MixPlan>, for strip: Int) {
    let first = strip * EngineLimits.wires
    for index in first..<(first + EngineLimits.wires) { planned[index] = plan.pointee.levels[index] }
    isStale = true
  }

  /// A strip is auditioned no more.
  @_noLocks
  mutating func leaveCue(_ strip: Int) {
    let first = strip * EngineLimits.wires + Wire.index(to: Wire.cue, isPre: false)
    planned[first] = 0
    planned[first + 1] = 0
  }

  /// Takes the plan's order for all buses but some, which come before them in the order they have.
  @_noLocks
  mutating func takeOrder(of plan: UnsafePointer<MixPlan>, keeping kept: UInt32) {
    let old = plannedOrder
    var place = 0
    for index in 0..<EngineLimits.buses where kept & (1 << UInt32(old[index])) != 0 {
      plannedOrder[place] = old[index]
      place += 1
    }
    for index in 0..<EngineLimits.buses where kept & (1 << UInt32(plan.pointee.order[index])) == 0 {
      plannedOrder[place] = plan.pointee.order[index]
      place += 1
    }
  }

  /// Whether the plan has a strip feed a bus, from either side of its fader.
  @_noLocks
  func feeds(_ strip: Int, bus: Int) -> Bool {
    let levels = planned(of: strip) + Wire.index(to: Wire.bus(bus), isPre: false)
    return levels[0] > 0 || levels[1] > 0
  }

  /// Whether a strip feeds a bus that is soloed or leads to one.
  @_noLocks
  func leadsOn(_ strip: Int) -> Bool {
    for bus in 0..<EngineLimits.buses where leads & (1 << UInt32(bus)) != 0 {
      if feeds(strip, bus: bus) { return true }
    }
    return false
  }

  /// Where a bus stands in an order.
  @_noLocks
  private static func place(of bus: Int, in order: InlineArray<16, UInt8>) -> Int {
    for place in 0..<EngineLimits.buses where Int(order[place]) == bus { return place }
    return 0
  }

  @_noLocks
  private static func runs(from strip: Int, to place: Int, with order: InlineArray<16, UInt8>) -> Bool {
    guard strip >= EngineLimits.firstBusStrip, place > 0, place <= EngineLimits.buses else { return true }
    return Self.place(of: strip - EngineLimits.firstBusStrip, in: order)
      < Self.place(of: place - 1, in: order)
  }

  /// Starts each wire of a strip on its way: `closed` has a bit for each place it may not lead to.
  @_noLocks
  mutating func aim(_ strip: Int, closed: UInt32, frames: Int) {
    let wires = wires(of: strip)
    let planned = planned(of: strip)
    var bits = UInt64(0)
    for index in 0..<EngineLimits.wires {
      let place = index >> 1
      let isOpen =
        closed & (1 << UInt32(place)) == 0
        && (!isParting || Self.runs(from: strip, to: place, with: order))
      wires[index].move(to: isOpen ? planned[index] : 0, frames: frames)
      if wires[index].value != 0 || wires[index].target != 0 { bits |= 1 << UInt64(index) }
    }
    live[strip] = bits
  }

  /// Whether a wire between buses that still carries something would run backwards in the plan's order.
  @_noLocks
  func mustPart() -> Bool {
    var differs: UInt8 = 0
    for place in 0..<EngineLimits.buses { differs |= order[place] ^ plannedOrder[place] }
    guard differs != 0 else { return false }
    for strip in EngineLimits.firstBusStrip..<EngineLimits.strips where live[strip] != 0 {
      let wires = wires(of: strip)
      for index in 0..<EngineLimits.wires where wires[index].value != 0 {
        if !Self.runs(from: strip, to: index >> 1, with: plannedOrder) { return true }
      }
    }
    return false
  }

  /// A strip that is silent: its wires are where they are going.
  @_noLocks
  mutating func settle(_ strip: Int) {
    guard live[strip] != 0 else { return }
    let wires = wires(of: strip)
    var bits = UInt64(0)
    for index in 0..<EngineLimits.wires {
      if wires[index].isMoving { wires[index] = Ramp(wires[index].target) }
      if wires[index].value != 0 { bits |= 1 << UInt64(index) }
    }
    live[strip] = bits
  }
}
