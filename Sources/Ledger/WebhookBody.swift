import FoundationEssentials
import Jobs

/// What is posted when a job ends: `{type, timestamp, data}`, as Standard Webhooks has it, under 20 KB. It does not change
/// from try to try.
enum WebhookBody {
  private struct Contents: Encodable {
    var jobID: String
    var tool: String
    var state: String
    var client: String?
    var host: String?
    var regionID: String?
    var attempts: Int
    var created: String
    var finished: String
    var artifacts: [String]
    var error: [String]?
    var traceparent: String?
    /// Something was too long: it is to be asked for.
    var isCut: Bool?

    enum CodingKeys: String, CodingKey {
      case jobID = "job_id"
      case regionID = "region_id"
      case isCut = "is_cut"
      case tool, state, client, host, attempts, created, finished, artifacts, error, traceparent
    }
  }

  static func of(_ record: JobRecord, event: String, at now: JobTime) -> [UInt8] {
    var contents = Contents(
      jobID: record.id.text, tool: record.spec.tool, state: record.state.name,
      client: record.spec.client.isEmpty ? nil : record.spec.client, host: record.host,
      regionID: record.spec.region, attempts: record.attempt, created: text(record.createdAt),
      finished: text(record.finishedAt ?? now), artifacts: record.artifacts,
      error: record.error.isEmpty ? nil : record.error, traceparent: record.spec.traceparent)
    let whole = message(event, now, contents, value: record.value)
    if whole.count <= LedgerLimits.webhookBytes { return whole }
    contents.isCut = true
    let plain = message(event, now, contents, value: nil)
    if plain.count <= LedgerLimits.webhookBytes { return plain }
    contents.error = contents.error.map { _ in ["The reasons are too long for here."] }
    contents.artifacts = []
    return message(event, now, contents, value: nil)
  }

  private static func message(
    _ event: String, _ now: JobTime, _ contents: Contents, value: [UInt8]?
  ) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and whole numbers alone: there is nothing in it that JSON has no form for.
    var data = Array((try? encoder.encode(contents)) ?? Data("{}".utf8))
    if let value, data.last == UInt8(ascii: "}") {
      data.removeLast()
      data += Array(#","value":"#.utf8) + value + [UInt8(ascii: "}")]
    }
    return Array(#"{"type":"\#(event)","timestamp":"\#(text(now))","data":"#.utf8) + data + [
      UInt8(ascii: "}")
    ]
  }

  private static func text(_ time: JobTime) -> String {
    Date(timeIntervalSince1970: Double(time) / 1_000)
      .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
