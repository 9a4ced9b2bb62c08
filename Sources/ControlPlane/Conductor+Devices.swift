import AudioDrivers
import ControlSocket
import HootWire
import RealtimeEngine
import Tools

extension Conductor {
  func listDevices(_ incoming: Incoming) throws(Refusal) -> Answer {
    let server = settings.jackServer
    try load(
      { .candidates(DriverChoice.probe(serverName: server)) },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .candidates(let found) = loaded else { return }
          let current = driver?.status().name
          let drivers = found.map { candidate -> JSONValue in
            [
              "name": .string(candidate.name), "available": .bool(candidate.available),
              "current": .bool(candidate.name == current), "detail": .string(candidate.detail),
            ]
          }
          finish(incoming, .ok(["drivers": .array(drivers)]))
        }
      })
    return .later
  }

  /// Takes the renderer from one driver to another. The session keeps the rate its clips were loaded at.
  func useDevice(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try checkRoom()
    let name = arguments.text(.driver) ?? "auto"
    var wishes = DriverWishes(settings)
    wishes.sampleRate = engine.sampleRate
    if let period = arguments.integer(.period) { wishes.period = period }
    if let autoconnect = arguments.bool(.autoconnect) { wishes.autoconnect = autoconnect }
    try change(to: name, wishes) { [self] result in
      resume(incoming) { () throws(Refusal) in
        try result.get()
        let command = try commit("device_use", timeline)
        finish(incoming, .ok(["command": command, "audio": audioStatus()]))
      }
    }
    return .later
  }

  /// The old driver is stopped before the new one starts: the renderer has one thread at a time. If the new
  /// one refuses, the old one plays on.
  private func change(
    to name: String, _ wishes: DriverWishes, then: @escaping (Result<Void, Refusal>) -> Void
  ) throws(Refusal) {
    let old = driver
    let entry = engine.entry
    let rate = engine.sampleRate
    try load(
      {
        .driver(
          Result { () throws(Refusal) in
            try DriverHandover.change(from: old, to: name, wishes, entry: entry, sampleRate: rate)
          })
      },
      then: { [self] loaded in
        guard case .driver(let result) = loaded else { return }
        switch result {
        case .success(let new):
          if let old { earlier.add(old.status()) }
          driver = new
          publishAudio("device_changed")
          then(.success(()))
        case .failure(let refusal): then(.failure(refusal))
        }
      })
  }

  /// A device that went away is replaced by the timer, so that the timeline keeps running and commands still
  /// land.
  func superviseDriver() {
    guard !cadence.isReplacingDriver, let status = driver?.status(), let reason = status.shutdown else {
      return
    }
    cadence.isReplacingDriver = true
    warn("the audio device is gone: \(reason); the timer keeps time")
    var wishes = DriverWishes(settings)
    wishes.sampleRate = engine.sampleRate
    do {
      try change(to: "timer", wishes) { [self] result in
        cadence.isReplacingDriver = false
        if case .failure(let refusal) = result { warn(refusal.lines[0]) }
      }
    } catch { cadence.isReplacingDriver = false }
  }

  func publishAudio(_ type: String) {
    server.publishEvent(topic: "audio", content: ["type": .string(type), "audio": audioStatus()])
  }

  func warn(_ message: String) {
    Log.warning(message)
    server.publish(iopub: ["type": "warning", "message": .string(message)])
    server.publishEvent(topic: "warning", content: ["type": "warning", "message": .string(message)])
  }
}

/// Moves the renderer between drivers. Loader thread.
enum DriverHandover {
  static func change(
    from old: (any AudioDriver)?, to name: String, _ wishes: DriverWishes, entry: RenderEntry,
    sampleRate: Double
  ) throws(Refusal) -> any AudioDriver {
    // A process belongs to one JACK server at a time, so the old client goes before the new one comes.
    old?.stop()
    do {
      let new = try DriverChoice.best(name, wishes)
      guard new.sampleRate == sampleRate else {
        throw Refusal(
          "sample_rate", .refused, "the session cannot move to \(name)",
          "it runs at \(Int(new.sampleRate)) Hz, and the clips were loaded at \(Int(sampleRate)) Hz",
          "garden down && garden up --audio \(name)")
      }
      try new.start(entry)
      return new
    } catch {
      try? old?.start(entry)  // If that fails too, the supervisor sees a driver that is not alive.
      throw (error as? Refusal) ?? (error as? DriverError).map { Refusal($0) }
        ?? Refusal("driver", .unreachable, "\(name) could not be used", "\(error)", "garden device ls")
    }
  }
}

extension DriverTotals {
  mutating func add(_ status: DriverStatus) {
    callbacks += status.callbacks
    xruns += status.xruns
    lateBlocks += status.lateBlocks
  }
}
