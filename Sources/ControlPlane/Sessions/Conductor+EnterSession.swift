import Arrangement
import ControlSocket
import FoundationEssentials
import Glibc
import HootWire
import Ledger
import MusicalTime
import RealtimeEngine
import Tools

// Going into a prepared session, letting go of it, and keeping one.
extension Conductor {
  func enterSession(_ arguments: Arguments) throws(Refusal) -> Answer {
    guard let session = sessions.prepared else {
      throw Refusal(
        "no_session", .refused, "there is no session to enter",
        sessions.entering == nil ? "none has been prepared" : "it is on its way already",
        "garden session next FILE")
    }
    let lent = session.change(from: timeline)
    let moment: Moment = arguments.text(.at) == "now" ? .now : try self.moment(arguments)
    let order = Order(
      tool: "session_enter", kind: .enter,
      tick: session.draft.place ?? Double(session.draft.timeline.startTick), effect: .locate,
      address: lent.address)
    guard case .reply(let content) = try perform(order, moment),
      let command = content["result"]?["command"], let id = command["id"]?.unsignedInt
    else { throw Refusal("internal", .internalError, "the session was not entered", "", "garden doctor") }
    sessions.prepared = nil
    if command["waits_for_playhead"] == nil {
      sessions.lent[id] = lent
      moveIn(session)
    } else {
      sessions.entering = SessionShelf.Entering(id: id, at: place(of: moment), session: session, lent: lent)
    }
    return .reply(.ok(["command": command, "session": preparedJSON(session)]))
  }

  private func place(of moment: Moment) -> Tick {
    switch moment {
    case .now: playhead
    case .standing(let place), .when(let place), .onRaster(_, let place): place
    }
  }

  /// `garden next` behind the last marker goes into the next session, where one is prepared.
  func nextCue(_ arguments: Arguments) throws(Refusal) -> Answer {
    do { return try go(to: .nextMarker, "next", arguments) } catch {
      guard sessions.prepared != nil, error.code == "bad_position" else { throw error }
      return try enterSession(arguments)
    }
  }

  /// The timeline becomes the session's. What was accepted for the one before and has not landed never will.
  func moveIn(_ session: PreparedSession) {
    guard let schedule = session.schedule else { return }
    noteEdits("session_load", by: Self.userName)
    for id in landing.leaveSession() { publishDropped(id) }
    quantised = QuantisedCommands()
    timeline = session.draft.timeline
    entrances = EntranceShelf()
    jobs?.isReconciled = false
    material = session.material
    defaultFont = session.draft.font
    compiler = session.compiler
    banks.removeAllPlaying()
    for (track, bank) in session.banks { banks.install(bank, on: track) }
    session.banks = [:]
    schedules.enter(schedule)
    mixes.enter(session.effects)
    enterPorts()
    let draft = session.draft
    sessions.file = draft.isNew ? nil : draft.kept.map(\.file) ?? draft.file
    beginJournal(session)
    server.publishEvent(
      topic: "session",
      content: [
        "type": "entered", "file": .string(session.draft.file), "name": .string(journal.session),
      ])
  }

  private func publishDropped(_ id: UInt64) {
    let refusal = Refusal(
      "session_left", .refused, "command \(id) has not landed", "its session was left before",
      "garden session ls")
    server.publishEvent(
      topic: "command",
      content: [
        "type": "failed", "command": JSONValue(id),
        "lines": .array(refusal.lines.map { .string($0) }), "code": "session_left", "exit": 1,
      ])
  }

  /// A command has landed: was it the entrance, or what took one back?
  func sessionLanded(_ id: UInt64) {
    sessions.lent[id] = nil
    if let taken = sessions.takenBack.removeValue(forKey: id), sessions.entering?.id == taken.id {
      sessions.entering = nil
      landing.withdraw(taken.id)
      quantised.landed(taken.id)
      dispose(taken.session)
    }
    guard let entering = sessions.entering, entering.id == id else { return }
    sessions.entering = nil
    moveIn(entering.session)
  }

  // MARK: Showing and dropping

