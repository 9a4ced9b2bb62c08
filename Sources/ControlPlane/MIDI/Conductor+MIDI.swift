import ControlSocket
import FoundationEssentials
import HootWire
import MIDI
import Tools

/// The control thread's side of MIDI in.
struct MIDISide {
  var device: MIDIDevice?
  var desk = MIDIDesk()
  /// nil while it is there; else why it is not.
  var lost: String?
  var messages: UInt64 = 0
  /// Positions of controllers that wait for their turn, by binding.
  var sweeps: [Int: Int] = [:]
  /// Bindings on their way to the disk.
  var writing: [MIDIBinding]?
  /// nil: nothing is kept.
  var file = BindingsFile.usual
}

extension Conductor {
  /// Opens the setting's device and brings the bindings of the last time back.
  func startMIDI() throws(Refusal) {
    if !settings.midiDevice.isEmpty { try openMIDI(settings.midiDevice) }
    guard let file = midi.file else { return }
    try load(
      {
        let found = file.read()
        return .bindings(found.bindings, found.warnings, nil)
      },
      then: { [self] loaded in
        guard case .bindings(let bindings, let warnings, _) = loaded else { return }
        midi.desk.replaceAll(with: bindings)
        for warning in warnings { Log.warning(warning) }
      })
  }

  func stopMIDI() {
    midi.device?.stop()
    midi.device = nil
  }

  var midiDescriptors: [Int32] { midi.device.map { [$0.descriptor] } ?? [] }

  /// What came in since the last turn, in order; of a controller that moves something only its last position.
  func takeMIDI() {
    for news in midi.device?.drain() ?? [] {
      switch news {
      case .opened: deviceState(nil)
      case .lost(let reason): deviceState(reason)
      case .message(let message): take(message, from: midi.device?.path ?? "")
      }
    }
    for input in keeper?.takeMIDI() ?? [] {
      if let message = MIDIMessage(input.bytes) { take(message, from: Self.driverPort) }
    }
    sendSweeps()
    if let waited = midi.desk.timedOut(at: .now) {
      server.publishEvent(
        topic: "midi", content: ["type": "learn_timed_out", "action": .string(waited.meaning.action)])
    }
  }

  /// What peers are told of where messages come from that the audio driver brings.
  static let driverPort = "audio driver"

  private func deviceState(_ reason: String?) {
    midi.lost = reason
    let path = midi.device?.path ?? ""
    server.publish(
      iopub: [
        "type": reason == nil ? "midi_input_connected" : "midi_input_disconnected",
        "port_name": .string(path),
      ])
    if let reason { Log.warning("MIDI device \(path): \(reason); it is tried again") }
    server.publishEvent(
      topic: "midi",
      content: [
        "type": reason == nil ? "device_opened" : "device_lost", "path": .string(path),
        "reason": JSONValue(reason),
      ])
  }

  func take(_ message: MIDIMessage, from port: String = driverPort) {
    midi.messages += 1
    publishMIDI(message, from: port)
    switch midi.desk.take(message, at: .now) {
    case .fire(let binding, let request): fire(binding, request)
    case .sweep(let binding, let position): midi.sweeps[binding.id] = position
    case .learnt(let binding): keep(binding)
    case nil: return
    }
  }

  /// The very request that the command line would send; nobody waits for its reply, so an event tells it.
  private func fire(_ binding: MIDIBinding, _ request: JSONValue) {
    var fields: [(String, JSONValue)] = [("type", "fired")]
    do {
      if case .reply(let content) = try handle(request, .inside) {
        fields.append(("command", content["result"]?["command"]?["id"] ?? nil))
      }
    } catch {
      fields = [("type", "fire_refused"), ("detail", error.content["detail"] ?? nil)]
      Log.warning("\(binding.source.words): \(error.lines[0]): \(error.lines[1])")
    }
    fields += [("binding", .integer(Int64(binding.id))), ("action", .string(binding.action))]
    server.publishEvent(topic: "midi", content: JSONValue(fields))
  }

  /// A position that finds the daemon busy waits; a newer one takes its place.
  private func sendSweeps() {
    for (id, position) in midi.sweeps {
      guard let binding = midi.desk.bindings.first(where: { $0.id == id }) else {
        midi.sweeps[id] = nil
        continue
      }
      do {
        _ = try handle(binding.request(at: position), .inside)
        midi.sweeps[id] = nil
      } catch {
        if error.code == "busy" { continue }
        midi.sweeps[id] = nil
        Log.warning("\(binding.source.words): \(error.lines[0]): \(error.lines[1])")
      }
    }
  }

