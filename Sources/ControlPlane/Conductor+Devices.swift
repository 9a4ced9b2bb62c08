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
          let current = keeper?.status().name
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

  /// Takes the renderer from one device to another. The session keeps the rate its clips were loaded at; a device at
  /// another rate is resampled for.
  func useDevice(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try checkRoom()
    let name = arguments.text(.driver) ?? "auto"
    var wishes = DriverWishes(settings)
    wishes.sampleRate = engine.sampleRate
    if let period = arguments.integer(.period) { wishes.period = period }
    if let autoconnect = arguments.bool(.autoconnect) { wishes.autoconnect = autoconnect }
    guard let keeper else {
      throw Refusal("stopping", .tryLater, "the device was not changed", "the daemon ends", "garden up")
    }
    let wanted = wishes
    try load(
      {
        .driver(
          Result { () throws(Refusal) in
            do throws(DriverError) { try keeper.use(name, wanted) } catch { throw Refusal(error) }
          })
      },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .driver(let result) = loaded else { return }
          try result.get()
          publishAudio("device_changed")
          let command = try commit("device_use", timeline)
          finish(incoming, .ok(["command": command, "audio": audioStatus()]))
        }
      })
    return .later
  }

  /// What the keeper has to tell: it has acted already.
  func publishDeviceEvents() {
    for event in keeper?.takeEvents() ?? [] {
      switch event {
      case .lost(let reason):
        warn("the audio device is gone: \(reason); the timer keeps time")
        publishAudio("device_lost", [("reason", .string(reason))])
        server.publish(iopub: ["type": "audio_detached"])
        publishDeviceGone(keeper?.status().keeper?.wanted ?? "")
      case .back(let seconds):
        Log.info("the audio device is back after \(seconds.hundredths) s")
        publishAudio("device_back", [("seconds_away", .number(seconds))])
        publishDevice(keeper?.status().keeper?.wanted ?? "", "Audio/Sink")
        publishAttached()
      case .unconnected(let refusal):
        warn(refusal.lines.joined(separator: " "))
        publishAudio("not_connected", [("lines", .array(refusal.lines.map { .string($0) }))])
      }
    }
  }

  func publishAudio(_ type: String, _ details: [(String, JSONValue)] = []) {
    server.publishEvent(
      topic: "audio", content: JSONValue([("type", .string(type))] + details + [("audio", audioStatus())]))
  }

  func warn(_ message: String) {
    Log.warning(message)
    server.publish(iopub: ["type": "warning", "message": .string(message)])
    server.publishEvent(topic: "warning", content: ["type": "warning", "message": .string(message)])
  }
}
