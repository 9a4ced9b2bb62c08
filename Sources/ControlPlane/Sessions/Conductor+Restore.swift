import Arrangement
import ControlSocket
import FoundationEssentials
import Glibc
import HootWire
import Ledger
import MusicalTime
import RealtimeEngine
import Tools

// At the start the session that played last comes back: from the ledger, then its clips and synths. Until it is there
// the status answers, and what would change or play something waits.
extension Conductor {
  func restore() {
    journal.restoring = (0, 0)
    let wish = settings.session
    do throws(Refusal) {
      let path = wish.isEmpty ? nil : wish
      try prepare(wish, reader(of: path, allowMissing: true)) { [self] result in
        switch result {
        case .success(let session): enterRestored(session)
        case .failure(let refusal): startEmpty(refusal)
        }
      }
    } catch { startEmpty(error) }
  }

  private func enterRestored(_ session: PreparedSession) {
    sessions.prepared = nil
    for warning in session.draft.warnings { warn(warning) }
    journal.warnings = session.draft.warnings
    // An empty one is there already: nothing needs to land.
    let place = session.draft.place ?? Double(session.draft.timeline.startTick)
    if place == 0, TimelineChange(from: timeline, to: session.draft.timeline) == nil {
      timeline = session.draft.timeline
      defaultFont = session.draft.font
      sessions.file = session.draft.kept?.file
      journal.restoring = nil
      return beginJournal(session)
    }
    let lent = session.change(from: timeline)
    do throws(Refusal) {
      let command = try send(
        "session_restore", .enter, tick: place, effect: .locate, address: lent.address)
      if let id = command["id"]?.unsignedInt { sessions.lent[id] = lent }
      journal.restoring = nil
      moveIn(session)
    } catch { return startEmpty(error) }
    guard session.draft.kept?.wasRolling == true else { return }
    guard settings.resumes else {
      return Log.info("the music was playing when the daemon ended; --resume plays on")
    }
    do throws(Refusal) { _ = try send("play", .play, effect: .roll) } catch {
      warn("the music does not play on: \(error.lines[1])")
    }
  }

  /// What was kept stays as it is, under its name; edits go to another session.
  private func startEmpty(_ refusal: Refusal) {
    warn("the session was not restored: \(refusal.lines.prefix(2).joined(separator: ": "))")
    journal.warnings = [refusal.lines.prefix(2).joined(separator: ": ")]
    journal.restoring = nil
    journal.begin("recovered-\(Timestamp.now.seconds)", at: 0)
    journal.base = timeline
    journal.around = surroundings
    journal.isReady = true
    _ = journal.next()
    keepWhole()
  }

  /// What reads a session, on the loader's thread: from a file, else by its name in the ledger.
  ///
  /// - Parameter path: nil: the one that played last.
  func reader(
    of path: String?, allowMissing: Bool
  ) -> @Sendable () throws(Refusal) -> SessionDraft {
    let (rate, store, ledger, font) = (engine.sampleRate, store, ledger, startFont)
    let (current, file, isRestoring) = (journal.session, sessions.file, journal.restoring != nil)
    return { () throws(Refusal) in
      let name = path.flatMap { SessionName.isPath($0) ? nil : $0 }
      let rows = try Self.rows(name, in: ledger)
      if let path, name == nil {
        var draft = try SessionDraft.read(path, from: store, sampleRate: rate, allowMissing: allowMissing)
        draft.name = path == file ? current : Self.freeName(like: Self.stem(of: path), among: rows.names)
        return draft
      }
      guard !rows.isEmpty || isRestoring else {
        throw Refusal(
          "no_session", .refused, "there is no session \(shown(path ?? ""))",
          "kept are: \(rows.names.prefix(8).joined(separator: ", "))", "garden session ls")
      }
      return try SessionDraft.restored(rows, sampleRate: rate, font: font, from: store)
    }
  }

  static func rows(_ name: String?, in ledger: Ledger) throws(Refusal) -> KeptRows {
    do throws(LedgerError) {
      return try ledger.ask { store throws(LedgerError) in try KeptRows.read(name, from: store) }
    } catch { throw Refusal(error) }
  }

