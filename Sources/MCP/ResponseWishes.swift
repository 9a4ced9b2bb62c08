import HootWire
import Tools

/// What one call says of its answer, beside what its tool takes.
package struct ResponseWishes: Equatable, Sendable {
  /// Seconds after which the job's handle is given; nil: as the tool's class says.
  package var timeout: Double?
  package var detail: Detail?

  /// How much of a job is told while it works.
  package enum Detail: String, CaseIterable, Sendable {
    /// Which job, and how it stands.
    case minimal
    /// How far it is, and when it will be done.
    case standard
    /// What its result will look like, where it is done and what is tried when that fails.
    case full
  }

  private static let timeoutName = "async_timeout"
  private static let detailName = "_async_response_format"
  /// The daemon's word for the same.
  private static let ownDetailName = ParameterName.detail.rawValue
  private static let timeouts = 0.0...45.0

  package init() {}

  /// Takes its own out of a call's arguments.
  package init(taking arguments: inout JSONObject) throws(ToolError) {
    if let given = arguments[Self.timeoutName], !given.isNull {
      guard let seconds = given.double, Self.timeouts.contains(seconds) else {
        throw Self.refusal(Self.timeoutName, given, "0 to 45 seconds")
      }
      timeout = seconds
    }
    for name in [Self.ownDetailName, Self.detailName] {
      guard let given = arguments[name], !given.isNull else { continue }
      guard let detail = given.string.flatMap(Detail.init(rawValue:)) else {
        throw Self.refusal(name, given, "one of minimal, standard, full")
      }
      self.detail = detail
    }
    // The whole job is looked at here, however little is told of it.
    arguments[Self.ownDetailName] = nil
    arguments[Self.timeoutName] = nil
    arguments[Self.detailName] = nil
  }

  private static func refusal(_ name: String, _ value: JSONValue, _ allowed: String) -> ToolError {
    ToolError(
      code: "bad_arguments", what: "`\(name)` cannot be that",
      why: "Seen \(quoted(value.text)), allowed \(allowed).",
      next: "tools/list")
  }

  static func adding(to schema: JSONValue) -> JSONValue {
    var object = schema.object ?? JSONObject()
    var members = object["properties"]?.object ?? JSONObject()
    members[timeoutName] = [
      "type": "number", "minimum": 0.0, "maximum": 45.0,
      "description": "seconds after which a job that still works is answered with its id",
    ]
    members[detailName] = [
      "type": "string", "enum": .array(Detail.allCases.map { .string($0.rawValue) }),
      "description": "how much is told of a job that still works",
    ]
    object["properties"] = .object(members)
    return .object(object)
  }

  /// Milliseconds that a call is kept for its job.
  package func wait(_ timing: Tool.Timing) -> Int64 {
    if let timeout { return Int64(timeout * 1_000) }
    return timing.wait(clientLimit: nil)
  }

  /// Long work is told of in full: whoever waits for hours wants to know for what.
  package func detail(_ timing: Tool.Timing) -> Detail {
    if let detail { return detail }
    switch timing.timingClass {
    case .immediate, .acknowledge: return .minimal
    case .short, .medium: return .standard
    case .long: return .full
    }
  }
}
