import FoundationEssentials
import RealtimeEngine

/// Schedules the renderer may still read: kept until it gives them back.
struct ScheduleShelf {
  private var kept: [UInt64: CompiledSchedule] = [:]
  private var nextRevision: UInt64 = 1
  private(set) var tempoRevision: UInt64 = 1
  var needsSending = false

  mutating func newRevision() -> UInt64 {
    defer { nextRevision += 1 }
    return nextRevision
  }

  /// Greater than any revision of the session that plays, however many edits it still gets: each session has 2^40
  /// of its own, so that the renderer tells an edit of a session that was left from one of its own.
  var nextSessionRevision: UInt64 { (nextRevision >> 40 + 1) << 40 }

  /// The renderer has another session's schedule.
  mutating func enter(_ schedule: CompiledSchedule) {
    keep(schedule)
    nextRevision = schedule.revision + 1
    tempoRevision = schedule.revision
    needsSending = false
  }

  mutating func tempoChanged() { tempoRevision += 1 }
  mutating func keep(_ schedule: CompiledSchedule) { kept[schedule.revision] = schedule }
  mutating func retired(_ revision: UInt64) { kept[revision] = nil }
  var count: Int { kept.count }
  var bytes: Int { kept.values.reduce(0) { $0 + $1.bytes } }
}

/// Synth banks: those that play, by track, and all that the renderer may still read, by address.
struct BankShelf {
  private(set) var playing: [UUID: SynthBankContent] = [:]
  private var kept: [UInt: SynthBankContent] = [:]

  mutating func install(_ bank: SynthBankContent, on track: UUID) {
    playing[track] = bank
    kept[bank.address] = bank
  }

  /// For a place that is no track of the session.
  mutating func keep(_ bank: SynthBankContent) { kept[bank.address] = bank }

  /// The renderer gives back what played when it has rung out.
  mutating func removeAllPlaying() { playing = [:] }

  mutating func remove(_ track: UUID) { playing[track] = nil }
  mutating func retired(_ address: UInt) -> SynthBankContent? { kept.removeValue(forKey: address) }
}
