import Jobs

/// What is told to a collector. Times are milliseconds since 1970.
package enum TelemetryRecord: Sendable, Equatable {
  case span(Span)
  case log(LogLine)
  /// All that is measured, at a time.
  case metrics([Measured], at: JobTime)

  package var signal: Signal {
    switch self {
    case .span: .traces
    case .log: .logs
    case .metrics: .metrics
    }
  }

  /// The raw value is the last word of the collector's path.
  package enum Signal: String, Sendable, CaseIterable { case traces, logs, metrics }
}

/// One thing that took time.
package struct Span: Sendable, Equatable {
  /// As OTLP numbers them.
  package enum Kind: Int64, Sendable {
    case inside = 1
    case server = 2
    case client = 3
  }

  package var name: String
  package var kind: Kind
  package var place: TraceContext
  package var parent: UInt64?
  package var began: JobTime
  package var ended: JobTime
  package var attributes: [Attribute]
  /// Why it came to nothing.
  package var failure: String?

  package init(
    _ name: String, _ kind: Kind, at place: TraceContext, within parent: UInt64?, began: JobTime,
    ended: JobTime, attributes: [Attribute], failure: String? = nil
  ) {
    (self.name, self.kind, self.place, self.parent) = (name, kind, place, parent)
    (self.began, self.ended, self.attributes, self.failure) = (began, max(began, ended), attributes, failure)
  }
}

package struct LogLine: Sendable, Equatable {
  /// As OTLP numbers them.
  package enum Severity: Int64, Sendable {
    case debug = 5
    case info = 9
    case warning = 13
    case error = 17

    package var word: String {
      switch self {
      case .debug: "DEBUG"
      case .info: "INFO"
      case .warning: "WARN"
      case .error: "ERROR"
      }
    }
  }

  package var at: JobTime
  package var severity: Severity
  package var body: String
  package var attributes: [Attribute]
  package var place: TraceContext?

  package init(
    _ severity: Severity, _ body: String, at time: JobTime, attributes: [Attribute],
    place: TraceContext? = nil
  ) {
    (self.severity, self.body, self.attributes, self.place) = (severity, body, attributes, place)
    at = time
  }
}

/// What is known of a record, by a name.
package struct Attribute: Sendable, Equatable {
  package enum Value: Sendable, Equatable {
    case text(String)
    case integer(Int64)
    case number(Double)
  }

  package let name: String
  package let value: Value

  package init(_ name: String, _ value: String) { (self.name, self.value) = (name, .text(value)) }
  package init(_ name: String, _ value: Int) { (self.name, self.value) = (name, .integer(Int64(value))) }
  package init(_ name: String, _ value: Double) { (self.name, self.value) = (name, .number(value)) }

  package var text: String {
    switch value {
    case .text(let text): text
    case .integer(let number): String(number)
    case .number(let number): number.description
    }
  }
}
