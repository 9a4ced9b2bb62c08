import FoundationEssentials
import Glibc
import HootWire
import Jobs

/// The daemon's log: one line each on stderr. `<4>` before it under systemd, which reads the level there.
/// Never called from the realtime thread.
package enum Log {
  package enum Level: Int, Sendable, Comparable {
    case error = 3
    case warning = 4
    case info = 6
    case debug = 7

    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

    package init(word: String) {
      switch word {
      case "error": self = .error
      case "warning": self = .warning
      case "debug": self = .debug
      default: self = .info
      }
    }
  }

  // Set once, at start-up, before any other thread runs.
  nonisolated(unsafe) package static var level = Level.info
  private static let underSystemd = getenv("JOURNAL_STREAM") != nil

  package static func error(_ message: String) { write(.error, message) }
  package static func warning(_ message: String) { write(.warning, message) }
  package static func info(_ message: String) { write(.info, message) }
  package static func debug(_ message: String) { write(.debug, message) }

  /// What happened to a job, with what it is found again by; turned away and failed ones are warnings.
  static func job(_ record: JobRecord, _ what: String) {
    guard what != "progress" || level >= .debug else { return }
    var fields = ["job.id=\(record.id)", "client_job_id=\(record.id)", "tool=\(record.spec.tool)"]
    if let host = record.host { fields.append("host=\(host)") }
    if record.state == .parked(.hostBusy), let next = record.nextAt {
      fields.append("retry_after_s=\((Double(next - record.updatedAt) / 1_000).hundredths)")
    }
    if let trace = record.spec.traceparent { fields.append("traceparent=\(trace)") }
    if let error = record.error.first { fields.append("error=\"\(error)\"") }
    let isTrouble = record.state == .parked(.hostBusy) || record.state.nameOfFive == "failed"
    write(
      isTrouble ? .warning : what == "progress" ? .debug : .info,
      "job \(record.state.name) " + fields.joined(separator: " "))
  }

  private static func write(_ level: Level, _ message: String) {
    guard level <= Self.level else { return }
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " / ")
    let text =
      underSystemd ? "<\(level.rawValue)>\(line)\n" : "\(Timestamp.now.text.prefix(23))Z \(level) \(line)\n"
    _ = text.utf8.withContiguousStorageIfAvailable { Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
