import HootWire
import Settings

/// Every target's limits in one list, for `garden status --limits`.
package enum LimitsTable {
  package struct Row: Sendable {
    let target: String
    let name: String
    let value: Double
    let unit: String
    let refusal: String

    package init(target: String, name: String, value: Double, unit: String, refusal: String) {
      (self.target, self.name, self.value) = (target, name, value)
      (self.unit, self.refusal) = (unit, refusal)
    }
  }

  static let rows: [Row] = engine + timeline + files + drivers + control + kept

  /// Those that the settings say.
  private static func set(_ settings: Settings) -> [Row] {
    [
      row(
        "ControlPlane", "artifact of a job (jobs.artifact_megabytes)",
        Int64(settings.artifactMegabytes) << 20, "bytes", "the job fails")
    ]
  }

  static func json(with others: [Row], _ settings: Settings) -> JSONValue {
    let limits = (rows + set(settings) + others).map { row -> JSONValue in
      [
        "target": .string(row.target), "name": .string(row.name), "value": .number(row.value),
        "unit": .string(row.unit), "refusal": .string(row.refusal),
      ]
    }
    return ["limits": .array(limits)]
  }

  package static func row(
    _ target: String, _ name: String, _ value: some BinaryInteger, _ unit: String, _ refusal: String
  ) -> Row {
    Row(target: target, name: name, value: Double(value), unit: unit, refusal: refusal)
  }

  package static func row(
    _ target: String, _ name: String, _ value: Double, _ unit: String, _ refusal: String
  ) -> Row {
    Row(target: target, name: name, value: value, unit: unit, refusal: refusal)
  }
}
