import FoundationEssentials
import HootWire

// Requests about doors that this daemon does not have. Each says so in the words that its peer knows; and what a peer's
// MIDI message is.
extension Conductor {
  func peerRAVE(_ request: PeerRequest, _ arguments: PeerArguments) throws(Refusal) -> JSONValue {
    switch request {
    case .raveStreamStart:
      throw Refusal.peer(
        "Failed to start RAVE streaming: this daemon has no RAVE service",
        why: "it puts no sound through others")
    case .raveStreamStop: throw Refusal.peer("RAVE streaming not running", why: "none was started")
    default:
      let id = try arguments.text("stream_id")
      let counts: [(String, JSONValue)] =
        arguments.isJSON
        ? ["rt_rave_writes", "rt_rave_samples_written", "rt_rave_reads", "rt_rave_samples_read"].map {
          ($0, 0)
        }
        : []
      return JSONValue(
        [
          ("type", "rave_stream_status"), ("stream_id", .string(id)), ("running", false), ("model", ""),
          ("input_identity", ""), ("output_identity", ""), ("frames_processed", 0), ("latency_ms", 0),
        ] + counts)
    }
  }
}

/// A MIDI message as peers spell it, checked: what is no MIDI is refused and not sent.
struct PeerMIDIMessage: Equatable {
  let bytes: [UInt8]
  let isRaw: Bool

  /// The fields stand beside each other in one form, and in a `message` of their own in the other.
  init(_ arguments: PeerArguments) throws(Refusal) {
    let isJSON = arguments.isJSON
    if isJSON, arguments.content["message"]?.object == nil { throw PeerArguments.missing("message") }
    let fields = PeerArguments(
      content: isJSON ? arguments.content["message"] ?? nil : arguments.content, form: arguments.form)
    let type = try fields.text(isJSON ? "type" : "message_type")
    func data(_ name: String) throws(Refusal) -> UInt8 { UInt8(try fields.count(name, 0...127)) }
    func status(_ kind: UInt8) throws(Refusal) -> UInt8 { kind | UInt8(try fields.count("channel", 0...15)) }
    isRaw = type == "raw"
    switch type {
    case "note_on": bytes = [try status(0x90), try data("pitch"), try data("velocity")]
    case "note_off": bytes = [try status(0x80), try data("pitch"), 0]
    case "control_change": bytes = [try status(0xB0), try data("controller"), try data("value")]
    case "program_change": bytes = [try status(0xC0), try data("program")]
    case "pitch_bend":
      let bend = try fields.count(isJSON ? "value" : "bend_value", -8192...8191) + 8192
      bytes = [try status(0xE0), UInt8(bend & 127), UInt8(bend >> 7)]
    case "raw": bytes = try Self.raw(fields.content[isJSON ? "bytes" : "raw_bytes"])
    case "start": bytes = [0xFA]
    case "continue": bytes = [0xFB]
    case "stop": bytes = [0xFC]
    case "timing_clock": bytes = [0xF8]
    default:
      throw Refusal.peer(
        "Failed: Unknown MIDI message type: \(said(type))", isJSON ? .shellError : .capnProtoParse)
    }
  }

  private static func raw(_ value: JSONValue?) throws(Refusal) -> [UInt8] {
    let bytes = (value?.array ?? []).compactMap { $0.int.flatMap { UInt8(exactly: $0) } }
    guard let first = bytes.first, bytes.count == value?.array?.count, first >= 0x80,
      bytes.count <= ControlLimits.rawMIDIBytes
    else {
      throw Refusal.peer(
        "Failed to convert MIDI message: raw bytes are 1 to \(ControlLimits.rawMIDIBytes) numbers from 0 to 255 "
          + "that begin with a status byte")
    }
    return bytes
  }
}
