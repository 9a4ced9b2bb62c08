import AudioDrivers
import ControlSocket
import HootWire
import RealtimeEngine
import Settings

/// What peers have attached and read.
struct PeerAudio {
  /// nil as long as no peer has said: then it is what the daemon was started with.
  var isAttached: Bool?
  /// How far each reader of the sound has come.
  var cursors = SnapshotCursors()
  /// Snapshots of the state that were taken.
  var snapshots: UInt64 = 0
}

extension Conductor {
  /// Whether sound goes where somebody asked it to go. The timer, unless it was asked for, is nowhere.
  var isAudioAttached: Bool {
    peerAudio.isAttached
      ?? (keeper.map { $0.status().keeper?.wanted != "timer" && $0.status().name != "timer" } ?? false)
  }

  func peerAudioStatus(_ arguments: PeerArguments) -> JSONValue {
    let status = isAudioAttached ? keeper?.status() : nil
    let rate = Int64(status?.sampleRate ?? 0)
    let period = Int64(status?.period ?? 0)
    let counts: [(String, JSONValue)] = [
      ("callbacks", JSONValue(status?.callbacks ?? 0)),
      ("samples_written", JSONValue((status?.frames ?? 0) * 2)),
      (arguments.isJSON ? "underruns" : "buffer_underruns", JSONValue(status?.xruns ?? 0)),
      ("monitor_reads", 0), ("monitor_samples", 0),
    ]
    let isAttached = ("attached", JSONValue.bool(status != nil))
    guard arguments.isJSON else {
      return JSONValue(
        [
          ("type", "garden_audio_status"), isAttached, ("device_name", .string(status?.device ?? "")),
          ("sample_rate", .integer(rate)), ("latency_frames", .integer(period)),
        ] + counts)
    }
    return JSONValue(
      [
        ("type", "audio_status"), isAttached, ("device_name", JSONValue(status?.device)),
        ("sample_rate", status == nil ? nil : .integer(rate)),
        ("latency_frames", status == nil ? nil : .integer(period)),
      ] + counts)
  }

  /// Sound goes to a device by its name, or to the one the daemon was started for: peers that know the one before us
  /// give their stream a name here. The reply says where it went.
  func peerAttachAudio(_ arguments: PeerArguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let name = try arguments.optionalText("device_name") ?? ""
    var wishes = DriverWishes(settings)
    wishes.sampleRate = try arguments.optionalCount("sample_rate").map(Double.init) ?? engine.sampleRate
    if let frames = try arguments.optionalCount("latency_frames") { wishes.period = frames }
    let usual = settings.driver
    let asked = wishes
    return try useForPeer(incoming) { keeper throws(DriverError) in
      var wishes = asked
      guard DriverChoice.names.contains(name) || name.isEmpty || name == HootFrame.service else {
        if VirtualDevice.list(wishes.list).contains(where: { $0.direction == .output && $0.isCalled(name) }) {
          wishes.device = name
          try keeper.use("virtual", wishes)
          return ""
        }
        if let card = ALSACard.all.first(where: { $0.name == name || $0.title == name }) {
          wishes.device = card.name
          try keeper.use("alsa", wishes)
          return ""
        }
        try keeper.use(usual, wishes)
        return "; no device is called \(quoted(name))"
      }
      try keeper.use(DriverChoice.names.contains(name) ? name : usual, wishes)
      return ""
    } then: { [self] note in
      peerAudio.isAttached = true
      let status = keeper?.status()
      let place =
        "\(status?.device ?? "nothing") at \(Int(status?.sampleRate ?? 0)) Hz, \(status?.period ?? 0) frames"
      publishAttached()
      if !note.isEmpty { warn("sound goes to \(place)\(note)") }
      return Self.done(arguments, ["status": "attached"], "attached: \(place)\(note)")
    }
  }

  /// The music goes on, by the clock and unheard.
  func peerDetachAudio(_ arguments: PeerArguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    var wishes = DriverWishes(settings)
    wishes.sampleRate = engine.sampleRate
    let wanted = wishes
    return try useForPeer(incoming) { keeper throws(DriverError) in
      try keeper.use("timer", wanted)
      return ""
    } then: { [self] _ in
      peerAudio.isAttached = false
      server.publish(iopub: ["type": "audio_detached"])
      return Self.done(arguments, ["status": "detached"])
    }
  }

  func publishAttached() {
    guard let status = keeper?.status() else { return }
    server.publish(
      iopub: [
        "type": "audio_attached", "device_name": .string(status.device),
        "sample_rate": .integer(Int64(status.sampleRate)), "latency_frames": .integer(Int64(status.period)),
      ])
  }

  /// Changes the device on the loader's thread. A refusal leaves the one before.
  private func useForPeer(
    _ incoming: Incoming, _ use: @escaping @Sendable (ClockKeeper) throws(DriverError) -> String,
    then: @escaping (String) throws(Refusal) -> JSONValue
  ) throws(Refusal) -> Answer {
    guard let keeper else { throw Refusal.peer("the device was not changed: the daemon ends") }
    try checkRoom()
    try load(
      {
        .text(
          Result { () throws(Refusal) in
            do throws(DriverError) { return try use(keeper) } catch { throw Refusal(error) }
          })
      },
      then: { [self] loaded in
        guard case .text(let result) = loaded else { return }
        resume(incoming) { () throws(Refusal) in
          do throws(Refusal) {
            let reply = try then(try result.get())
            publishAudio("device_changed")
            _ = try commit("device_use", timeline)
            finish(incoming, reply)
          } catch { finish(incoming, error.peerContent) }
        }
      })
    return .later
  }
}
