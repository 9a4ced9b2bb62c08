/// One line of the benchmark.
struct Figure {
  let name: String
  let value: Double
  let unit: String
  let against: String
  let goal: Double

  private static func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }

  var line: String {
    "\(name): \(Self.rounded(value)) \(unit) (\(against); goal <= \(Self.rounded(goal)), lower is better)"
  }

  /// None of the texts needs escaping.
  var json: String {
    "{\"name\":\"\(name)\",\"value\":\(Self.rounded(value)),\"unit\":\"\(unit)\",\"against\":\"\(against)\","
      + "\"goal\":\(Self.rounded(goal)),\"better\":\"lower\"}"
  }
}
