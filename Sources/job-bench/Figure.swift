/// One line of `scripts/bench`; the ids in its name are those of Tests/requirements.tsv.
struct Figure {
  let name: String
  let value: Double
  let unit: String
  let against: String
  let goal: Double

  private static let isJSON = CommandLine.arguments.contains("--json")

  /// Writes it to standard output; none of the texts needs escaping.
  func tell() {
    let (value, goal) = (Machine.text(value), Machine.text(goal))
    guard Self.isJSON else {
      return print("\(name): \(value) \(unit) (\(against); goal <= \(goal), lower is better)")
    }
    print(
      "{\"name\":\"\(name)\",\"value\":\(value),\"unit\":\"\(unit)\",\"against\":\"\(against)\","
        + "\"goal\":\(goal),\"better\":\"lower\"}")
  }
}
