import HootWire

/// What is measured, as a table: a line for each metric and its labels.
enum MetricsReport {
  static func lines(_ metrics: JSONValue, _ painter: Painter) -> [String] {
    var table = TextTable(headings: ["METRIC", "OF", ">VALUE", "UNIT", "WHAT"])
    for metric in metrics["metrics"]?.array ?? [] {
      for sample in metric["samples"]?.array ?? [] {
        let labels = (sample["labels"]?.object?.members ?? []).map { Field.text($0.value) }
        table.rows.append([
          Field.text(metric["name"]), labels.joined(separator: " "), value(sample), unit(metric["unit"]),
          Field.text(metric["help"]),
        ])
      }
    }
    return table.lines(painter)
  }

  /// Of a histogram how many there were, their mean, and what nine in ten were at most.
  private static func value(_ sample: JSONValue) -> String {
    guard let count = sample["count"]?.int else {
      let value = sample["value"]?.double ?? 0
      return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : Field.decimal(value, 3)
    }
    guard count > 0 else { return "none" }
    let mean = Field.decimal((sample["sum"]?.double ?? 0) / Double(count), 3)
    var below: Int64 = 0
    for bucket in sample["buckets"]?.array ?? [] {
      below += bucket["count"]?.int ?? 0
      if below * 10 >= count * 9 {
        return "\(count), mean \(mean), 90% <= \(Field.decimal(bucket["at_most"]?.double ?? 0, 3))"
      }
    }
    return "\(count), mean \(mean)"
  }

  private static func unit(_ unit: JSONValue?) -> String {
    Field.text(unit).filter { $0 != "{" && $0 != "}" }.replacing("1", with: "")
  }
}
