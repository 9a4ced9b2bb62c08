import FoundationEssentials
import Glibc
import HootWire
import Jobs
import Telemetry

/// The daemon's log: one line each on stderr, in the form that the settings say.
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
  // As the level.
  nonisolated(unsafe) package static var format = LogFormat(word: "auto")

  package static func error(_ message: String) { write(.error, message) }
  package static func warning(_ message: String) { write(.warning, message) }
  package static func info(_ message: String) { write(.info, message) }
  package static func debug(_ message: String) { write(.debug, message) }

  /// What happened to a job, with what it is found again by; turned away and failed ones are warnings.
  static func job(_ record: JobRecord, _ what: String) {
    guard what != "progress" || level >= .debug else { return }
    self.record(
      record.isTrouble ? .warning : what == "progress" ? .debug : .info, "job \(record.state.name)",
      record.telemetryFields, record.spec.trace(.job), record.error.first)
  }

  /// A line of names and values, with its place in its trace.
  static func record(
    _ level: Level, _ what: String, _ fields: [Attribute], _ place: TraceContext, _ error: String?
  ) {
    guard level <= Self.level else { return }
    var told = fields.map { (name: $0.name, value: $0.text) } + [("traceparent", place.text)]
    if let error { told.append(("error", error)) }
    write(level, what, told)
  }

  private static func write(
    _ level: Level, _ message: String, _ fields: [(name: String, value: String)] = []
  ) {
    guard level <= Self.level else { return }
    let text = format.line(level, message, fields, at: "\(Timestamp.now.text.prefix(23))Z")
    _ = Array(text.utf8).withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
