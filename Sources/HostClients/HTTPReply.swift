import HootWire
import Jobs

/// What came of a request: a status, the headers that count, and a body within its limits.
struct HTTPReply: Sendable {
  var status = 0
  var type = ""
  var retryAfter: String?
  var location: String?
  var body: [UInt8] = []

  /// Without parameters, in lower case.
  var mediaType: String {
    let text = type.prefix { $0 != ";" }.lowercased()
    return String(text.unicodeScalars.filter { $0 != " " && $0 != "\t" }.map { Character($0) })
  }

  /// How the call ended, for a reply that has ended.
  ///
  /// - Parameters:
  ///   - host: as messages call it.
  ///   - now: seconds since 1970.
  func outcome(of call: HostCall, host: String, now: Double) -> HostOutcome {
    let wait = retryAfter.flatMap { RetryAfter.seconds($0, now: JobTime(now * 1000)) }
    switch status {
    case 200...299:
      do { return .succeeded(try result(of: call, host: host)) } catch { return .failed(error) }
    case 429, 503: return .busy(retryAfter: wait)
    case 300...399:
      return .failed(
        HostFailure(
          .permanent, "\(host) sends \(call.tool) elsewhere",
          why: "Status \(status), to \(Plain.shown(location ?? "nowhere")); redirects are not followed.",
          next: "garden host set with the URL it should be", status: status))
    default:
      let isRetryable = status == 408 || status == 425 || status >= 500
      let (word, message) = complaint
      return .failed(
        HostFailure(
          isRetryable ? .retryable : .permanent, "\(host) refused \(call.tool): \(word)", why: message,
          next: isRetryable ? HostFailure.triedAgain : "garden job show \(call.job)", status: status,
          retryAfter: wait))
    }
  }

  /// `{error, message}`, problem+json (RFC 9457), FastAPI's `{detail}`, or the text itself.
  private var complaint: (word: String, message: String) {
    // What is not JSON is said as it stands.
    if let json = try? JSONValue.parse(body), let object = json.object {
      let word = object["error"]?.string ?? object["title"]?.string ?? object["code"]?.string
      let message =
        object["message"]?.string ?? object["detail"]?.string ?? object["error"]?["message"]?.string
      if word != nil || message != nil {
        return (Plain.line(word ?? "status \(status)"), Plain.line(message ?? "Status \(status)."))
      }
      if let detail = object["detail"] { return ("status \(status)", Plain.line(detail.text)) }
    }
    let said = String(decoding: body.prefix(4 * HostClientLimits.shownCharacters), as: UTF8.self)
    let text = Plain.line(mediaType == "text/html" ? Plain.text(ofHTML: said) : said)
    return ("status \(status)", text.isEmpty ? "It said nothing else." : text)
  }

  private func result(of call: HostCall, host: String) throws(HostFailure) -> HostResult {
    if [
      "audio/midi", "audio/x-midi", "audio/wav", "audio/x-wav", "audio/flac", "audio/ogg",
      "application/octet-stream",
    ]
    .contains(mediaType) {
      guard !body.isEmpty else { throw unusable(call, host, "The body is empty.") }
      return HostResult(artifacts: [HostArtifact(.bytes(body), type: mediaType)])
    }
    guard mediaType == "application/json" || mediaType.hasSuffix("+json") else {
      throw unusable(
        call, host, "Its type is \(Plain.shown(type)); application/json, audio or text/event-stream is one.")
    }
    let json: JSONValue
    do { json = try JSONValue.parse(body, limits: .reply) } catch { throw unusable(call, host, "\(error).") }
    return try Self.result(json, of: call, host: host)
  }

  /// Takes the artifacts out of a reply; what is left is its value.
  static func result(_ json: JSONValue, of call: HostCall, host: String) throws(HostFailure) -> HostResult {
    func unusable(_ why: String) -> HostFailure {
      HostFailure(
        .permanent, "The reply of \(host) to \(call.tool) cannot be used", why: why,
        next: "garden job show \(call.job)")
    }
    guard let object = json.object else { throw unusable("It is \(json.kind), not an object.") }
    var result = HostResult()
    var left = JSONObject()
    for member in object.members {
      switch member.key {
      case "variations":
        guard let list = member.value.array, list.count <= HostClientLimits.artifacts else {
          throw unusable("Its variations are no list of at most \(HostClientLimits.artifacts).")
        }
        var rest: [JSONValue] = []
        for (index, variation) in list.enumerated() {
          guard let bytes = variation["midi_base64"]?.string.flatMap(Base64.decode), !bytes.isEmpty else {
            throw unusable("Variation \(index + 1) has no MIDI in base64.")
          }
          result.artifacts.append(
            HostArtifact(
              .bytes(bytes), type: "audio/midi", label: list.count > 1 ? "variation \(index + 1)" : ""))
          rest.append(
            .object(
              JSONObject(
                (variation.object?.members ?? []).filter { $0.key != "midi_base64" }.map {
                  ($0.key, $0.value)
                })))
        }
        left["variations"] = .array(rest)
      case "audio_base64", "midi_base64":
        guard let bytes = member.value.string.flatMap(Base64.decode), !bytes.isEmpty else {
          throw unusable("\(member.key) is not base64.")
        }
        result.artifacts.append(
          HostArtifact(.bytes(bytes), type: member.key == "audio_base64" ? "audio/wav" : "audio/midi"))
      default: left[member.key] = member.value
      }
    }
    if result.artifacts.isEmpty, ServiceShape.of(call.tool).makesArtifacts {
      throw unusable("It has no artifact: neither variations nor audio_base64.")
    }
    result.value = JSONValue.object(left).encode()
    return result
  }

  private func unusable(_ call: HostCall, _ host: String, _ why: String) -> HostFailure {
    HostFailure(
      .permanent, "The reply of \(host) to \(call.tool) cannot be used", why: why,
      next: "garden job show \(call.job)",
      status: status)
  }
}

extension JSONLimits {
  /// A reply holds its artifacts in base64.
  static let reply: JSONLimits = {
    var limits = JSONLimits()
    limits.bytes = 512 << 20
    return limits
  }()
}

/// What hosts say, made safe to show.
package enum Plain {
  /// On one line, without control characters, not too long.
  package static func line(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(HostClientLimits.shownCharacters) {
      let isControl =
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028
        || scalar.value == 0x2029
      kept.append(isControl ? " " : scalar)
    }
    return String(kept).split(separator: " ").joined(separator: " ")
  }

  /// What a page says, as frameworks write their errors: without its tags and title.
  static func text(ofHTML page: String) -> String {
    var text = ""
    var tag: String?
    var isHidden = false
    for character in page {
      if character == "<" {
        tag = ""
      } else if let open = tag {
        guard character == ">" else {
          tag = open + String(character)
          continue
        }
        let name = open.lowercased().prefix { $0.isLetter || $0 == "/" }
        if ["title", "style", "script"].contains(name) { isHidden = true }
        if ["/title", "/style", "/script"].contains(name) { isHidden = false }
        tag = nil
        text += " "
      } else if !isHidden {
        text.append(character)
      }
    }
    for (entity, letter) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
      text = text.split(separator: entity, omittingEmptySubsequences: false).joined(separator: letter)
    }
    return text
  }

  package static func shown(_ text: String) -> String { "\"\(line(text))\"" }
}
