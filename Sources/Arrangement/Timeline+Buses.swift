import FoundationEssentials

/// A strip of the mixer that can feed a bus.
package enum Strip: Sendable, Equatable {
  case track(Track)
  case bus(Bus)

  package var id: UUID {
    switch self {
    case .track(let track): track.id
    case .bus(let bus): bus.id
    }
  }

  package var name: String {
    switch self {
    case .track(let track): track.name
    case .bus(let bus): bus.name
    }
  }
}

extension Timeline {
  /// Names that mean something else wherever a track or a bus can stand.
  static let reservedNames: Set<String> = ["main", "master", "cue"]

  /// A bus by name or by the start of its id.
  package func bus(_ reference: String) throws(ArrangementError) -> Bus {
    if let exact = buses.first(where: { $0.name == reference }) { return exact }
    let wanted = reference.lowercased()
    let matches = buses.filter { $0.id.uuidString.lowercased().hasPrefix(wanted) }
    if matches.count == 1, wanted.count >= 4 { return matches[0] }
    let names = buses.map(\.name).prefix(8).joined(separator: ", ")
    throw ArrangementError(
      matches.count > 1 ? .ambiguous : .unknownBus, "there is no bus \"\(reference)\"",
      buses.isEmpty ? "the session has no buses" : "buses: \(names)", "garden bus add \(reference.shellWord)")
  }

  package func bus(id: UUID) -> Bus? { buses.first { $0.id == id } }

  /// A track or a bus by name or by the start of its id.
  package func strip(_ reference: String) throws(ArrangementError) -> Strip {
    if let bus = buses.first(where: { $0.name == reference }) { return .bus(bus) }
    do { return .track(try track(reference)) } catch {
      // Else the track's refusal names both.
      if let bus = try? bus(reference) { return .bus(bus) }
      throw ArrangementError(
        error.kind, "there is no track or bus \"\(reference)\"",
        (tracks.map(\.name) + buses.map(\.name)).prefix(12).joined(separator: ", "), "garden track ls")
    }
  }

  /// Whether a track or a bus could be called this.
  func checkFree(_ name: String, for what: String) throws(ArrangementError) {
    guard !Self.reservedNames.contains(name), !tracks.contains(where: { $0.name == name }),
      !buses.contains(where: { $0.name == name })
    else {
      throw ArrangementError(
        .nameTaken, "there already is a track or bus \"\(name)\"", "\(what) names are unique",
        "garden \(what) ls")
    }
  }

  package mutating func addBus(name: String, effect: Bus.Effect) throws(ArrangementError) -> Bus {
    let name = try checkedName(name, for: "bus")
    try checkFree(name, for: "bus")
    let taken = Set(buses.map(\.slot))
    guard let slot = (0..<ArrangementLimits.buses).first(where: { !taken.contains($0) }) else {
      throw ArrangementError(
        .full, "the bus \"\(name)\" was not made", "a session has at most \(ArrangementLimits.buses) buses",
        "garden bus rm NAME")
    }
    var bus = Bus(slot: slot, name: name)
    bus.effect = effect
    try bus.check()
    buses.append(bus)
    return bus
  }

  package mutating func updateBus(_ bus: Bus) throws(ArrangementError) {
    guard let index = buses.firstIndex(where: { $0.id == bus.id }) else { return }
    try bus.check()
    if bus.name != buses[index].name { try checkFree(bus.name, for: "bus") }
    buses[index] = bus
  }

  /// Removes a bus: what went to it goes to the main bus, sends to it end.
  package mutating func removeBus(_ id: UUID) {
    buses.removeAll { $0.id == id }
    routes[id] = nil
    for source in routes.keys {
      if routes[source]?.output == id { routes[source]?.output = nil }
      routes[source]?.sends.removeAll { $0.bus == id }
    }
    routes = routes.filter { !$0.value.isPlain }
  }

  // MARK: Routes