  func dropSession() throws(Refusal) -> Answer {
    sessions.preparing?.finish(.failure(Self.sessionReplaced))
    if let preparing = sessions.preparing { dispose(preparing.session) }
    sessions.preparing = nil
    if let prepared = sessions.prepared { dispose(prepared) }
    sessions.prepared = nil
    guard let entering = sessions.entering else { return .reply(.ok(["session": nil])) }
    let place = quantised.waiting[entering.id]?.command.at ?? entering.at
    let command = try send("session_drop", .withdraw, tick: Double(place), address: UInt(entering.id))
    // Until that has landed the renderer may still enter it.
    if let id = command["id"]?.unsignedInt { sessions.takenBack[id] = entering }
    return .reply(.ok(["command": command, "session": nil]))
  }

  /// Those that play, are prepared or come from a file, and those that the ledger keeps.
  func listSessions(_ incoming: Incoming) throws(Refusal) -> Answer {
    let ledger = ledger
    try load(
      {
        .kept(
          Result { () throws(Refusal) in
            do throws(LedgerError) {
              return try ledger.ask { store throws(LedgerError) in try store.sessions() }
            } catch { throw Refusal(error) }
          })
      },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .kept(let rows) = loaded else { return }
          finish(incoming, .ok(["sessions": .array(presentSessions() + keptSessions(try rows.get()))]))
        }
      })
    return .later
  }

  private func keptSessions(_ rows: [SessionRow]) -> [JSONValue] {
    rows.filter { $0.name != journal.session }.map { row in
      [
        "state": "kept", "name": .string(row.name), "file": nil, "tracks": .integer(Int64(row.tracks)),
        "regions": .integer(Int64(row.regions)), "seconds": .number(row.seconds.hundredths), "warnings": [],
      ]
    }
  }

  private func presentSessions() -> [JSONValue] {
    var rows: [JSONValue] = [
      [
        "state": "playing", "name": .string(journal.session), "file": .string(sessions.file ?? "not saved"),
        "tracks": .integer(Int64(timeline.tracks.count)), "regions": .integer(Int64(timeline.regions.count)),
        "seconds": .number(timeline.map.seconds(atTick: Double(timeline.end)).hundredths), "warnings": [],
      ]
    ]
    if let entering = sessions.entering { rows.append(preparedJSON(entering.session, "entering")) }
    if let prepared = sessions.prepared { rows.append(preparedJSON(prepared)) }
    if let preparing = sessions.preparing {
      rows.append(preparedJSON(preparing.session, "preparing \(preparing.done) of \(preparing.total)"))
    }
    return rows
  }

  func preparedJSON(_ session: PreparedSession, _ state: String = "next") -> JSONValue {
    let timeline = session.draft.timeline
    return [
      "state": .string(state), "name": .string(session.draft.name), "file": .string(session.draft.file),
      "tracks": .integer(Int64(timeline.tracks.count)), "regions": .integer(Int64(timeline.regions.count)),
      "seconds": .number(timeline.map.seconds(atTick: Double(timeline.end)).hundredths),
      "warnings": .array(session.draft.warnings.map { .string($0) }),
    ]
  }

  // MARK: Saving

  func saveSession(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let path = arguments.text(.file) ?? ""
    guard SessionName.isPath(path) else { return try keepSession(as: path, arguments, incoming) }
    let overwrites = arguments.isSet(.force) || path == sessions.file
    let document = sessionDocument
    try load(
      {
        .done(
          Result { () throws(Refusal) in
            guard overwrites || access(path, F_OK) != 0 else {
              throw Refusal(
                "exists", .refused, "\(path) is there already", "it would be overwritten",
                "another name, or --force")
            }
            let bytes: [UInt8]
            do { bytes = try document.encode() } catch {
              throw Refusal(
                "export", .internalError, "the session could not be written down", "\(error)", "garden status"
              )
            }
            try WholeFile.write(bytes + [10], to: path, what: "the session")
          })
      },
      then: { [self] loaded in
        guard case .done(let result) = loaded else { return }
        if case .success = result { sessions.file = path }
        resume(incoming) { () throws(Refusal) in
          try result.get()
          finish(incoming, .ok(["file": .string(path)]))
        }
      })
    return .later
  }
}
