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

  /// Who touched a thing last after an edit.
  func last(touching object: TimelineObject, after serial: UInt64) -> JournalRecord? {
    steps.last { $0.serial > serial && $0.change?.touches(object) == true }
  }
}
