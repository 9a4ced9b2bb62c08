import Foundation
import Glibc
import HootWire
import HostBench
import Testing

extension EndToEnd {
  /// What the daemon tells of jobs: to its log, to a collector, and to whoever asks for its metrics.
  @Suite struct Telemetry {
    private static let asker = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    /// A quarter note.
    private static let midi: String = Data(
      Array("MThd".utf8) + [0, 0, 0, 6, 0, 0, 0, 1, 1, 0xE0] + Array("MTrk".utf8) + [0, 0, 0, 13]
        + [0, 0x90, 60, 100, 0x83, 0x60, 0x80, 60, 64, 0, 0xFF, 0x2F, 0]
    ).base64EncodedString()

    /// A collector, a host that turns the first call away, and a daemon that knows both.
    private static func stage(_ body: (Stage, Daemon, ScriptedHost, ScriptedHost) throws -> Void) throws {
      try Stage.run { stage in
        let collector = try ScriptedHost { _, _ in [.reply(200, "{}")] }
        defer { collector.stop() }
        let first = Once()
        let host = try ScriptedHost { request, _ in
          guard request.path == "/predict" else { return [.reply(200, "{}")] }
          if String(decoding: request.body, as: UTF8.self).contains("9999") {
            return [.reply(422, #"{"error":"validation","message":"max_tokens: too many"}"#)]
          }
          if first.take() {
            return [.reply(429, #"{"error":"GPU busy"}"#, headers: ["Retry-After: 1"])]
          }
          return [.reply(200, #"{"variations":[{"midi_base64":"\#(midi)"}]}"#)]
        }
        defer { host.stop() }
        stage.set("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        let daemon = try stage.daemon()
        try daemon.peer().query(
          "host_add", ["host": "gpu", "kind": "http", "url": .string(host.url), "tools": "orpheus_generate"])
        try body(stage, daemon, collector, host)
      }
    }

    /// All records of a signal that came so far.
    private static func records(_ signal: String, of collector: ScriptedHost) throws -> [JSONValue] {
      let names = [
        "traces": ("resourceSpans", "scopeSpans", "spans"),
        "logs": ("resourceLogs", "scopeLogs", "logRecords"),
        "metrics": ("resourceMetrics", "scopeMetrics", "metrics"),
      ]
      let (outer, inner, list) = try #require(names[signal])
      return try collector.requests.filter { $0.path == "/v1/\(signal)" }.flatMap { request in
        let body = try JSONValue.parse(request.body)
        return (body[outer]?.array ?? []).flatMap { $0[inner]?.array ?? [] }.flatMap { $0[list]?.array ?? [] }
      }
    }

    private static func attribute(_ name: String, of record: JSONValue?) -> JSONValue? {
      (record?["attributes"]?.array ?? []).first { $0["key"]?.string == name }?["value"]
    }

    @Test
    func `[D61] [B21] [B28] [B33] One generate is one trace from its request through calls to its region`()
      throws
    {
      try Self.stage { _, daemon, collector, host in
        let peer = try daemon.peer()
        peer.client.traceparent = Self.asker
        let id = try #require(
          try peer.query("orpheus_generate", ["track": "lead", "at": "0"])["job_id"]?.string)
        var spans: [JSONValue] = []
        try #require(
          try eventually(30) {
            spans = try Self.records("traces", of: collector)
              .filter { Self.attribute("job.id", of: $0)?["stringValue"]?.string == id }
            return spans.count >= 5
          }, "\(spans.map(\.text))")
        func named(_ name: String) -> [JSONValue] { spans.filter { $0["name"]?.string == name } }
        let submit = try #require(named("submit orpheus_generate").first)
        let job = try #require(named("job orpheus_generate").first)
        let calls = named("call orpheus_generate")
        let attach = try #require(named("attach").first)
        #expect(spans.count == 5 && calls.count == 2)
        #expect(spans.allSatisfy { $0["traceId"]?.string == Self.trace })
        #expect(submit["parentSpanId"] == "00f067aa0ba902b7" && submit["kind"] == 2)
        #expect(job["parentSpanId"] == submit["spanId"])
        #expect(calls.allSatisfy { $0["parentSpanId"] == job["spanId"] && $0["kind"] == 3 })
        #expect(attach["parentSpanId"] == job["spanId"])
        #expect(Set(spans.compactMap { $0["spanId"]?.string }).count == 5)
        let outcomes = calls.compactMap { Self.attribute("outcome", of: $0)?["stringValue"]?.string }
        #expect(outcomes == ["busy", "succeeded"])
        // The host was told where its call stands.
        let told = host.requests.filter { $0.path == "/predict" }.map { $0.headers["traceparent"] ?? "" }
        #expect(told == calls.map { "00-\(Self.trace)-\($0["spanId"]?.string ?? "")-01" })
        // What happened is logged with it: here, and at the collector.
        try #require(
          try eventually(30) {
            try Self.records("logs", of: collector).contains { $0["severityText"] == "WARN" }
          })
        let warning = try #require(
          try Self.records("logs", of: collector).first { $0["severityText"] == "WARN" })
        #expect(warning["traceId"]?.string == Self.trace && warning["spanId"] == job["spanId"])
        for name in ["job.id", "client_job_id"] {
          #expect(Self.attribute(name, of: warning)?["stringValue"]?.string == id)
        }
        #expect(Self.attribute("host", of: warning)?["stringValue"] == "gpu")
        #expect((Self.attribute("retry_after_s", of: warning)?["doubleValue"]?.double ?? 0) >= 1)
        let line = daemon.said.split(separator: "\n").first { $0.contains("job waiting_for_gpu") } ?? ""
        #expect(
          line.contains(" warning ") && line.contains("job.id=\(id) client_job_id=\(id)")
            && line.contains(" host=gpu retry_after_s=1")
            && line.contains("traceparent=00-\(Self.trace)-"), "\(line)")
        let lines = daemon.said.split(separator: "\n").filter { $0.contains(id) }
        #expect(lines.count >= 4)
        for line in lines {
          for word in ["job.id=", "client_job_id=", "host=", "retry_after_s="] where line.contains(" job ") {
            #expect(line.contains(word) || line.contains("job attached"), "\(line)")
          }
        }
      }
    }

    @Test func `[D61] A failure is logged with its job and its trace, and a trace is made where none came`()
      throws
    {
      try Self.stage { stage, daemon, collector, _ in
        let peer = try daemon.peer()
        // What is no trace context is as good as none.
        peer.client.traceparent = "00-00000000000000000000000000000000-00f067aa0ba902b7-01"
        let id = try #require(
          try peer.query("orpheus_generate", ["max_tokens": 9999, "no_region": true])["job_id"]?.string)
        let job = try #require(try peer.query("job_poll", ["job": [.string(id)]])["jobs"]?.array?.first)
        let trace = id.replacing("-", with: "")
        #expect(job["state"] == "failed" && job["trace_id"]?.string == trace)
        let line = daemon.said.split(separator: "\n").first { $0.contains("job failed") } ?? ""
        #expect(line.contains("job.id=\(id)") && line.contains("traceparent=00-\(trace)-"), "\(line)")
        try #require(
          try eventually(30) {
            try Self.records("traces", of: collector).contains { $0["name"] == "job orpheus_generate" }
          })
        let spans = try Self.records("traces", of: collector)
        let failed = spans.filter { $0["status"]?["code"] == 2 }
        #expect(failed.count == 2 && failed.allSatisfy { $0["traceId"]?.string == trace })
        #expect(
          Self.attribute("http.response.status_code", of: failed.first { $0["kind"] == 3 })?["intValue"]
            == "422"
        )
        #expect(spans.first { $0["kind"] == 2 }?["parentSpanId"] == nil)
        // A variable of the environment is told too, and a flag before it.
        stage.set("TRACEPARENT", Self.asker)
        let asked = try stage.json("generate", "phrase_generate", "--no-region", "--detail", "minimal")
        let shown = try stage.json("job", "show", asked["job_id"]?.string ?? "")
        #expect(shown["job"]?["trace_id"]?.string == Self.trace)
        let flag = "00-\(String(repeating: "1", count: 32))-\(String(repeating: "2", count: 16))-00"
        let other = try stage.json(
          "generate", "phrase_generate", "--no-region", "--fresh", "--traceparent", flag)
        #expect(other["job"]?["trace_id"]?.string == String(repeating: "1", count: 32))
        #expect(other["job"]?["traceparent"]?.string?.hasSuffix("-00") == true)
      }
    }

