import FoundationEssentials

extension SessionDocument {
  /// One track's or bus's route.
  package struct Routing: Sendable, Equatable, Codable {
    /// The id of a track or a bus.
    package var strip: UUID
    package var route: Route
  }

  static func routings(_ timeline: Timeline) -> [Routing] {
    timeline.routes.map { Routing(strip: $0.key, route: $0.value) }
      .sorted { $0.strip.uuidString < $1.strip.uuidString }
  }

  /// Puts the buses and routes on the timeline, each checked as if it had been typed.
  func addBuses(to timeline: inout Timeline) throws(ArrangementError) {
    let listed = buses ?? []
    let slots = listed.map(\.slot)
    guard slots.allSatisfy({ (0..<ArrangementLimits.buses).contains($0) }), Set(slots).count == slots.count
    else {
      throw busRefusal(.outOfRange, "each bus needs a slot of its own, 0 to \(ArrangementLimits.buses - 1)")
    }
    guard Set(listed.map(\.id) + tracks.map(\.id)).count == listed.count + tracks.count else {
      throw busRefusal(.nameTaken, "two of its tracks or buses have the same id")
    }
    for bus in listed {
      try bus.check()
      try timeline.checkFree(bus.name, for: "bus")
      timeline.buses.append(bus)
    }
    for routing in routes ?? [] { try add(routing, to: &timeline) }
  }

  private func add(_ routing: Routing, to timeline: inout Timeline) throws(ArrangementError) {
    let strip: Strip
    if let track = timeline.track(id: routing.strip) {
      strip = .track(track)
    } else if let bus = timeline.bus(id: routing.strip) {
      strip = .bus(bus)
    } else {
      throw busRefusal(.unknownBus, "it routes a track or bus that is not in it")
    }
    if let output = routing.route.output {
      guard let bus = timeline.bus(id: output) else {
        throw busRefusal(.unknownBus, "the output of \(strip.name) is not in it")
      }
      try timeline.setOutput(of: strip, to: bus)
    }
    for send in routing.route.sends {
      guard let bus = timeline.bus(id: send.bus) else {
        throw busRefusal(.unknownBus, "a send of \(strip.name) goes to a bus that is not in it")
      }
      _ = try timeline.setSend(from: strip, to: bus, levelDB: send.levelDB, isPre: send.isPre)
    }
  }

  private func busRefusal(_ kind: ArrangementError.Kind, _ why: String) -> ArrangementError {
    ArrangementError(kind, "the session cannot be read", why, "garden session export")
  }
}
