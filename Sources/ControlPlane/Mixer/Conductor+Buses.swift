import Arrangement
import FoundationEssentials
import HootWire
import RealtimeEngine
import Tools

extension Conductor {
  func addBus(_ arguments: Arguments) throws(Refusal) -> Answer {
    var made: Bus?
    let edited = try edit { timeline throws(ArrangementError) in
      var effect = Bus.Effect()
      Self.shape(&effect, arguments)
      var bus = try timeline.addBus(name: arguments.text(.name) ?? "", effect: effect)
      Self.shape(&bus, arguments)
      try timeline.updateBus(bus)
      try Self.setOutput(of: .bus(bus), arguments, in: &timeline)
      made = bus
    }
    guard let made else {
      throw Refusal("internal", .internalError, "no bus was made", "", "garden doctor")
    }
    try checkRoom(for: Self.commandsOfMix)
    let command = try commitMix("bus_add", edited)
    sendUnannounced(.resetTrack, track: EngineLimits.firstBusStrip + made.slot)
    sendStrip(made)
    return .reply(.ok(["command": command, "bus": busJSON(made)]))
  }

  func setBus(_ arguments: Arguments) throws(Refusal) -> Answer {
    let old: Bus
    do { old = try timeline.bus(arguments.text(.bus) ?? "") } catch { throw Refusal(error) }
    var bus = old
    Self.shape(&bus, arguments)
    Self.shape(&bus.effect, arguments)
    if let name = arguments.text(.newName) { bus.name = name }
    let changed = bus
    let edited = try edit { timeline throws(ArrangementError) in
      try timeline.updateBus(changed)
      try Self.setOutput(of: .bus(changed), arguments, in: &timeline)
    }
    try checkRoom(for: Self.commandsOfMix)
    let command = try commitMix("bus_set", edited)
    sendStrip(changed)
    return .reply(.ok(["command": command, "bus": busJSON(changed)]))
  }

  func removeBus(_ arguments: Arguments) throws(Refusal) -> Answer {
    let bus: Bus
    do { bus = try timeline.bus(arguments.text(.bus) ?? "") } catch { throw Refusal(error) }
    let edited = try edit { timeline throws(ArrangementError) in timeline.removeBus(bus.id) }
    try checkRoom(for: Self.commandsOfMix)
    let command = try commitMix("bus_rm", edited)
    mixes.auditioned[bus.id] = nil
    // A strip that is gone must not keep the others from being heard.
    if bus.isSoloed {
      sendUnannounced(.trackSolo, track: EngineLimits.firstBusStrip + bus.slot, value: 0)
    }
    return .reply(.ok(["command": command, "removed": .string(bus.name)]))
  }

  func buses() -> JSONValue { ["buses": .array(timeline.buses.map(busJSON))] }

  private static func shape(_ bus: inout Bus, _ arguments: Arguments) {
    if let gain = arguments.number(.gain) { bus.gainDB = gain }
    if let pan = arguments.number(.pan) { bus.pan = pan }
    if let mute = arguments.bool(.mute) { bus.isMuted = mute }
    if let solo = arguments.bool(.solo) { bus.isSoloed = solo }
  }

  private static func shape(_ effect: inout Bus.Effect, _ arguments: Arguments) {
    if let kind = arguments.choice(.effect, as: Bus.Effect.Kind.self) { effect.kind = kind }
    if let seconds = arguments.number(.decay) { effect.decaySeconds = seconds }
    if let size = arguments.number(.size) { effect.size = size }
    if let damping = arguments.number(.damping) { effect.damping = damping }
    if let milliseconds = arguments.number(.predelay) { effect.predelaySeconds = milliseconds / 1000 }
    if let hertz = arguments.number(.speed) { effect.speedHertz = hertz }
    if let milliseconds = arguments.number(.depth) { effect.depthSeconds = milliseconds / 1000 }
  }

  /// `main` is the main bus.
  static func setOutput(
    of strip: Strip, _ arguments: Arguments, in timeline: inout Timeline
  ) throws(ArrangementError) {
    guard let name = arguments.text(.output) else { return }
    let isMain = name == "main" || name == "master"
    try timeline.setOutput(of: strip, to: isMain ? nil : try timeline.bus(name))
  }

