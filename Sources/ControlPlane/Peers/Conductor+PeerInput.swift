import Capture
import ControlSocket
import HootWire
import Tools

// What comes in, and streams of it, in hootenanny's words.
extension Conductor {
  func peerAttachInput(_ arguments: PeerArguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let name = try arguments.optionalText("device_name") ?? ""
    // What it has is resampled, whatever that is.
    _ = try arguments.optionalCount("sample_rate")
    let isMonitored = arguments.content["monitor"]?.bool ?? false
    try attachInput(name, monitor: isMonitored) { [self] refusal in
      guard peers.isCurrent(incoming) else { return }
      if let refusal {
        let sentence = "\(refusal.lines[0]) \(refusal.lines[1])"
        return finish(incoming, Refusal.peer(sentence, next: refusal.lines[2]).peerContent)
      }
      let names = keeper?.input.status().source?.names.joined(separator: ", ") ?? ""
      finish(incoming, Self.done(arguments, ["status": "attached"], "attached: \(names)"))
    }
    return .later
  }

  func peerDetachInput(_ arguments: PeerArguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try detachInput(incoming) { _ in Self.done(arguments, ["status": "detached"]) }
  }

  func peerInputStatus(_ arguments: PeerArguments) -> JSONValue {
    let status = keeper?.input.status()
    let source = status?.source
    let counts: [(String, JSONValue)] = [
      ("monitor_enabled", .bool(inputMonitor.isOn)), ("monitor_gain", JSONValue(inputMonitor.gain)),
      ("callbacks", JSONValue(status?.callbacks ?? 0)),
      ("samples_captured", JSONValue((status?.frames ?? 0) * UInt64(source?.channels ?? 2))),
      ("overruns", JSONValue(status?.lostFrames ?? 0)),
    ]
    let rate = JSONValue.integer(Int64(status?.sampleRate ?? 0))
    let channels = JSONValue.integer(Int64(source?.channels ?? 0))
    let isAttached = ("attached", JSONValue.bool(source != nil))
    guard arguments.isJSON else {
      return JSONValue(
        [
          ("type", "garden_input_status"), isAttached, ("device_name", .string(source?.names.first ?? "")),
          ("sample_rate", source == nil ? 0 : rate), ("channels", channels),
        ] + counts)
    }
    return JSONValue(
      [
        ("type", "input_status"), isAttached, ("device_name", JSONValue(source?.names.first)),
        ("sample_rate", source == nil ? nil : rate), ("channels", source == nil ? nil : channels),
      ] + counts)
  }

  /// What is not given stays as it is: null in JSON, an unset flag in the other form.
  func peerSetMonitor(_ arguments: PeerArguments) throws(Refusal) -> JSONValue {
    func isGiven(_ name: String) -> Bool {
      guard arguments.isJSON else { return arguments.content["\(name)_set"]?.bool == true }
      return arguments.content[name].map { $0 != .null } ?? false
    }
    // What is off or nothing is not written at all in the other form.
    let isEnabled: Bool? =
      isGiven("enabled")
      ? (arguments.isJSON ? try arguments.bool("enabled") : arguments.content["enabled"]?.bool ?? false) : nil
    let isZero = !arguments.isJSON && arguments.content["gain"] == nil
    let gain: Float? = isGiven("gain") ? (isZero ? 0 : Float(try arguments.number("gain"))) : nil
    try checkRoom()
    let monitor = setMonitor(enabled: isEnabled, gain: gain)
    return [
      "type": .string(arguments.isJSON ? "monitor_status" : "garden_monitor_status"),
      "enabled": .bool(monitor.isOn),
      // The other form's field is a double.
      "gain": arguments.isJSON ? JSONValue(monitor.gain) : .number(Double(monitor.gain)),
    ]
  }

  // MARK: Streams

  func peerStream(
    _ request: PeerRequest, _ arguments: PeerArguments, _ incoming: Incoming
  ) throws(Refusal) -> Answer {
    let uri = try arguments.text("uri")
    func then(_ message: String) -> (StreamResult) -> Void {
      { [self] result in
        guard peers.isCurrent(incoming) else { return }
        switch result {
        case .success: finish(incoming, Self.done(arguments, nil, "\(message): \(uri)"))
        case .failure(let refusal): finish(incoming, refusal.peerContent)
        }
      }
    }
    switch request {
    case .streamStart: startStream(try streamWish(uri, arguments), then: then("stream_started"))
    case .streamSwitchChunk:
      let path = try streamPath(arguments, "new_chunk_path", .streamSwitchChunk)
      switchChunk(uri, to: path, then: then("chunk_switched"))
    default: stopStream(uri, then: then("stream_stopped"))
    }
    return .later
  }

  func streamWish(_ uri: String, _ arguments: PeerArguments) throws(Refusal) -> StreamWish {
    guard let definition = arguments.content["definition"], definition != .null else {
      throw PeerArguments.missing("definition")
    }
    let format = definition["format"]
    if format?["type"] == "midi" || format?["midi"] != nil {
      throw Refusal.peer("MIDI capture not yet supported", .streamStart, why: "only audio can be captured")
    }
    let audio = PeerArguments(content: format?["audio"] ?? format ?? [], form: arguments.form)
    let identity = try PeerArguments(content: definition, form: arguments.form).text("device_identity")
    guard uri.utf8.count <= ToolLimits.referenceLength else {
      throw Refusal.peer(
        "a stream's uri has at most \(ToolLimits.referenceLength) bytes, not \(uri.utf8.count)", .streamStart)
    }
    return StreamWish(
      uri: uri, identity: identity, sampleRate: try audio.optionalCount("sample_rate"),
      channels: try audio.optionalCount("channels") ?? 2,
      chunkBytes: definition["chunk_size_bytes"]?.int ?? 0,
      path: try streamPath(arguments, "chunk_path", .streamStart))
  }

  func streamPath(
    _ arguments: PeerArguments, _ name: String, _ code: PeerErrorCode
  ) throws(Refusal) -> String {
    let path = try arguments.text(name)
    guard path.hasPrefix("/"), path.utf8.count <= ToolLimits.pathLength, !path.utf8.contains(0) else {
      throw Refusal.peer("`\(name)` must be an absolute path, and is \(quoted(path))", code)
    }
    return path
  }
}
