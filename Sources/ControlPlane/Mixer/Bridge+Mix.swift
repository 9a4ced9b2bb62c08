import Arrangement
import FoundationEssentials
import RealtimeEngine

extension Bridge {
  /// Compiles who feeds whom. Every track that is not routed goes to the main bus, and so does a place where none is
  /// yet.
  ///
  /// - Parameter auditioned: the tracks and buses that are heard on the cue; true: behind their fader.
  static func mix(
    _ timeline: Timeline, effects: [UUID: BusEffectContent], auditioned: [UUID: Bool]
  ) -> CompiledMix {
    var slots: [UUID: Int] = [:]
    for bus in timeline.buses { slots[bus.id] = bus.slot }
    var strips: [Int: UUID] = [:]
    for track in timeline.tracks { strips[track.slot] = track.id }
    var wires = [MixWire(strip: EngineLimits.auditionStrip, place: Wire.cue)]
    for slot in 0..<EngineLimits.tracks {
      wires += Self.wires(
        strip: slot, timeline.route(of: strips[slot]), slots,
        auditioned: strips[slot].flatMap { auditioned[$0] })
    }
    var buses: [Int: PlannedBus] = [:]
    for bus in timeline.buses {
      wires += Self.wires(
        strip: EngineLimits.firstBusStrip + bus.slot, timeline.route(of: bus.id), slots,
        auditioned: auditioned[bus.id])
      var planned = PlannedBus()
      if let effect = effects[bus.id], let shape = EffectShape(bus.effect) {
        planned.effect = effect.address
        planned.tuning = EffectTuning(shape, sampleRate: timeline.map.sampleRate)
      }
      buses[bus.slot] = planned
    }
    return CompiledMix(wires: wires, buses: buses)
  }

  private static func wires(
    strip: Int, _ route: Route, _ slots: [UUID: Int], auditioned: Bool?
  ) -> [MixWire] {
    let output = route.output.flatMap { slots[$0] }
    var wires = [MixWire(strip: strip, place: output.map(Wire.bus) ?? Wire.main)]
    for send in route.sends {
      guard let slot = slots[send.bus] else { continue }
      wires.append(
        MixWire(
          strip: strip, place: Wire.bus(slot), isPre: send.isPre, level: Float(decibels: send.levelDB)))
    }
    if let isAfter = auditioned { wires.append(MixWire(strip: strip, place: Wire.cue, isPre: !isAfter)) }
    return wires
  }
}

extension Timeline {
  fileprivate func route(of id: UUID?) -> Route { id.map { route(of: $0) } ?? Route() }
}

extension EffectShape {
  /// Nil for a bus without an effect.
  init?(_ effect: Bus.Effect) {
    switch effect.kind {
    case .none: return nil
    case .reverb: self.init(.reverb)
    case .chorus: self.init(.chorus)
    }
    decaySeconds = effect.decaySeconds
    size = effect.size
    damping = effect.damping
    predelaySeconds = effect.predelaySeconds
    speedHertz = effect.speedHertz
    depthSeconds = effect.depthSeconds
  }
}

/// The effects of the buses, and plans on their way: kept until the renderer has done with them.
struct MixShelf {
  /// By bus.
  private(set) var effects: [UUID: BusEffectContent] = [:]
  /// By address.
  private var kept: [UInt: BusEffectContent] = [:]
  /// By the command that brings them.
  private var plans: [UInt64: CompiledMix] = [:]
  /// What is auditioned; true: behind its fader.
  var auditioned: [UUID: Bool] = [:]

  /// The effects that a timeline's buses need: those that are there where they are of the right kind.
  func effects(for timeline: Timeline) -> [UUID: BusEffectContent] {
    var wanted: [UUID: BusEffectContent] = [:]
    for bus in timeline.buses {
      guard let shape = EffectShape(bus.effect) else { continue }
      let present = effects[bus.id]
      wanted[bus.id] =
        present?.kind == shape.kind
        ? present : BusEffectContent(shape.kind, sampleRate: timeline.map.sampleRate)
    }
    return wanted
  }

  /// Remembers what a command has taken with it.
  mutating func keep(_ plan: CompiledMix, _ effects: [UUID: BusEffectContent], id: UInt64) {
    plans[id] = plan
    self.effects = effects
    for effect in effects.values { kept[effect.address] = effect }
  }

  /// The effects of a session that was entered, which brought its plan itself.
  mutating func enter(_ effects: [UUID: BusEffectContent]) {
    auditioned = [:]
    self.effects = effects
    for effect in effects.values { kept[effect.address] = effect }
  }

  mutating func landed(_ id: UInt64) { plans[id] = nil }
  mutating func retired(_ address: UInt) { kept[address] = nil }
}
