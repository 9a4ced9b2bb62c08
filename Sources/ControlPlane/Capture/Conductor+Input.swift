import AudioDrivers
import ControlSocket
import HootWire
import RealtimeEngine
import Tools

/// How what comes in is heard. The gain is kept while it is not.
struct InputMonitor: Equatable {
  var isOn = false
  /// Linear, 0 to `EngineLimits.maximumGain`.
  var gain: Float = 0.8
}

// Sound that comes in. The loader waits for servers and cards.
extension Conductor {
  func listInputs(_ incoming: Incoming) throws(Refusal) -> Answer {
    let keeper = try runningKeeper()
    try load(
      { .inputs(keeper.inputCandidates()) },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .inputs(let found) = loaded else { return }
          let attached = keeper.input.status().source
          let inputs = found.map { input -> JSONValue in
            let isAttached = attached?.kind == input.kind && attached?.names.contains(input.name) == true
            return [
              "name": .string(input.name), "kind": .string(input.kind), "detail": .string(input.detail),
              "attached": .bool(isAttached),
            ]
          }
          finish(incoming, .ok(["inputs": .array(inputs)]))
        }
      })
    return .later
  }

  func attachInput(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let isMonitored = arguments.isSet(.monitor)
    try attachInput(arguments.text(.device) ?? "", monitor: isMonitored) { [self] refusal in
      guard peers.isCurrent(incoming) else { return }
      finish(incoming, refusal?.content ?? .ok(["input": inputJSON()]))
    }
    return .later
  }

  /// Attaches what a part of its name tells; `then` gets the refusal, if there is one.
  func attachInput(
    _ pattern: String, monitor isMonitored: Bool, then: @escaping (Refusal?) -> Void
  ) throws(Refusal) {
    let keeper = try runningKeeper()
    try checkRoom()
    try load(
      {
        .input(
          Result { () throws(Refusal) in
            do throws(DriverError) { try keeper.attachInput(pattern) } catch { throw Refusal(error) }
            return keeper.portLatency()
          })
      },
      then: { [self] loaded in
        guard case .input(let result) = loaded else { return }
        switch result {
        case .failure(let refusal): then(refusal)
        case .success(let latency):
          inputPortLatency = latency
          wishedInput = pattern
          if isMonitored { _ = setMonitor(enabled: true, gain: nil) }
          publishInput("input_attached")
          then(nil)
        }
      })
  }

  func detachInput(
    _ incoming: Incoming, reply: @escaping (Conductor) -> JSONValue = { .ok(["input": $0.inputJSON()]) }
  ) throws(Refusal) -> Answer {
    let keeper = try runningKeeper()
    try load(
      {
        keeper.detachInput()
        return .done(.success(()))
      },
      then: { [self] _ in
        inputPortLatency = 0
        wishedInput = nil
        publishInput("input_detached")
        if peers.isCurrent(incoming) { finish(incoming, reply(self)) }
      })
    return .later
  }

  func monitorInput(_ arguments: Arguments) throws(Refusal) -> Answer {
    let isOn = arguments.text(.state).map { $0 == "on" } ?? inputMonitor.isOn
    let gain = arguments.number(.gain).map { Float(decibels: $0) } ?? inputMonitor.gain
    let command = try send("input_monitor", .monitor, value: isOn ? Double(gain) : 0)
    inputMonitor = InputMonitor(isOn: isOn, gain: gain)
    return .reply(.ok(["command": command, "input": inputJSON()]))
  }

  /// What is not given stays; the gain is held to 0 … 1, as hootenanny's peers expect. What it is afterwards.
  func setMonitor(enabled: Bool?, gain: Float?) -> InputMonitor {
    if let enabled { inputMonitor.isOn = enabled }
    if let gain, gain.isFinite { inputMonitor.gain = min(1, max(0, gain)) }
    sendUnannounced(.monitor, value: inputMonitor.isOn ? Double(inputMonitor.gain) : 0)
    return inputMonitor
  }

  /// Everything measured: the source's figures from its thread, the levels and the delay from the renderer.
  func inputJSON() -> JSONValue {
    let status = keeper?.input.status()
    let report = engine.report.read()
    let level = engine.meters.read().input
    let source = status?.source
    let latency = Int64((status?.latency ?? 0).rounded()) + Int64(report.inputFrames)
    return [
      "attached": .bool(source != nil), "kind": JSONValue(source?.kind),
      "device": JSONValue(source?.names.first), "ports": .array((source?.names ?? []).map { .string($0) }),
      "channels": source.map { .integer(Int64($0.channels)) } ?? nil,
      "sample_rate": source == nil ? nil : .integer(Int64(status?.sampleRate ?? 0)),
      "monitor": .bool(inputMonitor.isOn),
      "gain_db": .number(Double(inputMonitor.gain).decibels.hundredths),
      "peak_db": .number(level.peakDB), "rms_db": .number(level.rmsDB),
      "callbacks": JSONValue(status?.callbacks ?? 0), "frames": JSONValue(status?.frames ?? 0),
      "lost_frames": JSONValue(status?.lostFrames ?? 0),
      "missed_frames": JSONValue(status?.missedFrames ?? 0), "resyncs": JSONValue(status?.resyncs ?? 0),
      "latency_frames": source != nil && report.inputIsFed ? .integer(latency) : nil,
      "port_latency_frames": .integer(Int64(inputPortLatency)),
      "drift_ppm": .number(((status?.drift ?? 0) * 1e6).hundredths), "problem": JSONValue(status?.problem),
    ]
  }

  private func runningKeeper() throws(Refusal) -> ClockKeeper {
    guard let keeper else {
      throw Refusal("stopping", .tryLater, "the input was not changed", "the daemon ends", "garden up")
    }
    return keeper
  }

  private func publishInput(_ type: String) {
    server.publishEvent(topic: "audio", content: ["type": .string(type), "input": inputJSON()])
  }
}
