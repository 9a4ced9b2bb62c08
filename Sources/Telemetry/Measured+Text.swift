import HootWire

extension Measured {
  /// For `garden status --metrics --json` and the wire.
  package var json: JSONValue {
    let samples = samples.map { sample -> JSONValue in
      let labels = zip(metric.labels, sample.labels).map { ($0, JSONValue.string($1)) }
      var fields: [(String, JSONValue)] = [("labels", .object(JSONObject(labels)))]
      switch sample.value {
      case .number(let value): fields.append(("value", .number(value)))
      case .histogram(let histogram):
        let buckets = zip(histogram.bounds, histogram.counts).map { bound, count -> JSONValue in
          ["at_most": .number(bound), "count": JSONValue(count)]
        }
        fields += [
          ("count", JSONValue(histogram.count)), ("sum", .number(histogram.sum)),
          ("buckets", .array(buckets)), ("above", JSONValue(histogram.counts.last ?? 0)),
        ]
      }
      return JSONValue(fields)
    }
    return [
      "name": .string(metric.name.rawValue), "kind": .string(metric.kind.rawValue),
      "unit": .string(metric.unit), "help": .string(metric.help), "samples": .array(samples),
    ]
  }
}

/// The text format that Prometheus reads, version 0.0.4.
package enum PrometheusText {
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  package static func text(_ metrics: [Measured]) -> String {
    metrics.flatMap(lines).joined(separator: "\n") + "\n"
  }

  private static func lines(_ measured: Measured) -> [String] {
    let metric = measured.metric
    let name = metric.name.rawValue
    var lines = [
      "# HELP \(name) \(escaped(metric.help, quotes: false))", "# TYPE \(name) \(metric.kind.rawValue)",
    ]
    for sample in measured.samples {
      let labels = zip(metric.labels, sample.labels).map { ($0, $1) }
      switch sample.value {
      case .number(let value): lines.append("\(name)\(braced(labels)) \(number(value))")
      case .histogram(let histogram):
        var below: UInt64 = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], histogram.counts) {
          below += count
          lines.append("\(name)_bucket\(braced(labels + [("le", number(bound))])) \(below)")
        }
        lines.append("\(name)_sum\(braced(labels)) \(number(histogram.sum))")
        lines.append("\(name)_count\(braced(labels)) \(below)")
      }
    }
    return lines
  }

  private static func braced(_ labels: [(String, String)]) -> String {
    guard !labels.isEmpty else { return "" }
    return "{" + labels.map { "\($0)=\"\(escaped($1, quotes: true))\"" }.joined(separator: ",") + "}"
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : value.description
  }
}
