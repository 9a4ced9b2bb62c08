import AudioDrivers
import ControlSocket
import FoundationEssentials
import HootWire
import MusicalTime
import Tools

// MIDI ports in hootenanny's words.
extension Conductor {
  func peerMIDI(
    _ request: PeerRequest, _ arguments: PeerArguments, _ incoming: Incoming
  ) throws(Refusal) -> Answer {
    switch request {
    case .midiListPorts: return try peerListPorts(incoming)
    case .midiInputAttach: return try peerAttachPort(.input, arguments, incoming)
    case .midiOutputAttach: return try peerAttachPort(.output, arguments, incoming)
    case .midiInputDetach: return try peerDetachPort(.input, arguments, incoming)
    case .midiOutputDetach: return try peerDetachPort(.output, arguments, incoming)
    case .midiSend: return .reply(try peerSendMIDI(arguments))
    case .midiStatus: return .reply(peerMIDIStatus())
    case .playMIDI: return try peerPlayMIDI(arguments, incoming)
    default: return .reply(try peerStopMIDI(arguments))
    }
  }

  private func peerListPorts(_ incoming: Incoming) throws(Refusal) -> Answer {
    let patchbay = ports.patchbay
    try load(
      { .ports(patchbay?.list() ?? [], []) },
      then: { [self] loaded in
        guard case .ports(let found, _) = loaded, peers.isWanted(incoming) else { return }
        func rows(_ direction: MIDIPort.Direction) -> JSONValue {
          let names = found.filter { $0.direction == direction }.map(\.name)
          return .array(
            names.enumerated().map { ["index": .integer(Int64($0.offset)), "name": .string($0.element)] })
        }
        finish(incoming, ["type": "midi_ports", "inputs": rows(.input), "outputs": rows(.output)])
      })
    return .later
  }

  private func peerAttachPort(
    _ direction: MIDIPort.Direction, _ arguments: PeerArguments, _ incoming: Incoming
  ) throws(Refusal) -> Answer {
    let pattern = try arguments.text("port_pattern")
    try attach(direction, pattern) { [self] result in
      guard peers.isWanted(incoming) else { return }
      switch result {
      case .success(let attachment):
        let type = arguments.isJSON ? "midi_\(direction.word)_attached" : "midi_attached"
        finish(incoming, ["type": .string(type), "port_name": .string(attachment.port.name)])
      case .failure(let refusal): finish(incoming, Self.peer(refusal).peerContent)
      }
    }
    return .later
  }

  private func peerDetachPort(
    _ direction: MIDIPort.Direction, _ arguments: PeerArguments, _ incoming: Incoming
  ) throws(Refusal) -> Answer {
    let pattern = try arguments.text("port_pattern")
    do throws(Refusal) {
      try detach(direction, pattern.isEmpty ? nil : pattern) { [self] in
        if peers.isWanted(incoming) { finish(incoming, Self.ack(arguments)) }
      }
    } catch { throw Self.peer(error) }
    return .later
  }

  /// A refusal of ours whose first line is the sentence that peers know.
  private static func peer(_ refusal: Refusal) -> Refusal {
    .peer(refusal.lines[0], why: refusal.lines[1], next: refusal.lines[2])
  }

  private func peerSendMIDI(_ arguments: PeerArguments) throws(Refusal) -> JSONValue {
    let message = try PeerMIDIMessage(arguments)
    guard Self.isWhole(message.bytes) else {
      throw Refusal.peer("Failed to convert MIDI message: raw bytes are one whole message")
    }
    do throws(Refusal) {
      _ = try deliver(
        message.bytes, to: try arguments.optionalText("port_pattern"), isRaw: message.isRaw)
    } catch { throw Self.peer(error) }
    return Self.ack(arguments)
  }

  private func peerMIDIStatus() -> JSONValue {
    func rows(_ direction: String) -> [JSONValue] {
      (portStatus()[direction]?.array ?? []).map {
        ["port_name": $0["name"] ?? nil, "messages": $0["messages"] ?? nil]
      }
    }
    let pedal: [JSONValue] =
      midi.device.map { [["port_name": .string($0.path), "messages": JSONValue(midi.messages)]] } ?? []
    return [
      "type": "midi_status", "inputs": .array(rows("inputs") + pedal), "outputs": .array(rows("outputs")),
    ]
  }

  private func peerPlayMIDI(_ arguments: PeerArguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let content = try contentName(try arguments.text("content_hash"))
    let start = try arguments.tick("start_beat")
    let pattern = try arguments.optionalText("port_pattern")
    guard let port = ports.first(.output, pattern) else {
      throw Refusal.peer(
        "Failed to play MIDI: Port not found: \(said(pattern ?? ""))", why: "no attached output matches")
    }
    let place = Double(start) / Double(ticksPerBeat)
    let checked: Arguments
    do {
      checked = try Catalogue.tool(.regionAdd).validate([("file", .text(content)), ("at", .number(place))])
    } catch { throw Refusal(error) }
    var led = PortPlay(port: port.name)
    led.reply = { result in
      [
        "type": "midi_play_started", "region_id": result["region"]?["id"] ?? nil,
        "duration_beats": result["duration_beats"] ?? nil, "event_count": result["event_count"] ?? nil,
      ]
    }
    return try addRegion(checked, incoming, on: led)
  }

  private func peerStopMIDI(_ arguments: PeerArguments) throws(Refusal) -> JSONValue {
    let id = try arguments.uuid("region_id")
    guard let region = timeline.regions[id], timeline.track(id: region.track)?.midiPort != nil else {
      throw Refusal.peer("MIDI region ID not found", why: "no port plays \(id.wireText)")
    }
    var edited = timeline
    edited.removeRegions([id])
    _ = try commit("midi_stop", edited)
    return ["type": "midi_play_stopped", "region_id": .string(id.wireText)]
  }
}

/// A region that is made for a MIDI port.
struct PortPlay {
  /// The port's full name.
  var port: String
  /// What its asker is answered.
  var reply: (JSONValue) -> JSONValue = { .ok($0) }
}
