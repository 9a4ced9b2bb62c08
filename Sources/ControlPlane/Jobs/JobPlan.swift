import Arrangement
import FoundationEssentials
import HootWire
import Jobs
import Tools

/// A request for a job as it was typed, turned into what is asked of hosts and where the result goes. A value; it asks
/// for nothing yet.
struct JobPlan {
  /// What hosts call it.
  var tool: String
  /// nil of what only a host knows.
  var declaration: Tool?
  var parameters: JSONObject
  /// Content that has to be there, by parameter.
  var inputs: [(parameter: String, content: ContentName)] = []
  var arguments: Arguments
  /// Where whoever asks stands in a trace, as the message around the request says.
  private(set) var asker: TraceContext?

  /// Of a declared tool, whose arguments are checked already.
  init(_ tool: Tool, _ job: JobShape, _ arguments: Arguments) {
    self.tool = job.tool
    declaration = tool
    self.arguments = arguments
    parameters = JSONObject()
    let request = tool.request(arguments)
    for parameter in tool.hostParameters {
      guard let value = request[parameter.name.rawValue] else { continue }
      parameters[parameter.name.rawValue] = value
    }
    // A phrase is made as long as its region is, unless something else was said.
    if let length = arguments.number(.forBeats), parameters["beats"] == nil, parameters["bars"] == nil,
      let beats = tool.hostParameters.first(where: { $0.name == .beats }), case .beats(let range) = beats.kind
    {
      parameters["beats"] = .number(min(max(length, range.lowerBound), range.upperBound))
    }
    for input in job.inputs {
      guard let text = arguments.text(input.parameter), let name = ContentName(text) else { continue }
      inputs.append((input.parameter.rawValue, name))
    }
  }

  /// Of a tool by its name: checked by its declaration where it has one, else taken as it is.
  init(named name: String, _ arguments: Arguments) throws(Refusal) {
    var given = JSONObject()
    for text in arguments.texts(.param) { try Self.add(text, to: &given) }
    if let tool = Catalogue.jobTool(name), let job = tool.job {
      try self.init(tool, job, Self.checked(given, by: tool, placedBy: arguments))
    } else {
      self.init(unchecked: name, given, arguments)
    }
  }

  /// What made a region once more, with some parameters changed.
  init(_ tool: String, like parameters: JSONObject, _ arguments: Arguments) throws(Refusal) {
    var parameters = parameters
    for text in arguments.texts(.param) { try Self.add(text, to: &parameters) }
    if let declaration = Catalogue.jobTool(tool), let job = declaration.job {
      try self.init(declaration, job, Self.checked(parameters, by: declaration, placedBy: arguments))
    } else {
      self.init(unchecked: tool, parameters, arguments)
    }
  }

  func asked(within asker: TraceContext?) -> JobPlan {
    var plan = self
    plan.asker = asker
    return plan
  }

  private init(unchecked tool: String, _ parameters: JSONObject, _ arguments: Arguments) {
    self.tool = tool
    self.parameters = parameters
    self.arguments = arguments
  }

  /// `NAME=VALUE`; the value as JSON, else as text.
  private static func add(_ text: String, to object: inout JSONObject) throws(Refusal) {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
      throw Refusal(
        "bad_parameter", .usage, "\(shownText(text)) is no parameter", "A parameter is NAME=VALUE.",
        "garden help generate")
    }
    let value = String(text[text.index(after: sign)...])
    // What is no JSON is text.
    object[String(text[..<sign])] = (try? JSONValue.parse(Array(value.utf8))) ?? .string(value)
  }

  private static func checked(
    _ parameters: JSONObject, by tool: Tool, placedBy arguments: Arguments
  ) throws(Refusal) -> Arguments {
    do throws(ToolError) {
      let own = Set(tool.hostParameters.map(\.name.rawValue))
      for member in parameters.members where !own.contains(member.key) {
        throw ToolError(
          code: "unknown_parameter",
          what: "\(tool.job?.tool ?? "") has no parameter \(shownText(member.key))",
          why: "It takes: \(own.sorted().joined(separator: ", ")).", next: tool.usage.helpCommand)
      }
      var checked = try tool.validate(ToolValue.fields(ofRequest: .object(parameters)))
      checked.take(Catalogue.placingNames, from: arguments)
      return checked
    } catch { throw Refusal(error) }
  }

  /// The job without its place. Inputs are resolved by then.
  func spec(_ id: JobID, inputs: [HostCall.Input], isFresh: Bool? = nil) throws(Refusal) -> JobSpec {
    var spec = JobSpec(id: id, tool: tool, parameters: Self.sorted(parameters).encode())
    spec.inputs = inputs
    spec.priority = arguments.integer(.priority) ?? 2
    spec.host = arguments.text(.host)
    spec.labels = Set(arguments.texts(.label))
    spec.webhookURL = arguments.text(.webhookURL)
    // Another's job would end without a word to this one's URL.
    spec.isFresh = isFresh ?? (arguments.isSet(.fresh) || spec.webhookURL != nil)
    spec.isDeterministic = declaration?.job?.isDeterministic ?? false
    spec.isRestartable = declaration?.job?.isRestartable ?? false
    spec.client = arguments.text(.client) ?? ""
    spec.traceparent = try traceparent() ?? JobSpec.root(id).text
    if let name = declaration?.job?.size, let size = parameters[name.rawValue]?.double, size > 0 {
      spec.size = size
    }
    func milliseconds(_ name: ParameterName) -> Int64? { arguments.number(name).map { Int64($0 * 1_000) } }
    spec.limits.queueToStart = milliseconds(.startLimit)
    if let limit = milliseconds(.timeLimit) { spec.limits.startToFinish = limit }
    if let limit = milliseconds(.busyLimit) { spec.limits.busy = limit }
    if let attempts = arguments.integer(.attempts) { spec.limits.attempts = attempts }
    if let refusal = spec.refusal { throw Refusal(refusal) }
    return spec
  }

  /// As a parameter it has to be one; as a part of the message around it a bad one is as good as none.
  private func traceparent() throws(Refusal) -> String? {
    guard let text = arguments.text(.traceparent) else { return asker?.text }
    guard let context = TraceContext(text) else {
      throw Refusal(
        "bad_traceparent", .usage, "the trace context cannot be read",
        "Seen \(shownText(text)), allowed 00-32 digits-16 digits-2 digits, and ids that are not all zeros.",
        "garden help generate")
    }
    return context.text
  }

  /// The same request has the same bytes.
  private static func sorted(_ object: JSONObject) -> JSONValue {
    .object(JSONObject(object.members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
  }

  /// What the region is called, if anything was said.
  var regionName: String? { arguments.text(.name) }

  var arrival: Arrival {
    var arrival = Arrival()
    arrival.entry = arguments.choice(.enter) ?? .nextBar
    arrival.fallback = arguments.choice(.fallback) ?? .silence
    arrival.fit = arguments.choice(.fit) ?? .keep
    arrival.crossfade = Int64(((arguments.number(.crossfade) ?? 0) * 960).rounded())
    arrival.tolerance = arguments.number(.tolerance) ?? 0.5
    return arrival
  }
}
