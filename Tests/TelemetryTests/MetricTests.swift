import HootWire
import Testing

@testable import Telemetry

@Suite struct MetricTests {
  @Test func `Every metric is declared once, with a name that Prometheus takes`() {
    #expect(Metric.all.map(\.name.rawValue).sorted() == MetricName.allCases.map(\.rawValue).sorted())
    for metric in Metric.all {
      let name = metric.name.rawValue
      #expect(name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789_".utf8.contains($0) }, "\(name)")
      #expect(!metric.help.isEmpty && !metric.help.hasSuffix(".") && !metric.unit.isEmpty, "\(name)")
    }
  }

  @Test func `Prometheus text has its help, its type, its labels escaped and its buckets added up`() {
    var histogram = Histogram([1, 2.5])
    for value in [0.5, 2, 2, 9] { histogram.take(value) }
    let text = PrometheusText.text([
      Measured(.busy, by: ["a\"b\\c\nd": 3]), Measured(.load, 0.25), Measured(.jobAttempts, histogram),
    ])
    #expect(
      text == """
        # HELP http_429_total busy answers of HTTP hosts (429 and 503)
        # TYPE http_429_total counter
        http_429_total{host="a\\"b\\\\c\\nd"} 3
        # HELP audio_load share of a block's length that rendering it takes
        # TYPE audio_load gauge
        audio_load 0.25
        # HELP job_attempts attempts of a job that has ended
        # TYPE job_attempts histogram
        job_attempts_bucket{le="1"} 1
        job_attempts_bucket{le="2.5"} 3
        job_attempts_bucket{le="+Inf"} 4
        job_attempts_sum 13.5
        job_attempts_count 4

        """)
  }

  @Test func `As JSON a histogram keeps its buckets apart`() {
    var histogram = Histogram([1])
    for value in [1.0, 2] { histogram.take(value) }
    let json = Measured(.jobService, by: ["code": histogram]).json
    #expect(json["name"] == "job_service_seconds" && json["unit"] == "s" && json["kind"] == "histogram")
    let sample = json["samples"]?.array?.first
    #expect(sample?["labels"] == ["tool": "code"] && sample?["count"] == 2 && sample?["above"] == 1)
    #expect(sample?["buckets"]?.array?.count == 1)
  }
}