  static func freeName(like text: String, among names: [String]) -> String {
    guard names.contains(text) else { return text }
    return (2...).lazy.map { "\(text)-\($0)" }.first { !names.contains($0) } ?? text
  }

  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = name.hasSuffix(".json") ? String(name.dropLast(5)) : name
    return stem.isEmpty ? Journal.firstSession : String(stem.prefix(ControlLimits.fileNameBytes))
  }

  /// The session that was just moved into is the one whose edits are written down from here on.
  func beginJournal(_ session: PreparedSession) {
    let isStart = !journal.isReady
    let kept = session.draft.kept
    let isKnown = isStart && kept?.needsWhole == false && (kept?.serial ?? 0) > 0
    let last = max(journal.serial, kept?.serial ?? 0)
    setAsideDamage(session.draft.name, kept)
    // Its earlier edits lead nowhere any more.
    if kept == nil, !isStart || session.draft.name != journal.session {
      _ = ledger.write(.truncate(session: session.draft.name, through: .max), { _ in })
    }
    journal.begin(session.draft.name, at: last, numbers: kept?.numbers ?? [], durable: isStart ? last : nil)
    journal.history = kept?.history ?? UndoHistory()
    journal.missingPorts = []
    journal.base = timeline
    if let kept { takeUp(kept.around) }
    journal.around = surroundings
    journal.isReady = true
    _ = ledger.write(.note("session", session.draft.name), { _ in })
    // Until the playhead has got there, what is kept of it stays.
    journal.position = KeptPosition(
      session: journal.session, tick: session.draft.place ?? 0,
      rolling: isStart && kept?.wasRolling == true && settings.resumes)
    journal.landedFrame = transport.landedFrame
    guard !isKnown else { return }
    _ = journal.next()
    keepWhole()
  }

  private func setAsideDamage(_ name: String, _ kept: RestoredSession?) {
    if let number = kept?.damagedFrom { _ = ledger.write(.setAside(session: name, from: number), { _ in }) }
    if var row = kept?.damagedRow {
      row.name = "\(name)-damaged-\(Timestamp.now.seconds)"
      _ = ledger.write(.putSession(row), { _ in })
    }
  }

  /// At the end: what was accepted is made durable, and its replies leave.
  func settleJournal() {
    guard journal.isReady else { return }
    noteEdits("edit", by: Self.userName)
    let place = KeptPosition(session: journal.session, tick: max(0, exactPlayhead), rolling: false)
    keep(place)
    let deadline = ContinuousClock.now + .seconds(ControlLimits.journalRetrySeconds)
    while journal.waiting > 0, journal.failure == nil, ContinuousClock.now < deadline {
      takeJournalNews()
      usleep(500)
    }
    takeJournalNews()
  }

  // MARK: Requests meanwhile

  /// What answers although the session is not there yet.
  static func isAnsweredAtOnce(_ incoming: Incoming) -> Bool {
    guard case .success(let body) = incoming.request else { return true }
    let atOnce: Set = [
      "status", "limits", "doctor", "peers", "meter", "lock", "shutdown", "emergency_pause", "debug_dump",
      "interrupt", "garden_status", "get_transport_state", "garden_emergency_pause",
    ]
    return atOnce.contains(body.content["type"]?.string ?? "")
  }

  static func isRestoring(_ progress: (done: Int, total: Int)?) -> Refusal {
    Refusal(
      "busy", .tryLater, "the session is being restored",
      "\(progress?.done ?? 0) of \(progress?.total ?? 0) clips and synths are there", "garden status")
  }

  // MARK: By names

  /// `session save NAME`: a copy of the session as it is now.
  func keepSession(as name: String, _ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let overwrites = arguments.isSet(.force)
    let (make, ledger, current) = (sessionMaker(as: name), ledger, journal.session)
    try load(
      {
        .done(
          Result { () throws(Refusal) in
            let names = try Self.rows(name, in: ledger).names
            guard name != current, overwrites || !names.contains(name) else {
              throw Refusal(
                "exists", .refused, "a session \(shown(name)) is kept already", "it would be overwritten",
                "another name, or --force")
            }
            guard names.count < LedgerLimits.page else {
              throw Refusal(
                "full", .refused, "the session was not kept", "\(names.count) are kept already",
                "another --force")
            }
            let row: SessionRow
            do { row = try make() } catch {
              throw Refusal(
                "export", .internalError, "the session could not be written down", "\(error)", "garden status"
              )
            }
            try Self.put(row, in: ledger)
          })
      },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .done(let result) = loaded else { return }
          try result.get()
          finish(incoming, .ok(["name": .string(name)]))
        }
      })
    return .later
  }

  /// Waits until it is durable. Loader thread.
  private static func put(_ row: SessionRow, in ledger: Ledger) throws(Refusal) {
    do throws(LedgerError) {
      try ledger.ask { store throws(LedgerError) in
        _ = try store.apply([.putSession(row), .truncate(session: row.name, through: .max)], at: row.at)
      }
    } catch { throw Refusal(error) }
  }

  /// `session new [NAME]`.
  func newSession(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let wanted = arguments.text(.name)
    let (rate, ledger, font) = (engine.sampleRate, ledger, startFont)
    let current = journal.session
    let read: @Sendable () throws(Refusal) -> SessionDraft = { () throws(Refusal) in
      let names = try Self.rows(nil, in: ledger).names + [current]
      if let wanted, names.contains(wanted) || SessionName.isPath(wanted) {
        throw Refusal(
          "exists", .refused, "the session \(shown(wanted)) was not made",
          names.contains(wanted) ? "one of that name is kept" : "a name has no slash and no .json",
          "garden session load \(wanted)")
      }
      let timeline = try SessionDraft.emptyTimeline(rate)
      let name = wanted ?? Self.freeName(like: "session", among: names)
      var draft = SessionDraft(file: name, timeline: timeline, font: font, warnings: [])
      draft.name = name
      draft.isNew = true
      return draft
    }
    guard sessions.entering == nil else {
      throw Refusal(
        "busy", .refused, "the next session is fixed already",
        "it is entered when the playhead gets to its place", "garden session drop")
    }
    try prepare(wanted ?? "session", read) { [self] result in
      resume(incoming) { () throws(Refusal) in
        _ = try result.get()
        if case .reply(let content) = try enterSession(.init()) { finish(incoming, content) }
      }
    }
    return .later
  }
}

private func shown(_ text: String) -> String { "\"\(text)\"" }
