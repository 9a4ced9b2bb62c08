import FoundationEssentials
import HootCapnProto
import HootWire
import HostClients
import Jobs

/// The bodies of what hosts are asked. A service sees every field of its request, and one that was not set as zero: so
/// every field that has a usual value is set.
enum HootRequest {
  /// What hootenanny itself writes where its callers say nothing.
  private static let usual: [String: [(String, JSONValue)]] = {
    let orpheus: [(String, JSONValue)] = [
      ("temperature", 1.0), ("top_p", 0.95), ("max_tokens", 1024), ("num_variations", 1),
    ]
    let anticipatory: [(String, JSONValue)] = [
      ("length_seconds", 30.0), ("top_p", 0.95), ("model_size", "small"),
    ]
    return [
      "orpheus_generate": orpheus, "orpheus_generate_seeded": orpheus, "orpheus_continue": orpheus,
      "orpheus_loops": orpheus, "orpheus_bridge": Array(orpheus.dropLast()),
      "musicgen_generate": [
        ("duration", 10.0), ("temperature", 1.0), ("top_k", 250), ("top_p", 0.9), ("guidance_scale", 3.0),
        ("do_sample", true),
      ],
      "yue_generate": [
        ("genre", "Pop"), ("max_new_tokens", 3000), ("run_n_segments", 2), ("seed", 42),
      ],
      "audioldm2_generate": [
        ("duration", 5.0), ("num_inference_steps", 200), ("guidance_scale", 3.5), ("seed", 0),
      ],
      "anticipatory_generate": anticipatory,
      "anticipatory_continue": anticipatory + [("prime_seconds", 5.0)],
      "anticipatory_embed": [("model_size", "small"), ("embed_layer", -3)],
      "demucs_separate": [("model", "htdemucs")],
    ]
  }()

  /// The body that asks for a tool.
  ///
  /// - Parameter hashes: the inputs, as the host knows them, by parameter.
  /// - Throws: where the parameters are no object, or the wire has no member for one.
  static func body(
    _ call: HostCall, hashes: [(String, String)], schemas: WireSchemas
  ) throws(HostFailure) -> [UInt8] {
    func refused(_ why: String) -> HostFailure {
      HostFailure(
        .permanent, "\(Plain.line(call.tool)) cannot be asked for over HOOT01", why: why,
        next: "garden job show \(call.job)")
    }
    let parameters: JSONValue
    do { parameters = try JSONValue.parse(call.parameters) } catch { throw refused("\(error).") }
    guard let given = parameters.object else {
      throw refused("The parameters are \(parameters.kind), not an object.")
    }
    var fields = JSONObject(usual[call.tool] ?? [])
    for member in given.members where !member.value.isNull { fields[member.key] = member.value }
    for (parameter, hash) in hashes { fields[parameter] = .string(hash) }
    // A tool without fields has no struct to set.
    let content = fields.members.isEmpty ? JSONValue.null : .object(fields)
    do {
      return try envelope(tool: call.tool, content, id: id(of: call.job), call.traceparent, schemas)
    } catch { throw refused(Plain.line("\(error).")) }
  }

  /// The body of a question that hootenanny answers itself.
  static func body(_ tool: String, _ fields: JSONValue, id: UUID, schemas: WireSchemas) -> [UInt8] {
    // Texts and numbers for members that the schema has.
    (try? envelope(tool: tool, fields, id: id, nil, schemas)) ?? []
  }

  private static func envelope(
    tool: String, _ fields: JSONValue, id: UUID, _ parent: String?, _ schemas: WireSchemas
  ) throws(CapnProtoError) -> [UInt8] {
    let request = JSONValue.object(JSONObject([(tool, fields)]))
    return try schemas.write(
      [
        "id": id.envelopeID, "traceparent": .string(parent ?? ""), "payload": ["tool_request": request],
      ], as: .envelope)
  }

  /// The same for every attempt.
  static func id(of job: JobID) -> UUID { UUID(wireText: job.text) ?? .random }
}
