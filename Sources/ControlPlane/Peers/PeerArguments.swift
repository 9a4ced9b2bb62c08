import FoundationEssentials
import HootWire
import MusicalTime

/// The fields of a peer's request, whichever form it came in: JSON says null for what is not given, the other form a
/// zero or an empty text.
struct PeerArguments {
  let content: JSONValue
  let form: RequestBody.Form

  var isJSON: Bool { form == .json }

  /// A finite number.
  func number(_ name: String) throws(Refusal) -> Double {
    guard let value = try given(name).double, value.isFinite else {
      throw Refusal.peer("`\(name)` must be a finite number, and is \(shown(name))")
    }
    return value
  }

  /// A place in beats.
  func tick(_ name: String) throws(Refusal) -> Tick {
    let beats = try number(name)
    let limit = Double(TimeLimits.maximumTick / ticksPerBeat)
    guard (0...limit).contains(beats) else {
      throw Refusal.peer("`\(name)` must be 0 to \(Int64(limit)) beats, and is \(shown(name))")
    }
    return Tick((beats * Double(ticksPerBeat)).rounded())
  }

  /// Text that must be there; it may be empty.
  func text(_ name: String) throws(Refusal) -> String {
    guard let value = content[name], value != .null else {
      // An empty text is not written at all in the other form.
      guard isJSON else { return "" }
      throw Self.missing(name)
    }
    guard let text = value.string else {
      throw Refusal.peer("`\(name)` must be text, and is \(shown(name))")
    }
    return text
  }

  /// Text, or nil where it is not given or empty.
  func optionalText(_ name: String) throws(Refusal) -> String? {
    guard let value = content[name], value != .null else { return nil }
    guard let text = value.string else {
      throw Refusal.peer("`\(name)` must be text, and is \(shown(name))")
    }
    return text.isEmpty ? nil : text
  }

  func bool(_ name: String) throws(Refusal) -> Bool {
    guard let value = try given(name).bool else {
      throw Refusal.peer("`\(name)` must be true or false, and is \(shown(name))")
    }
    return value
  }

  /// A whole number of a field's width.
  func count(_ name: String, _ range: ClosedRange<Int> = 0...Int(UInt32.max)) throws(Refusal) -> Int {
    guard let whole = try given(name).int, let value = Int(exactly: whole), range.contains(value) else {
      throw Refusal.peer(
        "`\(name)` must be \(range.lowerBound) to \(range.upperBound), and is \(shown(name))")
    }
    return value
  }

  /// Likewise, or nil where it is not given; 0 says so too.
  func optionalCount(_ name: String) throws(Refusal) -> Int? {
    guard let value = content[name], value != .null else { return nil }
    let count = try count(name)
    return count == 0 ? nil : count
  }

  /// A region's id.
  func uuid(_ name: String) throws(Refusal) -> UUID {
    let text = try text(name)
    if let id = UUID(wireText: text) { return id }
    throw Refusal.peer(
      "`\(name)` must be a uuid, as 6f1d3c52-8a7b-4c0e-9f21-0123456789ab, and is \(quoted(text))",
      .invalidUUID)
  }

  private func given(_ name: String) throws(Refusal) -> JSONValue {
    guard let value = content[name], value != .null else { throw Self.missing(name) }
    return value
  }

  private func shown(_ name: String) -> String {
    let text = content[name]?.text ?? "not there"
    return text.unicodeScalars.count > HootLimits.quotedCharacters ? quoted(text) : text
  }

  static func missing(_ name: String) -> Refusal {
    Refusal.peer("Failed to parse JSON ShellRequest: missing field `\(name)`")
  }
}

extension Refusal {
  /// A refusal in a peer's words: one sentence, which is all that its users are shown.
  static func peer(
    _ sentence: String, _ code: PeerErrorCode = .shellError, why: String = "nothing was changed",
    next: String = "garden status"
  ) -> Refusal {
    Refusal(code.rawValue, .refused, sentence, why, next)
  }

  /// As a peer gets it. Of our own refusals the reason belongs to the sentence.
  var peerContent: JSONValue {
    let isPeers = PeerErrorCode(rawValue: code) != nil
    var members = content.object ?? JSONObject()
    members["error"] = .string(isPeers ? lines[0] : "\(lines[0]): \(lines[1])")
    return .object(members)
  }
}
