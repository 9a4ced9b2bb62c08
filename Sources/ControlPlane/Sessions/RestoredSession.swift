import Arrangement
import ContentStore
import FoundationEssentials
import Jobs
import Ledger
import MusicalTime
import RealtimeEngine

/// What the ledger has of a session, before anything of it is understood.
struct KeptRows: Sendable {
  var name: String
  var row: SessionRow?
  var entries: [JournalEntry] = []
  var position: KeptPosition?
  /// The names of all sessions.
  var names: [String] = []

  /// On the ledger's thread.
  ///
  /// - Parameter name: nil: the one that played last.
  static func read(_ name: String?, from store: any JobLedger) throws(LedgerError) -> KeptRows {
    let current = try store.note("session") ?? Journal.firstSession
    var rows = KeptRows(name: name ?? current)
    rows.row = try store.session(rows.name)
    rows.names = try store.sessions().map(\.name)
    while true {
      let page = try store.journal(rows.name, after: rows.entries.last?.number ?? 0, limit: LedgerLimits.page)
      rows.entries += page
      guard page.count == LedgerLimits.page else { break }
    }
    if let text = try store.note("position") {
      // One that cannot be read is none: the session then stands at its start.
      rows.position = try? JSONDecoder().decode(KeptPosition.self, from: Data(text.utf8))
    }
    return rows
  }

  var isEmpty: Bool { row == nil && entries.isEmpty }
}

/// A session as the ledger had it: what is beside the timeline, and what was wrong.
struct RestoredSession: Sendable {
  var serial: UInt64 = 0
  var numbers: [(serial: UInt64, number: Int64)] = []
  var history = UndoHistory()
  var around = Surroundings()
  var file: String?
  var wasRolling = false
  /// It must be kept as a whole at once: what is in the ledger does not lead to it any more.
  var needsWhole = false
  /// From which of the ledger's numbers on the entries are set aside.
  var damagedFrom: Int64?
  var damagedRow: SessionRow?
}

extension SessionDraft {
  /// What the ledger's rows come to: the whole session, then each edit after it. The first that cannot be used ends it;
  /// what came before is the last good state. Loader thread.
  static func restored(
    _ rows: KeptRows, sampleRate: Double, font: String, from store: ContentStore
  ) throws(Refusal) -> SessionDraft {
    var kept = RestoredSession()
    var warnings: [String] = []
    var timeline = try emptyTimeline(sampleRate)
    if let row = rows.row {
      do {
        let whole: KeptSession = try SealedBytes.open(row.bytes)
        timeline = try whole.timeline()
        kept.serial = whole.serial
        kept.around = whole.around
        kept.file = whole.file
      } catch {
        warnings.append("the session \(rows.name) cannot be read: \(Self.reason(error)); it is kept aside")
        kept.damagedRow = row
        kept.damagedFrom = rows.entries.first?.number
        kept.needsWhole = true
      }
    }
    if kept.damagedRow == nil { replay(rows, onto: &timeline, &kept, &warnings) }
    do { if timeline.map.sampleRate != sampleRate { try timeline.resample(to: sampleRate) } } catch {
      throw Refusal(error)
    }
    var draft = SessionDraft(file: rows.name, timeline: timeline, font: font, warnings: warnings)
    draft.name = rows.name
    draft.place = rows.position.flatMap { $0.session == rows.name ? draft.place(of: $0) : nil }
    kept.wasRolling = draft.place != nil && rows.position?.rolling == true
    if !kept.around.soundfont.isEmpty {
      let (path, odd) = try OfflineSession.font(kept.around.soundfont, in: store)
      (draft.font, draft.warnings) = (path, draft.warnings + odd)
    }
    draft.kept = kept
    try draft.checkFiles(in: store, allowMissing: true)
    return draft
  }

  private static func replay(
    _ rows: KeptRows, onto timeline: inout Timeline, _ kept: inout RestoredSession,
    _ warnings: inout [String]
  ) {
    let whole = kept.serial
    // One that cannot be read, of which only what follows tells whether it was in the whole session already.
    var unread: (number: Int64, why: String)?
    for entry in rows.entries {
      do {
        let record: JournalRecord = try SealedBytes.open(entry.bytes)
        guard record.serial <= whole || record.serial == kept.serial + 1 else {
          throw SealedBytes.Damage(description: unread?.why ?? "the edit before it is missing")
        }
        unread = nil
        if record.serial > whole {
          try record.change?.apply(to: &timeline)
          if let around = record.around { kept.around = around.new }
          kept.serial = record.serial
        }
        kept.numbers.append((record.serial, entry.number))
        kept.history.take(record)
      } catch {
        if kept.serial == whole, unread == nil, !(error is TimelineConflict) {
          unread = (entry.number, reason(error))
          continue
        }
        return damage(unread?.number ?? entry.number, reason(error), rows.name, &kept, &warnings)
      }
    }
    if let unread { damage(unread.number, unread.why, rows.name, &kept, &warnings) }
  }

  private static func damage(
    _ number: Int64, _ why: String, _ name: String, _ kept: inout RestoredSession, _ warnings: inout [String]
  ) {
    warnings.append(
      "edit \(kept.serial + 1) of the session \(name) cannot be used: \(why); it and what follows are kept aside, and "
        + "the session is as it was before")
    kept.damagedFrom = number
    kept.needsWhole = true
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as ArrangementError: error.lines[1]
    case let error as TimelineConflict: "\(error.name): \(error.why)"
    case let error as SealedBytes.Damage: error.description
    default: "it is not of the form that this program writes"
    }
  }

  static func emptyTimeline(_ sampleRate: Double) throws(Refusal) -> Timeline {
    do { return Timeline(map: try TempoMap(sampleRate: sampleRate)) } catch { throw Refusal(error) }
  }

  /// A playhead that rolled goes back to the start of its bar.
  private func place(of position: KeptPosition) -> Double? {
    guard position.tick.isFinite, (0...Double(TimeLimits.maximumTick)).contains(position.tick) else {
      return nil
    }
    guard position.rolling else { return position.tick }
    let bar = timeline.map.barBeat(atTick: Tick(position.tick)).bar
    // A bar that was told is a place that can be told.
    return (try? Position.tick("\(bar):1", in: timeline.positionContext(playhead: 0, named: false)))
      .map(Double.init) ?? position.tick
  }
}

extension KeptSession {
  func timeline() throws -> Timeline {
    var timeline = try document.timeline()
    timeline.reserveKeys(below: nextKey)
    return timeline
  }
}
