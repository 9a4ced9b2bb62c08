import Arrangement

/// What the next change that is written down takes back or makes again, and whose it is.
struct UndoMark {
  var client: String?
  var undoes: [UInt64]?
  var redoes: [UInt64]?
}

/// The last edits with what they changed, and which of them each client can take back or make again. A value that is
/// built anew from the journal.
struct UndoHistory: Sendable {
  private(set) var steps: [JournalRecord] = []
  private var undoable: [String: [UInt64]] = [:]
  private var redoable: [String: [UInt64]] = [:]
  /// Things that the steps touch, together.
  private var touched = 0

  mutating func take(_ record: JournalRecord) {
    // What stands around the timeline is not taken back: a metronome is switched off by hand.
    guard let change = record.change else { return }
    steps.append(record)
    touched += change.count
    let client = record.client
    if let undoes = record.undoes {
      undoable[client]?.removeAll { undoes.contains($0) }
      redoable[client, default: []] += undoes
    } else if let redoes = record.redoes {
      redoable[client]?.removeAll { redoes.contains($0) }
      undoable[client, default: []] += redoes
    } else {
      undoable[client, default: []].append(record.serial)
      redoable[client] = nil
    }
    while steps.count > ControlLimits.undoDepth || (touched > ControlLimits.undoItems && steps.count > 1) {
      touched -= steps.removeFirst().change?.count ?? 0
    }
  }

  func step(_ serial: UInt64) -> JournalRecord? { steps.last { $0.serial == serial } }

  /// A client's edits that can be taken back, or made again, the last first.
  func undoable(by client: String) -> [JournalRecord] {
    (undoable[client] ?? []).reversed().compactMap(step)
  }

  func redoable(by client: String) -> [JournalRecord] {
    (redoable[client] ?? []).reversed().compactMap(step)
  }

  /// Who touched a thing last after an edit; a person rather than the machine.
  func last(touching object: TimelineObject, after serial: UInt64) -> JournalRecord? {
    let found = steps.filter { $0.serial > serial && $0.change?.touches(object) == true }
    return found.last { $0.client != Self.machine } ?? found.last
  }

  /// Whose edits are consequences of others': a job that was asked for begins, brings something, fails.
  static let machine = "jobs"

  /// What the machine has made of an edit, in order: it goes where the edit goes. What comes after another's change of the
  /// same region is none of it.
  ///
  /// - Parameter isUndone: it was taken back already; what came after that is none of it either.
  func consequences(of step: JournalRecord, isUndone: Bool) -> [TimelineChange] {
    let ids = step.change?.latents?.compactMap(\.new?.id) ?? []
    guard !ids.isEmpty else { return [] }
    let end = isUndone ? steps.last { $0.undoes?.contains(step.serial) == true }?.serial : nil
    let later = steps.filter { $0.serial > step.serial && $0.serial < end ?? .max }
    return ids.flatMap { id in
      var found: [(record: JournalRecord, part: TimelineChange)] = []
      for record in later {
        guard let part = record.change?.part(of: id) else { continue }
        let retraced = record.undoes ?? record.redoes ?? []
        if retraced.contains(step.serial) { continue }
        if record.undoes != nil, let first = found.firstIndex(where: { retraced.contains($0.record.serial) })
        {
          found.removeSubrange(first...)
        } else {
          found.append((record, part))
        }
      }
      return found.prefix { $0.record.client == Self.machine }.map(\.part)
    }
  }
}