  package func route(of id: UUID) -> Route { routes[id] ?? Route() }

  /// - Parameter bus: nil is the main bus.
  package mutating func setOutput(of strip: Strip, to bus: Bus?) throws(ArrangementError) {
    if let bus { try checkNoCircle(from: strip, to: bus) }
    var route = route(of: strip.id)
    route.output = bus?.id
    routes[strip.id] = route.isPlain ? nil : route
  }

  /// Makes or changes the one send of a strip to a bus.
  package mutating func setSend(
    from strip: Strip, to bus: Bus, levelDB: Double?, isPre: Bool?
  ) throws(ArrangementError) -> Route.Send {
    var route = route(of: strip.id)
    let index = route.sends.firstIndex { $0.bus == bus.id }
    var send = index.map { route.sends[$0] } ?? Route.Send(bus: bus.id, levelDB: 0, isPre: false)
    if let levelDB { send.levelDB = levelDB }
    if let isPre { send.isPre = isPre }
    try checkNumber(
      send.levelDB, "send level in dB", ArrangementLimits.gainDB, of: strip.name, "garden send ls")
    try checkNoCircle(from: strip, to: bus)
    if let index { route.sends[index] = send } else { route.sends.append(send) }
    guard route.sends.count <= ArrangementLimits.sends else {
      throw ArrangementError(
        .full, "\(strip.name) was not sent to \(bus.name)",
        "a track or bus has at most \(ArrangementLimits.sends) sends", "garden send ls")
    }
    routes[strip.id] = route
    return send
  }

  package mutating func removeSend(from strip: Strip, to bus: Bus) throws(ArrangementError) {
    var route = route(of: strip.id)
    guard route.sends.contains(where: { $0.bus == bus.id }) else {
      throw ArrangementError(
        .unknownBus, "\(strip.name) has no send to \(bus.name)", "nothing was removed", "garden send ls")
    }
    route.sends.removeAll { $0.bus == bus.id }
    routes[strip.id] = route.isPlain ? nil : route
  }

  private func checkNoCircle(from strip: Strip, to bus: Bus) throws(ArrangementError) {
    guard case .bus(let source) = strip, reaches(source.id, from: bus.id) else { return }
    throw ArrangementError(
      .circle, "\(source.name) cannot feed \(bus.name)",
      source.id == bus.id
        ? "a bus cannot feed itself"
        : "\(bus.name) already feeds \(source.name), and it would go round for ever",
      "garden bus ls")
  }

  /// Whether what goes into one bus comes to another.
  func reaches(_ target: UUID, from start: UUID) -> Bool {
    var seen: Set<UUID> = []
    var next = [start]
    while let id = next.popLast() {
      if id == target { return true }
      guard seen.insert(id).inserted, let route = routes[id] else { continue }
      next += route.sends.map(\.bus) + (route.output.map { [$0] } ?? [])
    }
    return false
  }
}

extension Bus {
  func check() throws(ArrangementError) {
    _ = try checkedName(name, for: "bus")
    let next = "garden bus ls"
    try checkNumber(gainDB, "gain in dB", ArrangementLimits.gainDB, of: name, next)
    try checkNumber(pan, "pan", ArrangementLimits.pan, of: name, next)
    try checkNumber(effect.decaySeconds, "decay in seconds", ArrangementLimits.decaySeconds, of: name, next)
    try checkNumber(effect.size, "size", 0...1, of: name, next)
    try checkNumber(effect.damping, "damping", 0...1, of: name, next)
    try checkNumber(
      effect.predelaySeconds, "predelay in seconds", ArrangementLimits.predelaySeconds, of: name, next)
    try checkNumber(effect.speedHertz, "speed in Hz", ArrangementLimits.chorusHertz, of: name, next)
    try checkNumber(effect.depthSeconds, "depth in seconds", ArrangementLimits.chorusSeconds, of: name, next)
  }
}
