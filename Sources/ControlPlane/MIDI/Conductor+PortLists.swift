import AudioDrivers
import FoundationEssentials
import HootWire
import MIDI
import RealtimeEngine

extension Conductor {
  /// Rows of `midi ls`: every port that is there, then those that are attached and gone.
  func portRows(_ found: [MIDIPort], _ direction: MIDIPort.Direction) -> [JSONValue] {
    let there = found.filter { $0.direction == direction }
    let gone = ports.attached.map(\.attachment.port).filter {
      $0.direction == direction && !there.contains($0)
    }
    return (there + gone).enumerated().map { index, port in
      let attached = ports.attached.first { $0.attachment.port == port }
      return row(port, attached, index: index)
    }
  }

  private func row(_ port: MIDIPort, _ attached: PortsSide.AttachedPort?, index: Int) -> JSONValue {
    [
      "direction": .string(port.direction.rawValue), "index": .integer(Int64(index)),
      "name": .string(port.name), "kind": .string(port.kind.rawValue), "attached": .bool(attached != nil),
      "messages": attached.map { .integer(Int64(messages(of: $0))) } ?? nil,
      "track": attached.map { JSONValue(trackName(of: $0)) } ?? nil,
    ]
  }

  static func deviceRow(_ device: JSONValue) -> JSONValue {
    [
      "direction": "pedal", "index": nil, "name": device["path"] ?? nil, "kind": "raw",
      "attached": device["in_use"] ?? nil, "messages": nil, "track": nil,
    ]
  }

  private func messages(of port: PortsSide.AttachedPort) -> Int {
    port.isInput
      ? port.messages : max(0, (ports.patchbay?.sent(port.attachment) ?? 0) - port.messages)
  }

  /// What an input plays, or what leads to an output.
  private func trackName(of port: PortsSide.AttachedPort) -> String? {
    if port.isInput { return port.track.flatMap { timeline.track(id: $0)?.name } }
    let names = timeline.tracks.filter { $0.midiPort == port.name }.map(\.name)
    return names.isEmpty ? nil : names.joined(separator: ", ")
  }

  func portJSON(_ attachment: MIDIPatchbay.Attachment) -> JSONValue {
    guard let index = ports.index(attachment.port.direction, slot: attachment.slot) else {
      return row(attachment.port, nil, index: 0)
    }
    return statusRow(ports.attached[index])
  }

  private func statusRow(_ port: PortsSide.AttachedPort) -> JSONValue {
    [
      "direction": .string(port.attachment.port.direction.rawValue), "name": .string(port.name),
      "kind": .string(port.attachment.port.kind.rawValue), "attached": true,
      "connected": .bool(port.attachment.isConnected), "messages": .integer(Int64(messages(of: port))),
      "track": JSONValue(trackName(of: port)), "channel": port.channel.map { .integer(Int64($0)) } ?? nil,
      "clock": .bool(port.isInput ? ports.follower?.slot == port.attachment.slot : port.hasClock),
      "delay_frames": .integer(
        Int64(port.isInput ? 0 : ports.patchbay?.delay(port.attachment) ?? 0)),
    ]
  }

  func portStatus() -> JSONValue {
    let report = engine.report.read()
    let inputs = ports.attached.filter(\.isInput).map(statusRow)
    let outputs = ports.attached.filter { !$0.isInput }.map(statusRow)
    return [
      "inputs": .array(inputs), "outputs": .array(outputs), "ports": .array(inputs + outputs),
      "counts": [
        "ignored": JSONValue(report.midiIgnored), "missed": JSONValue(report.midiMissed),
        "dropped": JSONValue(report.midiDropped),
      ],
      "clock": clockJSON(), "recording": recordingJSON(),
    ]
  }

  func clockJSON() -> JSONValue {
    guard let follower = ports.follower, let index = ports.index(.input, slot: follower.slot) else {
      return nil
    }
    return [
      "port": .string(ports.attached[index].name), "running": .bool(follower.state.isRunning),
      "tempo_bpm": follower.state.bpm.map { .number($0.hundredths) } ?? nil,
    ]
  }

  func recordingJSON() -> JSONValue {
    guard let recording = ports.recording, let track = timeline.track(id: recording.track) else { return nil }
    return ["track": .string(track.name), "notes": .integer(Int64(recording.take.noteCount))]
  }

  func publishPort(_ attachment: MIDIPatchbay.Attachment, isConnected: Bool) {
    let type = "midi_\(attachment.port.direction.word)_\(isConnected ? "connected" : "disconnected")"
    let name = JSONValue.string(attachment.port.name)
    server.publish(iopub: ["type": .string(type), "port_name": name])
    server.publishEvent(topic: "midi", content: ["type": .string(type), "port": name])
  }
}

extension MIDIShortMessage {
  /// As hootenanny's wire says it, channels from 0; nil for what it has no word for.
  var json: JSONValue {
    let channel = JSONValue.integer(Int64(status & 15))
    let first = JSONValue.integer(Int64(data1))
    let second = JSONValue.integer(Int64(data2))
    switch status & 0xF0 {
    case 0x90 where data2 > 0:
      return ["type": "note_on", "channel": channel, "pitch": first, "velocity": second]
    case 0x80, 0x90: return ["type": "note_off", "channel": channel, "pitch": first]
    case 0xB0: return ["type": "control_change", "channel": channel, "controller": first, "value": second]
    case 0xC0: return ["type": "program_change", "channel": channel, "program": first]
    case 0xE0:
      let value = Int64(data1) | Int64(data2) << 7
      return ["type": "pitch_bend", "channel": channel, "value": .integer(value - 8192)]
    default: break
    }
    switch status {
    case 0xF8: return ["type": "timing_clock"]
    case 0xFA: return ["type": "start"]
    case 0xFB: return ["type": "continue"]
    case 0xFC: return ["type": "stop"]
    default: return ["type": "raw", "bytes": .array(bytes.map { .integer(Int64($0)) })]
    }
  }
}
