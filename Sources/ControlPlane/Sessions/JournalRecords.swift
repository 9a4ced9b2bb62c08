import Arrangement
import FoundationEssentials

/// One edit as it is kept.
struct JournalRecord: Sendable, Codable {
  static let format = 1
  var format = JournalRecord.format
  /// Its place among all edits of its session, without a gap.
  var serial: UInt64
  var client: String
  var tool: String
  var change: TimelineChange?
  var around: ValueChange<Surroundings>?
  /// The edits that it takes back, or makes again: by their numbers, the last first.
  var undoes: [UInt64]?
  var redoes: [UInt64]?
}

/// A whole session as it is kept.
struct KeptSession: Sendable, Codable {
  static let format = 1
  var format = KeptSession.format
  /// The last edit that is in it.
  var serial: UInt64
  var document: SessionDocument
  /// The key that the next region gets.
  var nextKey: UInt64
  var around: Surroundings
  /// Where it came from or was saved to last.
  var file: String?
}

/// Where the playhead was.
struct KeptPosition: Sendable, Codable, Equatable {
  var session: String
  var tick: Double
  var rolling: Bool
}
