import HootWire
import Jobs

/// Requests of OTLP/HTTP in its JSON encoding: camel case, ids in hexadecimal, 64-bit integers as text.
package struct OTLP: Sendable {
  /// Whose records they are.
  let resource: JSONValue
  /// When counting began.
  let started: JobTime
  private let scope: JSONValue

  package init(version: String, started: JobTime) {
    self.started = started
    scope = ["name": "chaosgarden", "version": .string(version)]
    resource = [
      "attributes": Self.attributes([
        Attribute("service.name", "chaosgarden"), Attribute("service.version", version),
      ])
    ]
  }

  /// The body of a request with records of one signal.
  package func body(_ signal: TelemetryRecord.Signal, _ records: [TelemetryRecord]) -> [UInt8] {
    let (outer, inner, list, items): (String, String, String, [JSONValue])
    switch signal {
    case .traces:
      (outer, inner, list, items) = ("resourceSpans", "scopeSpans", "spans", records.compactMap(span))
    case .logs:
      (outer, inner, list, items) = ("resourceLogs", "scopeLogs", "logRecords", records.compactMap(log))
    case .metrics:
      (outer, inner, list, items) = ("resourceMetrics", "scopeMetrics", "metrics", records.flatMap(metrics))
    }
    let scoped = JSONValue([("scope", scope), (list, .array(items))])
    return JSONValue([(outer, .array([JSONValue([("resource", resource), (inner, .array([scoped]))])]))])
      .encode()
  }

  private func span(_ record: TelemetryRecord) -> JSONValue? {
    guard case .span(let span) = record else { return nil }
    var fields: [(String, JSONValue)] = [
      ("traceId", .string(span.place.traceText)), ("spanId", .string(TraceContext.text(span.place.span))),
      ("name", .string(span.name)), ("kind", .integer(span.kind.rawValue)),
      ("startTimeUnixNano", Self.nanoseconds(span.began)), ("endTimeUnixNano", Self.nanoseconds(span.ended)),
      ("attributes", Self.attributes(span.attributes)),
    ]
    if let parent = span.parent { fields.append(("parentSpanId", .string(TraceContext.text(parent)))) }
    if let failure = span.failure {
      fields.append(("status", ["code": 2, "message": .string(failure)]))
    }
    return JSONValue(fields)
  }

  private func log(_ record: TelemetryRecord) -> JSONValue? {
    guard case .log(let line) = record else { return nil }
    var fields: [(String, JSONValue)] = [
      ("timeUnixNano", Self.nanoseconds(line.at)), ("observedTimeUnixNano", Self.nanoseconds(line.at)),
      ("severityNumber", .integer(line.severity.rawValue)), ("severityText", .string(line.severity.word)),
      ("body", ["stringValue": .string(line.body)]), ("attributes", Self.attributes(line.attributes)),
    ]
    if let place = line.place {
      fields += [
        ("traceId", .string(place.traceText)), ("spanId", .string(TraceContext.text(place.span))),
      ]
    }
    return JSONValue(fields)
  }

  private func metrics(_ record: TelemetryRecord) -> [JSONValue] {
    guard case .metrics(let all, let time) = record else { return [] }
    return all.filter { !$0.samples.isEmpty }.map { measured in
      let metric = measured.metric
      let points = JSONValue.array(measured.samples.map { point($0, metric, at: time) })
      let data: (String, JSONValue) =
        switch metric.kind {
        case .counter:
          ("sum", ["aggregationTemporality": 2, "isMonotonic": true, "dataPoints": points])
        case .gauge: ("gauge", ["dataPoints": points])
        case .histogram: ("histogram", ["aggregationTemporality": 2, "dataPoints": points])
        }
      return JSONValue([
        ("name", .string(metric.name.rawValue)), ("description", .string(metric.help)),
        ("unit", .string(metric.unit)), data,
      ])
    }
  }

  private func point(_ sample: Measured.Sample, _ metric: Metric, at time: JobTime) -> JSONValue {
    var fields: [(String, JSONValue)] = [
      ("attributes", Self.attributes(zip(metric.labels, sample.labels).map { Attribute($0, $1) })),
      ("timeUnixNano", Self.nanoseconds(time)),
    ]
    if metric.kind != .gauge { fields.append(("startTimeUnixNano", Self.nanoseconds(started))) }
    switch sample.value {
    case .number(let value): fields.append(("asDouble", .number(value)))
    case .histogram(let histogram):
      fields += [
        ("count", .string(String(histogram.count))), ("sum", .number(histogram.sum)),
        ("bucketCounts", .array(histogram.counts.map { .string(String($0)) })),
        ("explicitBounds", .array(histogram.bounds.map { .number($0) })),
      ]
    }
    return JSONValue(fields)
  }

  private static func nanoseconds(_ time: JobTime) -> JSONValue {
    .string(time > 0 ? "\(time)000000" : "0")
  }

  private static func attributes(_ attributes: [Attribute]) -> JSONValue {
    .array(
      attributes.map { attribute in
        let value: JSONValue =
          switch attribute.value {
          case .text(let text): ["stringValue": .string(text)]
          case .integer(let number): ["intValue": .string(String(number))]
          case .number(let number): ["doubleValue": .number(number)]
          }
        return ["key": .string(attribute.name), "value": value]
      })
  }
}
