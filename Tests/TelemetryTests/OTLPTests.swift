import HootWire
import Jobs
import Testing

@testable import Telemetry

/// What a collector is told, field by field, and when.
@Suite struct OTLPTests {
  private static let place = TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")!

  private static func span(_ name: String = "call", failure: String? = nil) -> TelemetryRecord {
    .span(
      Span(
        name, .client, at: place, within: 0xAB, began: 1_700_000_000_123, ended: 1_700_000_001_000,
        attributes: [Attribute("host", "gpu"), Attribute("attempt", 2), Attribute("retry_after_s", 1.5)],
        failure: failure))
  }

  private func first(_ signal: TelemetryRecord.Signal, _ records: [TelemetryRecord]) throws -> JSONValue {
    let body = try JSONValue.parse(OTLP(version: "1.2", started: 7).body(signal, records))
    let names = [
      TelemetryRecord.Signal.traces: ("resourceSpans", "scopeSpans", "spans"),
      .logs: ("resourceLogs", "scopeLogs", "logRecords"),
      .metrics: ("resourceMetrics", "scopeMetrics", "metrics"),
    ]
    let (outer, inner, list) = try #require(names[signal])
    let resource = try #require(body[outer]?.array?.first)
    #expect(
      resource["resource"]?["attributes"]?.array?.first
        == ["key": "service.name", "value": ["stringValue": "chaosgarden"]])
    let scope = try #require(resource[inner]?.array?.first)
    #expect(scope["scope"] == ["name": "chaosgarden", "version": "1.2"])
    return try #require(scope[list]?.array?.first)
  }

  @Test func `A span has its ids in hexadecimal and its times as text`() throws {
    let span = try first(.traces, [Self.span(failure: "It broke.")])
    #expect(span["traceId"] == "4bf92f3577b34da6a3ce929d0e0e4736" && span["spanId"] == "00f067aa0ba902b7")
    #expect(span["parentSpanId"] == "00000000000000ab" && span["kind"] == 3 && span["name"] == "call")
    #expect(span["startTimeUnixNano"] == "1700000000123000000")
    #expect(span["endTimeUnixNano"] == "1700000001000000000")
    #expect(span["status"] == ["code": 2, "message": "It broke."])
    #expect(
      span["attributes"] == [
        ["key": "host", "value": ["stringValue": "gpu"]], ["key": "attempt", "value": ["intValue": "2"]],
        ["key": "retry_after_s", "value": ["doubleValue": 1.5]],
      ])
  }

  @Test func `[B28] A busy answer is a warning with job, client_job_id, wait and host, within its trace`()
    throws
  {
    let line = LogLine(
      .warning, "job waiting_for_gpu", at: 5,
      attributes: [
        Attribute("job.id", "j"), Attribute("client_job_id", "j"), Attribute("host", "gpu"),
        Attribute("retry_after_s", 30.0),
      ], place: Self.place)
    let log = try first(.logs, [.log(line)])
    #expect(log["severityNumber"] == 13 && log["severityText"] == "WARN" && log["timeUnixNano"] == "5000000")
    #expect(log["body"] == ["stringValue": "job waiting_for_gpu"])
    #expect(
      log["attributes"]?.array?.compactMap { $0["key"]?.string } == [
        "job.id", "client_job_id", "host", "retry_after_s",
      ])
    #expect(log["traceId"] == "4bf92f3577b34da6a3ce929d0e0e4736" && log["spanId"] == "00f067aa0ba902b7")
  }

  @Test func `Counters are cumulative sums, histograms have a bucket more than bounds`() throws {
    var histogram = Histogram([1, 2])
    for value in [0.5, 1, 1.5, 9, .nan, -1] { histogram.take(value) }
    let counter = try first(.metrics, [.metrics([Measured(.busy, by: ["gpu": 3])], at: 9)])
    #expect(counter["name"] == "http_429_total" && counter["unit"] == "{answers}")
    #expect(counter["sum"]?["aggregationTemporality"] == 2 && counter["sum"]?["isMonotonic"] == true)
    let point = try #require(counter["sum"]?["dataPoints"]?.array?.first)
    #expect(point["asDouble"]?.double == 3 && point["startTimeUnixNano"] == "7000000")
    #expect(point["attributes"] == [["key": "host", "value": ["stringValue": "gpu"]]])
    let shown = try first(.metrics, [.metrics([Measured(.jobWait, histogram)], at: 9)])
    let bucket = try #require(shown["histogram"]?["dataPoints"]?.array?.first)
    #expect(bucket["bucketCounts"] == ["2", "1", "1"] && bucket["count"] == "4")
    #expect(bucket["sum"]?.double == 12 && bucket["explicitBounds"]?.array?.compactMap(\.double) == [1, 2])
    #expect(bucket["timeUnixNano"] == "9000000")
  }

  // MARK: When

  @Test func `Records are gathered for a second, and one request is out at a time`() throws {
    var desk = OTLPDesk()
    #expect(desk.nextTime == nil)
    desk.take(Self.span("a"), at: 100)
    desk.take(Self.span("b"), at: 900)
    #expect(desk.next(at: 1_099) == nil && desk.nextTime == 1_100)
    #expect(desk.next(at: 1_100) == .post(.traces, [Self.span("a"), Self.span("b")]))
    desk.take(Self.span("c"), at: 1_200)
    #expect(desk.next(at: 9_000) == nil && desk.nextTime == nil)
    #expect(desk.posted(.taken, at: 9_000) == nil)
    #expect(desk.next(at: 9_000) == .post(.traces, [Self.span("c")]))
    _ = desk.posted(.taken, at: 9_001)
    #expect(desk.isIdle && desk.counts.sent == [.traces: 3] && desk.counts.dropped == [:])
  }

  @Test func `A dead collector is said once, asked ever more seldom, and what finds no room is counted`() {
    var desk = OTLPDesk()
    var now: JobTime = 0
    var asked: [JobTime] = []
    var said: [OTLPDesk.Action] = []
    for _ in 0..<TelemetryLimits.waiting + 10 { desk.take(Self.span(), at: now) }
    #expect(desk.counts.dropped == [.traces: 10])
    while asked.count < 9, let next = desk.nextTime {
      now = max(now, next)
      if desk.next(at: now) != nil { asked.append(now) }
      if let action = desk.posted(.failed("no"), at: now) { said.append(action) }
    }
    #expect(asked == [0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000, 183_000])
    #expect(said == [.say(isThere: false, "no")])
    #expect(desk.counts.dropped == [.traces: 10] && desk.counts.sent == [:])
    // It is back: that is said, once, and everything that was kept goes out in order.
    now = desk.nextTime ?? now
    while desk.next(at: now) != nil { if let action = desk.posted(.taken, at: now) { said.append(action) } }
    #expect(said.count == 2 && said.last == .say(isThere: true, ""))
    #expect(desk.counts.sent == [.traces: UInt64(TelemetryLimits.waiting)])
  }

  @Test func `What a collector refuses is not sent again, and only the newest look at the metrics is kept`() {
    var desk = OTLPDesk()
    desk.take(Self.span(), at: 0)
    _ = desk.next(at: 1_000)
    #expect(desk.posted(.refused("It answers with status 400."), at: 1_000) != nil)
    #expect(desk.isIdle && desk.counts.dropped == [.traces: 1])
    for time: JobTime in [1, 2, 3] { desk.take(.metrics([], at: time), at: 2_000) }
    #expect(desk.next(at: 3_000) == .post(.metrics, [.metrics([], at: 3)]))
  }

  @Test(arguments: [
    (200, Posted.taken), (202, .taken), (400, .refused("It answers with status 400.")),
    (401, .refused("It answers with status 401.")), (429, .failed("It answers with status 429.")),
    (500, .refused("It answers with status 500.")), (503, .failed("It answers with status 503.")),
  ])
  func `A reply's status says whether it may be sent again`(status: Int, result: Posted) {
    #expect(Posted(status: status) == result)
  }

  @Test func `An address is http or https, and each signal has its path`() {
    #expect(Collector("http://127.0.0.1:4318")?.url(.traces) == "http://127.0.0.1:4318/v1/traces")
    #expect(Collector("https://otel/base/")?.url(.logs) == "https://otel/base/v1/logs")
    for bad in [
      "", "127.0.0.1:4318", "grpc://x", "http://", "http:///v1", "http://u@h", "http://h?x", "http://h#x",
      "http://h\n", "http://é", "http://:4318", "http://" + String(repeating: "x", count: 2_048),
    ] {
      #expect(Collector(bad) == nil, "\(bad)")
    }
  }
}