  // MARK: Sends

  func setSend(_ arguments: Arguments) throws(Refusal) -> Answer {
    let (strip, bus) = try sendEnds(arguments)
    var made: Route.Send?
    let edited = try edit { timeline throws(ArrangementError) in
      made = try timeline.setSend(
        from: strip, to: bus, levelDB: arguments.number(.level), isPre: arguments.bool(.pre))
    }
    let command = try commitMix("send_set", edited)
    guard let made else { return .reply(.ok(["command": command])) }
    return .reply(.ok(["command": command, "send": sendJSON(made, from: strip.name)]))
  }

  func removeSend(_ arguments: Arguments) throws(Refusal) -> Answer {
    let (strip, bus) = try sendEnds(arguments)
    let edited = try edit { timeline throws(ArrangementError) in
      try timeline.removeSend(from: strip, to: bus)
    }
    return .reply(.ok(["command": try commitMix("send_rm", edited)]))
  }

  private func sendEnds(_ arguments: Arguments) throws(Refusal) -> (Strip, Bus) {
    do {
      return (
        try timeline.strip(arguments.text(.strip) ?? ""), try timeline.bus(arguments.text(.bus) ?? "")
      )
    } catch { throw Refusal(error) }
  }

  func sends() -> JSONValue {
    let strips = timeline.tracks.map { ($0.name, $0.id) } + timeline.buses.map { ($0.name, $0.id) }
    let all = strips.flatMap { name, id in
      timeline.route(of: id).sends.map { sendJSON($0, from: name) }
    }
    return ["sends": .array(all)]
  }

  private func sendJSON(_ send: Route.Send, from name: String) -> JSONValue {
    [
      "from": .string(name), "bus": .string(timeline.bus(id: send.bus)?.name ?? ""),
      "level_db": .number(send.levelDB), "pre": .bool(send.isPre),
    ]
  }

  // MARK: What is told

  /// What a track's or a bus's own listing says of where it goes.
  func routeFields(_ id: UUID) -> [(String, JSONValue)] {
    let route = timeline.route(of: id)
    let sends = route.sends.map { send -> JSONValue in
      [
        "bus": .string(timeline.bus(id: send.bus)?.name ?? ""), "level_db": .number(send.levelDB),
        "pre": .bool(send.isPre),
      ]
    }
    let audition = mixes.auditioned[id].map { $0 ? "after" : "before" } ?? "off"
    return [
      ("output", .string(route.output.flatMap { timeline.bus(id: $0)?.name } ?? "main")),
      ("sends", .array(sends)), ("audition", .string(audition)),
    ]
  }

  func busJSON(_ bus: Bus) -> JSONValue {
    let level = engine.meters.read().buses[bus.slot]
    var fields: [(String, JSONValue)] = [
      ("name", .string(bus.name)), ("id", .string(bus.id.uuidString.lowercased())),
      ("gain_db", .number(bus.gainDB)), ("pan", .number(bus.pan)), ("mute", .bool(bus.isMuted)),
      ("solo", .bool(bus.isSoloed)), ("effect", .string(bus.effect.kind.rawValue)),
    ]
    switch bus.effect.kind {
    case .none: break
    case .reverb:
      fields += [
        ("decay_seconds", .number(bus.effect.decaySeconds)), ("size", .number(bus.effect.size)),
        ("damping", .number(bus.effect.damping)),
        ("predelay_ms", .number((bus.effect.predelaySeconds * 1000).hundredths)),
      ]
    case .chorus:
      fields += [
        ("speed_hz", .number(bus.effect.speedHertz)),
        ("depth_ms", .number((bus.effect.depthSeconds * 1000).hundredths)),
      ]
    }
    let inputs = (timeline.tracks.map(\.id) + timeline.buses.map(\.id)).count { id in
      let route = timeline.route(of: id)
      return route.output == bus.id || route.sends.contains { $0.bus == bus.id }
    }
    fields += routeFields(bus.id)
    fields += [
      ("inputs", .integer(Int64(inputs))), ("peak_db", .number(level.peakDB)),
      ("rms_db", .number(level.rmsDB)),
    ]
    return JSONValue(fields)
  }
}
