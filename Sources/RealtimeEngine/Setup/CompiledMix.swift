/// One wire of a plan: how much of a strip goes to a place, `Wire.main`, `Wire.bus(_:)` or `Wire.cue`.
package struct MixWire: Sendable, Equatable {
  package var strip: Int
  package var place: Int
  /// From before the strip's fader, pan and mute.
  package var isPre: Bool
  /// Linear, 0 to `EngineLimits.maximumGain`.
  package var level: Float

  package init(strip: Int, place: Int, isPre: Bool = false, level: Float = 1) {
    self.strip = strip
    self.place = place
    self.isPre = isPre
    self.level = level
  }
}

/// A plan of who feeds whom: made on an ordinary thread, sent by address, and kept until its command has landed.
package final class CompiledMix {
  private let plan: UnsafePointer<MixPlan>
  private let memory = EngineMemory()

  /// Wires of one strip to one place add up. What feeds itself over any number of buses must not be in them:
  /// a bus on such a circle is mixed before one that feeds it, and hears it a grid block late.
  ///
  /// - Parameter buses: by slot, 0 ..< `EngineLimits.buses`; what is not named passes as it is.
  package init(wires: [MixWire], buses: [Int: PlannedBus] = [:]) {
    let levels: UnsafeMutablePointer<Float> = memory.allocate(EngineLimits.strips * EngineLimits.wires)
    for wire in wires where Self.isPossible(wire) {
      let index = wire.strip * EngineLimits.wires + Wire.index(to: wire.place, isPre: wire.isPre)
      levels[index] = min(levels[index] + max(0, wire.level), Float(EngineLimits.maximumGain))
    }
    var planned = InlineArray<16, PlannedBus>(repeating: PlannedBus())
    for (slot, bus) in buses where (0..<EngineLimits.buses).contains(slot) { planned[slot] = bus }
    let pointer: UnsafeMutablePointer<MixPlan> = memory.allocate(1)
    pointer.initialize(to: MixPlan(levels: levels, order: Self.order(wires), buses: planned))
    plan = UnsafePointer(pointer)
  }

  private static func isPossible(_ wire: MixWire) -> Bool {
    (0..<EngineLimits.strips).contains(wire.strip) && (0...Wire.cue).contains(wire.place)
      && wire.level.isFinite
  }

  /// Each bus before those it feeds, else by their slots: the same wires always give the same order.
  private static func order(_ wires: [MixWire]) -> InlineArray<16, UInt8> {
    var feeders = [Set<Int>](repeating: [], count: EngineLimits.buses)
    for wire in wires where isPossible(wire) && wire.strip >= EngineLimits.firstBusStrip {
      guard wire.place != Wire.main, wire.place != Wire.cue else { continue }
      feeders[wire.place - 1].insert(wire.strip - EngineLimits.firstBusStrip)
    }
    var left = Array(0..<EngineLimits.buses)
    var order = InlineArray<16, UInt8>(repeating: 0)
    for place in 0..<EngineLimits.buses {
      let next = left.firstIndex { feeders[$0].isDisjoint(with: left) } ?? 0
      order[place] = UInt8(left.remove(at: next))
    }
    return order
  }

  /// What `Command.Kind.mix` carries.
  package var address: UInt { UInt(bitPattern: plan) }

  deinit { memory.deallocate() }
}