  // MARK: Tools

  func unbind(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let wish = arguments.text(.binding) ?? ""
    let present = midi.writing ?? midi.desk.bindings
    let kept = wish == "all" ? [] : present.filter { String($0.id) != wish }
    let removed = present.count - kept.count
    guard removed > 0 || wish == "all" else {
      throw Refusal(
        "unknown_binding", .refused, "there is no binding \(wish)",
        "bound are: " + (midi.desk.bindings.map { String($0.id) }.joined(separator: ", ")),
        "garden midi bindings")
    }
    write(kept) { [self] refusal in
      resume(incoming) { () throws(Refusal) in
        if let refusal { throw refusal }
        finish(incoming, .ok(["removed": .integer(Int64(removed))]))
      }
    }
    return .later
  }

  func useMIDI(_ arguments: Arguments) throws(Refusal) -> Answer {
    if let path = arguments.text(.device) {
      try openMIDI(path)
    } else if arguments.isSet(.off) {
      stopMIDI()
    }
    return .reply(.ok(["midi": midiStatus()]))
  }

  private func openMIDI(_ path: String) throws(Refusal) {
    guard path.hasPrefix("/") else {
      throw Refusal(
        "bad_path", .usage, "\(path.prefix(60)) is no MIDI device", "a device has an absolute path",
        "garden midi ls")
    }
    let device: MIDIDevice
    do { device = try MIDIDevice(path: path) } catch {
      throw Refusal("no_thread", .tryLater, error.lines[0], error.lines[1], error.lines[2])
    }
    stopMIDI()
    midi.device = device
    midi.lost = "not opened yet"
  }

  func midiStatus() -> JSONValue {
    [
      "device": JSONValue(midi.device?.path), "open": .bool(midi.device != nil && midi.lost == nil),
      "reason": midi.device == nil ? nil : JSONValue(midi.lost), "messages": JSONValue(midi.messages),
      "dropped": JSONValue(midi.device?.dropped ?? 0),
      "driver_port": .bool(hasDriverMIDI),
      "bindings": .integer(Int64(midi.desk.bindings.count)),
      "learning": JSONValue(midi.desk.learning?.meaning.action),
    ]
  }

  func listBindings() -> JSONValue { .ok(["bindings": .array(midi.desk.bindings.map(bindingJSON))]) }

  private func bindingJSON(_ binding: MIDIBinding) -> JSONValue {
    var fields = binding.json.object?.members.map { ($0.key, $0.value) } ?? []
    fields.append(("source", .string(binding.source.words)))
    return JSONValue(fields)
  }

  func listMIDI(_ incoming: Incoming) throws(Refusal) -> Answer {
    try load(
      { [patchbay = ports.patchbay] in .ports(patchbay?.list() ?? [], MIDIDevice.found()) },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .ports(let found, let paths) = loaded else { return }
          let all = paths + (midi.device.map { paths.contains($0.path) ? [] : [$0.path] } ?? [])
          let devices = all.map { path -> JSONValue in
            let isUsed = path == midi.device?.path
            return [
              "path": .string(path), "in_use": .bool(isUsed),
              "state": .string(!isUsed ? "found" : midi.lost ?? "open"),
            ]
          }
          let inputs = portRows(found, .input)
          let outputs = portRows(found, .output)
          finish(
            incoming,
            .ok([
              "inputs": .array(inputs), "outputs": .array(outputs),
              "ports": .array(inputs + outputs + devices.map(Self.deviceRow)), "devices": .array(devices),
              "midi": midiStatus(),
            ]))
        }
      })
    return .later
  }

  /// Whether the audio driver brings MIDI messages too.
  var hasDriverMIDI: Bool { keeper?.hasMIDIPort ?? false }
}

extension MIDIDevice {
  /// The raw MIDI devices that the system shows. Loader thread.
  static func found() -> [String] {
    // A machine without sound has no such folder.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/snd")) ?? []
    return names.filter { $0.hasPrefix("midi") }.sorted().map { "/dev/snd/" + $0 }
  }
}
