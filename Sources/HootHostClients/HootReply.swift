import HootWire
import HostClients
import Jobs
import Tools

/// What a host has answered, and what that comes to.
struct HootReply {
  let call: HostCall
  let host: String

  /// For the payload of an envelope; nil when it is neither a result nor an error.
  func outcome(_ payload: JSONValue) -> HostOutcome? {
    if let error = payload["error"] { return failure(error) }
    guard let response = payload["tool_response"] else { return nil }
    return result(response)
  }

  // MARK: Errors

  /// Codes of requests that would fail again.
  private static let final: Set = [
    "validation", "not_found", "unknown_tool", "permission", "invalid_content_type", "decode_error",
    "unsupported_content_type", "capnp_parse_error", "not_implemented",
  ]

  func failure(_ error: JSONValue) -> HostOutcome {
    let code = error["code"]?.string ?? ""
    let message = Plain.line(error["message"]?.string ?? "")
    if code == "service", message.lowercased().contains("busy") { return .busy(retryAfter: nil) }
    let isFinal = Self.final.contains(code)
    return .failed(
      HostFailure(
        isFinal ? .permanent : .retryable,
        "\(host) refused \(call.tool): \(code.isEmpty ? "an error without a code" : Plain.line(code))",
        why: message.isEmpty ? "It said nothing else." : message,
        next: isFinal ? "garden job show \(call.job)" : HostFailure.triedAgain))
  }

  func unusable(_ why: String) -> HostOutcome {
    .failed(
      HostFailure(
        .permanent, "The reply of \(host) to \(call.tool) cannot be used", why: why,
        next: "garden job show \(call.job)"))
  }

  // MARK: Results

  /// Answers that speak of a file, and what kind it is.
  private static let types: [String: String] = [
    "orpheus_generated": "audio/midi", "anticipatory_generated": "audio/midi", "abc_to_midi": "audio/midi",
    "abc_converted": "audio/midi", "midi_stems_exported": "audio/midi", "audio_generated": "audio/wav",
    "audioldm2_generated": "audio/wav", "demucs_separated": "audio/wav", "midi_to_wav": "audio/wav",
    "audio_captured": "audio/wav", "rave_decoded": "audio/wav", "rave_reconstructed": "audio/wav",
    "rave_generated": "audio/wav", "rave_encoded": "application/octet-stream",
  ]

  /// The union of a tool's response: its one member.
  func result(_ response: JSONValue) -> HostOutcome {
    guard let member = response.object?.members.last, member.key != "?" else {
      return unusable("It is an answer that the schema has no word for.")
    }
    guard member.key != "job_started" else {
      return unusable(
        "It has begun a job, as hootenanny does: its kind is hootenanny, not \(HostKind.hoot01.rawValue).")
    }
    guard let fields = member.value.object else {
      return .succeeded(HostResult(value: JSONValue.object(JSONObject()).encode()))
    }
    var artifacts: [HostArtifact] = []
    let type = Self.types[member.key]
    if let type {
      do throws(BadHash) { artifacts = try Self.artifacts(fields, type) } catch {
        return unusable("It names \(Plain.shown(error.text)), which is no hash.")
      }
      guard !artifacts.isEmpty else { return lost }
    }
    return .succeeded(HostResult(artifacts: artifacts, value: Self.value(fields).encode()))
  }

  /// The result exists, and nobody here can know under which name.
  private var lost: HostOutcome {
    .failed(
      HostFailure(
        .permanent, "\(host) made something for \(call.tool), and nobody can say what",
        why: "Its reply carries no hash: on this wire the result of that tool has no place for it.",
        next: "garden host add NAME --kind http --url http://HOST:2000 --tools \(call.tool)"))
  }

  private struct BadHash: Error {
    let text: String
  }

  private static func artifacts(_ fields: JSONObject, _ type: String) throws(BadHash) -> [HostArtifact] {
    var found: [HostArtifact] = []
    func add(_ text: String?, _ label: String, _ type: String) throws(BadHash) {
      guard let text, !text.isEmpty else { return }
      guard let name = ContentName(text), name.hash != nil else { throw BadHash(text: text) }
      found.append(HostArtifact(.stored(hash: name.text), type: type, label: label))
    }
    // The format is a member of its own, and its zero is WAV.
    let format = fields["format"]?.string.map { "audio/\($0 == "mp3" ? "mpeg" : $0)" }
    try add(fields["content_hash"]?.string, "", format ?? type)
    let several = fields["output_hashes"]?.array ?? []
    for (index, hash) in several.prefix(HostClientLimits.artifacts).enumerated() {
      try add(hash.string, several.count > 1 ? "variation \(index + 1)" : "", type)
    }
    try add(fields["combined_hash"]?.string, "", type)
    for part in (fields["stems"]?.array ?? []).prefix(HostClientLimits.artifacts) {
      try add(part["content_hash"]?.string, Plain.line(part["name"]?.string ?? ""), type)
    }
    return found
  }

  /// What the reply says besides: a field that was not set reads as zero or empty, so these say nothing.
  private static func value(_ fields: JSONObject) -> JSONValue {
    .object(
      JSONObject(
        fields.members.filter { member in
          switch member.value {
          case .null, .integer(0), .number(0), .string(""): false
          case .array(let values): !values.isEmpty
          default: true
          }
        }.map { ($0.key, $0.value) }))
  }
}
