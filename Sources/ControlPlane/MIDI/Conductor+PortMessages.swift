import AudioDrivers
import HootWire
import MIDI
import MusicalTime
import RealtimeEngine
import Tools

extension Conductor {
  /// What came in through ports since the last turn, and ports that have come or gone.
  func takePorts() {
    for attachment in ports.patchbay?.takeNews() ?? [] { linkChanged(attachment) }
    for _ in 0..<ControlLimits.heardMessages {
      guard let heard = engine.midi.heard.pop() else { break }
      take(heard)
    }
    if var recording = ports.recording, transport.state == .rolling {
      recording.take.pass(Int64(exactPlayhead.rounded()))
      ports.recording = recording
    }
  }

  private func linkChanged(_ attachment: MIDIPatchbay.Attachment) {
    let direction = attachment.port.direction
    guard let index = ports.index(direction, slot: attachment.slot) else { return }
    ports.attached[index].attachment = attachment
    // A keyboard that has gone holds no keys, and its channels begin afresh when it is back.
    if direction == .input, !attachment.isConnected { sendInput(ports.attached[index], isFresh: true) }
    if !attachment.isConnected { Log.warning("the MIDI port \(attachment.port.name) is gone") }
    publishPort(attachment, isConnected: attachment.isConnected)
  }

  private func take(_ heard: PortMessage) {
    guard let index = ports.index(.input, slot: Int(heard.port)) else { return }
    ports.attached[index].messages += 1
    guard heard.count > 0 else { return }
    let message = MIDIShortMessage(status: heard.status, data1: heard.data1, data2: heard.data2)
    if ports.follower?.slot == Int(heard.port), message.status >= 0xF0 { follow(message, heard) }
    if heard.isChannelMessage {
      take(
        MIDIMessage(status: heard.status, data1: heard.data1, data2: heard.data2),
        from: ports.attached[index].name)
      if ports.recording?.track == ports.attached[index].track, heard.tick.isFinite {
        ports.recording?.take.take(message, at: Int64(heard.tick.rounded()))
      }
    }
    // Clocks and sensing come by the hundred and say nothing to who reads along.
    guard message.status != 0xF8, message.status != 0xFE else { return }
    publish(message, heard, port: ports.attached[index].name)
  }

  private func publish(_ message: MIDIShortMessage, _ heard: PortMessage, port: String) {
    let microseconds = Double(max(0, heard.frame)) * 1e6 / engine.sampleRate
    // Channel messages were told with what they are bound to.
    if !heard.isChannelMessage {
      server.publish(
        iopub: [
          "type": "midi_received", "port_name": .string(port),
          "timestamp_us": .integer(Int64(microseconds)), "message": message.json,
        ])
    }
    var fields: [(String, JSONValue)] = [
      ("type", "midi_received"), ("port", .string(port)), ("frame", .integer(heard.frame)),
      ("message", message.json),
    ]
    if heard.tick.isFinite { fields += placeFields(heard.tick) }
    server.publishEvent(topic: "midi", content: JSONValue(fields))
  }

  // MARK: Sending

  func sendMIDI(_ arguments: Arguments) throws(Refusal) -> Answer {
    let pattern = arguments.text(.port)
    let type = arguments.text(.message) ?? "raw"
    let bytes = try messageBytes(type, arguments)
    let names = try deliver(bytes, to: pattern, isRaw: type == "raw")
    return .reply(.ok(["ports": .array(names.map { .string($0) })]))
  }

  /// Sends one whole message to the first attached output that matches, or without a pattern to all; answers their names.
  func deliver(_ bytes: [UInt8], to pattern: String?, isRaw: Bool) throws(Refusal) -> [String] {
    let targets: [PortsSide.AttachedPort]
    if let pattern {
      guard let port = ports.first(.output, pattern) else {
        throw Refusal(
          "no_port", .refused,
          "Failed to send \(isRaw ? "raw " : "")MIDI: Port not found: \(said(pattern))",
          "no attached output's name contains it", "garden midi attach out \(pattern)")
      }
      targets = [port]
    } else {
      targets = ports.attached.filter { !$0.isInput }
    }
    for port in targets {
      guard post(bytes, to: port.attachment) else {
        throw Refusal(
          "busy", .tryLater, "Failed to send MIDI: too many messages wait for \(port.name)",
          "\(EngineLimits.midiPosts) may wait", "try again in a moment")
      }
    }
    return targets.map(\.name)
  }

  private func post(_ bytes: [UInt8], to attachment: MIDIPatchbay.Attachment) -> Bool {
    guard let message = MIDIShortMessage(whole: bytes) else {
      return ports.patchbay?.post(bytes, to: attachment) ?? false
    }
    let ring = attachment.port.kind == .jack ? engine.midi.devicePosts : engine.midi.ordinaryPosts
    return ring.push(
      PortMessage(
        frame: .min, port: UInt8(attachment.slot), count: UInt8(message.count), status: message.status,
        data1: message.data1, data2: message.data2))
  }

  private func messageBytes(_ type: String, _ arguments: Arguments) throws(Refusal) -> [UInt8] {
    func value(_ name: ParameterName, _ usual: Int) -> UInt8 { UInt8(arguments.integer(name) ?? usual) }
    let channel = UInt8((arguments.integer(.channel) ?? 1) - 1)
    switch type {
    case "note_on": return [0x90 | channel, value(.pitch, 60), value(.velocity, 100)]
    case "note_off":
      return [0x80 | channel, value(.pitch, 60), arguments.has(.velocity) ? value(.velocity, 64) : 64]
    case "control_change": return [0xB0 | channel, value(.controller, 0), value(.value, 0)]
    case "program_change": return [0xC0 | channel, value(.program, 0)]
    case "pitch_bend":
      let bend = (arguments.integer(.bend) ?? 0) + 8192
      return [0xE0 | channel, UInt8(bend & 127), UInt8(bend >> 7)]
    case "start": return [0xFA]
    case "stop": return [0xFC]
    case "continue": return [0xFB]
    case "timing_clock": return [0xF8]
    default: return try rawBytes(arguments.text(.bytes))
    }
  }

  /// One whole message in hexadecimal, with or without blanks between the bytes.
  private func rawBytes(_ text: String?) throws(Refusal) -> [UInt8] {
    func refusal(_ why: String) -> Refusal {
      Refusal(
        "bad_message", .usage, "Failed to convert MIDI message: \(why)",
        "a raw message is one whole message of at most \(DriverLimits.longMessageBytes) bytes in hexadecimal",
        "garden midi send raw --bytes \"f0 7e 7f 06 01 f7\"")
    }
    guard let text else { throw refusal("no bytes were given") }
    let digits = text.filter { $0 != " " && $0 != "," }
    guard digits.count.isMultiple(of: 2), digits.allSatisfy(\.isHexDigit) else {
      throw refusal("these are no bytes")
    }
    var bytes: [UInt8] = []
    var rest = digits[...]
    while !rest.isEmpty {
      // Two hexadecimal digits, as was seen above.
      bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    }
    guard bytes.count <= DriverLimits.longMessageBytes else { throw refusal("it has \(bytes.count) bytes") }
    guard Self.isWhole(bytes) else { throw refusal("these are not one whole message") }
    return bytes
  }

  /// Whether these are one message, system exclusive among them.
  static func isWhole(_ bytes: [UInt8]) -> Bool {
    let isExclusive =
      bytes.count >= 2 && bytes.first == 0xF0 && bytes.last == 0xF7
      && bytes.dropFirst().dropLast().allSatisfy { $0 < 0x80 }
    return isExclusive || MIDIShortMessage(whole: bytes) != nil
  }
}
