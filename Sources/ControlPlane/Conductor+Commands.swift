import Arrangement
import HootWire
import MusicalTime
import RealtimeEngine

extension Conductor {
  /// The playhead in whole ticks, as far as it is known.
  var playhead: Tick { Tick(exactPlayhead.rounded()) }

  var exactPlayhead: Double {
    let report = engine.report.read()
    return transport.playhead(reportFrame: report.deviceFrame, reportTick: report.playheadTick)
  }

  /// The first frame that a command can still be heard at: the device's clock, and what is rendered ahead of it.
  var deviceFrame: Int64 { engine.report.read().deviceFrame + Int64(engine.lookAheadFrames) }

  func tick(_ position: String) throws(Refusal) -> Tick {
    do {
      return try Position.tick(position, in: positionContext(named: position.contains("@")))
    } catch { throw Refusal(error) }
  }

  /// Room for one more command: what is accepted must be able to land and to be told.
  func checkRoom(for count: Int = 1) throws(Refusal) {
    guard landing.outstanding + count <= ControlLimits.outstanding,
      engine.commands.turn.free() > count + ControlLimits.commandReserve
    else {
      throw .passing(
        "too many commands at once",
        "\(landing.outstanding) wait to land, and \(ControlLimits.outstanding) may")
    }
  }

  /// Sends a command; its id is known at once, an event tells where it landed.
  func send(
    _ tool: String, _ kind: Command.Kind, track: Int = -1, tick: Double = .nan, secondTick: Double = .nan,
    value: Double = 0, effect: TransportView.Effect = .none, address: UInt = 0, jump: UInt8 = 0
  ) throws(Refusal) -> JSONValue {
    try checkRoom()
    // What was accepted before it lands before it: a region that was added, then play.
    sendSchedule()
    guard !schedules.needsSending else {
      throw .passing(
        "too many edits at once",
        "\(schedules.count) of them are with the renderer, and \(EngineLimits.retiringSchedules) may be")
    }
    let id = landing.newID()
    let due = deviceFrame
    let command = Command(
      id: id, kind: kind, track: track, dueFrame: due, tick: tick, secondTick: secondTick, value: value,
      address: address, jump: jump)
    guard engine.commands.push(command) else {
      throw .passing("the command ring is full", "it holds \(EngineLimits.commandRing) commands")
    }
    landing.expect(id, Landing.Pending(tool: tool, dueFrame: due, effect: effect, place: tick))
    return commandJSON(id, due)
  }

  /// A command nobody asked for by name: it lands unannounced.
  func sendUnannounced(_ kind: Command.Kind, track: Int = -1, value: Double = 0, address: UInt = 0) {
    // `checkRoom` has kept `commandReserve` slots free for these.
    _ = engine.commands.push(
      Command(id: 0, kind: kind, track: track, dueFrame: deviceFrame, value: value, address: address))
  }

  /// Sends a command that lands when the playhead gets to `at`.
  func sendTimed(
    _ tool: String, _ kind: Command.Kind, at: Tick, tick: Double, secondTick: Double = .nan,
    jump: UInt8 = 0, effect: TransportView.Effect, on raster: Raster? = nil, address: UInt = 0
  ) throws(Refusal) -> JSONValue {
    guard landing.timed.count < ControlLimits.timedCommands else {
      throw Refusal(
        "full", .refused, "too many commands wait for the playhead",
        "there may be \(ControlLimits.timedCommands)", "garden status")
    }
    try checkRoom()
    sendSchedule()
    let id = landing.newID()
    let due = deviceFrame(whenAt: at)
    let command = Command(
      id: id, kind: kind, dueFrame: due, tick: tick, secondTick: secondTick, address: address, at: at,
      jump: jump)
    guard engine.makeTimedRoom(for: landing.timed.count + 1), engine.commands.push(command) else {
      throw .passing("the command ring is full", "it holds \(EngineLimits.commandRing) commands")
    }
    if let raster { quantised.wait(id, QuantisedCommands.Waiting(raster: raster, command: command)) }
    landing.expect(id, Landing.Pending(tool: tool, dueFrame: due, effect: effect), timed: true)
    return commandJSON(id, due, at: at)
  }

  /// The timeline with a change made to it; nothing is changed before `commit`.
  func edit(_ change: (inout Timeline) throws(ArrangementError) -> Void) throws(Refusal) -> Timeline {
    try checkJournal()
    var edited = timeline
    do { try change(&edited) } catch { throw Refusal(error) }
    return edited
  }

  /// Puts an edited timeline in place of the present one. It sounds from the next block on.
  func commit(_ tool: String, _ edited: Timeline) throws(Refusal) -> JSONValue {
    try checkRoom()
    try checkJournal()
    if edited.map != timeline.map { schedules.tempoChanged() }
    timeline = edited
    if material.count != edited.clips.count {
      material = material.filter { edited.clips[$0.key] != nil }
      materialOfPath = materialOfPath.filter { material[$0.value] != nil }
    }
    streaming.plan = nil
    schedules.needsSending = true
    let id = landing.newID()
    let due = deviceFrame
    landing.expectEdit(id, Landing.Pending(tool: tool, dueFrame: due))
    return commandJSON(id, due)
  }

  /// Compiles the timeline once for all edits since the last time, and sends it.
  func sendSchedule() {
    guard schedules.needsSending, schedules.count < EngineLimits.retiringSchedules,
      engine.commands.turn.free() > 0
    else { return }
    let sounding = sounding
    let schedule = compiler.schedule(
      sounding.timeline, material: sounding.material, passes: sounding.passes,
      revision: schedules.newRevision(), tempoRevision: schedules.tempoRevision, notAfter: entrances.notAfter)
    let id = landing.newID()
    let command = Command(id: id, kind: .schedule, dueFrame: deviceFrame, address: schedule.address)
    guard engine.commands.push(command) else { return }
    schedules.keep(schedule)
    schedules.needsSending = false
    landing.ride(on: id)
    entrances.ride(on: id)
  }

  func commandJSON(_ id: UInt64, _ due: Int64, at tick: Tick? = nil) -> JSONValue {
    var command: [(String, JSONValue)] = [("id", JSONValue(id)), ("due_frame", .integer(due))]
    if let tick {
      command.append(("due_position", .string(timeline.map.barBeat(atTick: tick).description)))
      command.append(("waits_for_playhead", true))
    }
    return JSONValue(command)
  }
}
