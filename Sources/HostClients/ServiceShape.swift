import HootWire
import Jobs

/// How one tool is asked for at a generation service: the fields of `POST /predict`, and where the result lies.
struct ServiceShape: Sendable {
  /// What the service calls it, where one service has several.
  var task: String?
  /// The service's name for a parameter that holds an artifact.
  var inputs: [String: String] = [:]
  /// A reply without an artifact is none.
  var makesArtifacts = true

  static let all: [String: ServiceShape] = [
    "orpheus_generate": ServiceShape(task: "generate"),
    "orpheus_generate_seeded": ServiceShape(task: "generate_seeded", inputs: ["seed_hash": "midi_input"]),
    "orpheus_continue": ServiceShape(task: "continue", inputs: ["input_hash": "midi_input"]),
    "orpheus_bridge": ServiceShape(inputs: ["section_a_hash": "section_a", "section_b_hash": "section_b"]),
    "orpheus_loops": ServiceShape(inputs: ["seed_hash": "seed"]),
    "orpheus_classify": ServiceShape(inputs: ["midi_hash": "midi_input"], makesArtifacts: false),
    "musicgen_generate": ServiceShape(), "yue_generate": ServiceShape(),
    "clap_analyze": ServiceShape(
      inputs: ["audio_hash": "audio", "audio_b_hash": "audio_b"], makesArtifacts: false),
    "beatthis_analyze": ServiceShape(inputs: ["audio_hash": "audio"], makesArtifacts: false),
  ]

  /// A tool that nobody has described: its inputs keep their parameters' names.
  static func of(_ tool: String) -> ServiceShape { all[tool] ?? ServiceShape(makesArtifacts: false) }

  /// The body of the request: the parameters as they are, the bytes of the inputs, the task, and the job's name last.
  func body(_ call: HostCall, inputs bytes: [[UInt8]]) throws(HostFailure) -> [UInt8] {
    let parameters: JSONValue
    do { parameters = try JSONValue.parse(call.parameters) } catch {
      throw HostFailure(
        .permanent, "The parameters of \(call.tool) are not JSON", why: "\(error).",
        next: "garden job show \(call.job)")
    }
    guard let given = parameters.object else {
      throw HostFailure(
        .permanent, "The parameters of \(call.tool) are not an object", why: "Seen \(parameters.kind).",
        next: "garden job show \(call.job)")
    }
    let hashes = Set(call.inputs.map(\.parameter))
    var object = JSONObject()
    for member in given.members where !hashes.contains(member.key) { object[member.key] = member.value }
    for (input, bytes) in zip(call.inputs, bytes) {
      object[inputs[input.parameter] ?? input.parameter] = .string(Base64.encode(bytes))
    }
    if let task, object["task"] == nil { object["task"] = .string(task) }
    object["client_job_id"] = .string(call.job.text)
    return JSONValue.object(object).encode()
  }
}