    @Test func `[A53] [B36] [R25] What is counted can be asked for, as a table, as JSON and for Prometheus`()
      throws
    {
      try Self.stage { stage, _, _, _ in
        let asked = try stage.json("generate", "orpheus_generate", "--track", "lead", "--at", "0")
        let id = try #require(asked["job_id"]?.string)
        #expect(try stage.garden("job", "wait", id).status == 0)
        func value(_ name: String, _ metrics: JSONValue) -> JSONValue? {
          metrics["metrics"]?.array?.first { $0["name"]?.string == name }?["samples"]?.array?.first
        }
        try #require(
          try eventually(30) {
            value("attachments_total", try stage.json("status", "--metrics"))?["value"]?.double == 1
          })
        let metrics = try stage.json("status", "--metrics")
        #expect(value("http_429_total", metrics)?["value"]?.double == 1)
        #expect(value("http_429_total", metrics)?["labels"] == ["host": "gpu"])
        #expect((value("host_busy_seconds", metrics)?["value"]?.double ?? 0) >= 1)
        #expect(value("jobs_submitted_total", metrics)?["labels"] == ["tool": "orpheus_generate"])
        #expect(value("jobs_finished_total", metrics)?["labels"] == ["state": "succeeded"])
        #expect(value("job_wait_seconds", metrics)?["count"] == 1)
        #expect((value("job_wait_seconds", metrics)?["sum"]?.double ?? 0) >= 1)
        #expect(value("job_service_seconds", metrics)?["count"] == 1)
        #expect(value("job_attempts", metrics)?["sum"]?.double == 1)
        #expect(value("job_queue_length", metrics)?["value"]?.double == 0)
        #expect((value("audio_callbacks_total", metrics)?["value"]?.double ?? 0) > 0)
        let text = try stage.garden("status", "--prometheus").out
        #expect(text.contains("# TYPE http_429_total counter\nhttp_429_total{host=\"gpu\"} 1\n"))
        #expect(text.contains("job_wait_seconds_bucket{le=\"+Inf\"} 1\n"))
        let table = try stage.garden("status", "--metrics").lines
        #expect(table.contains { $0.hasPrefix("http_429_total") && $0.contains("gpu") })
        // And how it was: the queue's length every ten seconds.
        try #require(
          try eventually(40) { try stage.json("status", "--metrics")["history"]?.array?.isEmpty == false })
        let look = try stage.json("status", "--metrics")["history"]?.array?.first
        #expect(look?["queue_length"]?.int != nil && look?["at"]?.string != nil)
      }
    }

    @Test func `A collector that is not there is said once and costs nothing, a bad address is refused`()
      throws
    {
      try Stage.run { stage in
        let refused = try stage.chaosgarden("--otlp", "collector:4318", "--audio", "timer")
        #expect(refused.status == 78 && refused.refusal.count == 3)
        #expect(refused.error.contains("telemetry.otlp_url is no collector's address"))
        stage.set("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")
        let daemon = try stage.daemon("--otlp", "http://127.0.0.1:1")
        let peer = try daemon.peer()
        for seed in 1...3 {
          let done = try peer.query(
            "phrase_generate", ["no_region": true, "seed": .integer(Int64(seed)), "wait": 20])
          #expect(done["done"] == true)
        }
        let complaint = "takes no telemetry"
        try #require(eventually(30) { daemon.said.contains(complaint) })
        // It is tried again after a second, and after two more.
        usleep(3_500_000)
        #expect(daemon.said.components(separatedBy: complaint).count == 2)
        #expect(daemon.quit() == 0)
      }
    }
  }
}

/// True the first time.
private final class Once: @unchecked Sendable {
  private let lock = NSLock()
  private var isTaken = false

  func take() -> Bool {
    lock.lock()
    defer { lock.unlock() }
    defer { isTaken = true }
    return !isTaken
  }
}
