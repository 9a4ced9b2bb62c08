import Arrangement
import AudioDrivers
import ControlSocket
import FoundationEssentials
import Glibc
import HootWire
import RealtimeEngine
import Tools

extension Conductor {
  func startPorts() throws(Refusal) {
    guard let keeper else { return }
    do {
      let patchbay = try MIDIPatchbay(keeper, engine.midi, list: settings.midiPorts)
      try patchbay.start()
      ports.patchbay = patchbay
    } catch { throw Refusal("no_thread", .tryLater, error.lines[0], error.lines[1], error.lines[2]) }
  }

  func stopPorts() {
    // What plays halts first, so that nothing is started after all has been let go.
    engine.emergencyPause()
    for _ in 0..<ControlLimits.haltMilliseconds where engine.report.read().rolling { usleep(1000) }
    ports.patchbay?.stop()
    ports.patchbay = nil
  }

  var portDescriptors: [Int32] { ports.patchbay.map { [$0.descriptor] } ?? [] }

  // MARK: Attaching

  func attachPort(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let direction = arguments.choice(.direction, as: MIDIPort.Direction.self) ?? .input
    let pattern = arguments.text(.pattern) ?? ""
    try checkInputOnly(arguments, direction)
    let track: Track? = if let name = arguments.text(.track) { try self.track(name) } else { nil }
    try attach(direction, pattern) { [self] result in
      resume(incoming) { () throws(Refusal) in
        let attachment = try result.get()
        try finishAttaching(attachment, to: track, channel: arguments.integer(.channel), incoming)
      }
    }
    return .later
  }

  /// Attaches the first port that matches, on the loader's thread. Attached it is, whether somebody still waits for the
  /// reply or not.
  func attach(
    _ direction: MIDIPort.Direction, _ pattern: String,
    then: @escaping (Result<MIDIPatchbay.Attachment, Refusal>) -> Void
  ) throws(Refusal) {
    guard let patchbay = ports.patchbay else { throw Self.endsNow }
    try load(
      {
        .port(
          Result { () throws(Refusal) in
            do throws(MIDIPatchbay.PortError) { return try patchbay.attach(direction, pattern) } catch {
              throw Self.refusal(error, direction)
            }
          })
      },
      then: { [self] loaded in
        guard case .port(let result) = loaded else { return }
        if case .success(let attachment) = result { opened(attachment) }
        then(result)
      })
  }

  private func checkInputOnly(_ arguments: Arguments, _ direction: MIDIPort.Direction) throws(Refusal) {
    guard direction == .output, let wrong = [ParameterName.track, .channel].first(where: arguments.has)
    else { return }
    throw Refusal(
      "wrong_direction", .usage, "\(wrong.flag) is for inputs", "an output takes what tracks lead to it",
      "garden midi route TRACK --to NAME")
  }

  /// Sees to it that the renderer knows the port.
  private func opened(_ attachment: MIDIPatchbay.Attachment) {
    var port = PortsSide.AttachedPort(attachment: attachment)
    if attachment.port.direction == .output {
      port.messages = ports.patchbay?.sent(attachment) ?? 0
      let sender: UInt = attachment.port.kind == .jack ? 1 : 2
      sendUnannounced(.midiOutput, value: Double(attachment.slot), address: sender)
    }
    ports.attached.append(port)
    publishPort(attachment, isConnected: true)
    sendRoutes()
  }

  private func finishAttaching(
    _ attachment: MIDIPatchbay.Attachment, to track: Track?, channel: Int?, _ incoming: Incoming
  ) throws(Refusal) {
    guard let track else { return finish(incoming, .ok(["port": portJSON(attachment)])) }
    try lead(attachment, to: track, channel: channel, incoming) { [self] in
      finish(incoming, .ok(["port": portJSON(attachment)]))
    }
  }

  /// Has an input play a track, whose synths are made first if it has none.
  func lead(
    _ attachment: MIDIPatchbay.Attachment, to track: Track, channel: Int?, _ incoming: Incoming,
    then: @escaping () throws(Refusal) -> Void
  ) throws(Refusal) {
    if track.midiPort == nil, banks.playing[track.id] == nil {
      return try makeSynths(for: track, incoming) { [self] made throws(Refusal) in
        guard let track = timeline.track(id: track.id) else { throw Self.trackGone }
        try checkRoom(for: 2)
        if banks.playing[track.id] == nil { install(made, on: track) }
        try lead(attachment, to: track, channel: channel, incoming, then: then)
      }
    }
    guard let index = ports.index(.input, slot: attachment.slot) else { return try then() }
    try checkRoom(for: 2)
    ports.attached[index].track = track.id
    ports.attached[index].channel = channel
    sendInput(ports.attached[index])
    try then()
  }

  /// Tells the renderer where an input plays, afresh.
  func sendInput(_ port: PortsSide.AttachedPort, isFresh: Bool = false) {
    let slot = port.track.flatMap { timeline.track(id: $0)?.slot } ?? -1
    let channel = UInt(port.channel ?? 0)
    sendUnannounced(
      .midiInput, track: slot, value: Double(port.attachment.slot), address: channel | (isFresh ? 256 : 0))
  }

  // MARK: Detaching

  func detachPort(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let direction = arguments.choice(.direction, as: MIDIPort.Direction.self) ?? .input
    let pattern = arguments.text(.pattern)
    let described = ports.first(direction, pattern).map { portJSON($0.attachment) } ?? nil
    try detach(direction, pattern) { [self] in
      resume(incoming) { finish(incoming, .ok(["port": described])) }
    }
    return .later
  }

  /// Lets go of the first attached port that matches. The renderer lets go of what it holds first; then what was sent
  /// directly is let go, and the link is cut.
  func detach(
    _ direction: MIDIPort.Direction, _ pattern: String?, then: @escaping () -> Void
  ) throws(Refusal) {
    guard let patchbay = ports.patchbay else { throw Self.endsNow }
    journal.missingPorts.removeAll {
      $0.isInput == (direction == .input) && (pattern.map($0.name.contains) ?? true)
    }
    guard let port = ports.first(direction, pattern),
      let index = ports.index(direction, slot: port.attachment.slot)
    else {
      let names = ports.attached.filter { $0.attachment.port.direction == direction }.map(\.name)
      throw Refusal(
        "no_port", .refused,
        "No MIDI \(direction.word) matching '\(pattern ?? "")' to detach",
        names.isEmpty ? "none is attached" : "attached: " + names.joined(separator: ", "),
        "garden midi status")
    }
    let attachment = port.attachment
    let slot = Double(attachment.slot)
    let command =
      direction == .input
      ? try send("midi_detach", .midiInput, value: slot, address: 256)
      : try send("midi_detach", .midiOutput, value: slot)
    ports.attached.remove(at: index)
    if ports.follower?.slot == attachment.slot, direction == .input { ports.follower = nil }
    if direction == .output { forgetRoutes(to: port.name) }
    whenLanded(command) { [self] in
      let order: @Sendable () -> Loaded = {
        patchbay.detach(attachment)
        return .done(.success(()))
      }
      do throws(Refusal) {
        try load(
          order,
          then: { [self] _ in
            publishPort(attachment, isConnected: false)
            then()
          })
      } catch {
        // More is being loaded than may wait: then this waits for the ports itself.
        patchbay.detach(attachment)
        then()
      }
    }
  }

  func whenLanded(_ command: JSONValue, _ work: @escaping () -> Void) {
    if let id = command["id"]?.unsignedInt { ports.onLanding[id] = work }
  }

  // MARK: Words

  static var endsNow: Refusal {
    Refusal("stopping", .tryLater, "MIDI ports are not to be had", "the daemon ends", "garden up")
  }

  static func refusal(_ error: MIDIPatchbay.PortError, _ direction: MIDIPort.Direction) -> Refusal {
    let failed = "Failed to attach MIDI \(direction.word): "
    return switch error {
    case .notFound(let pattern):
      Refusal(
        "no_port", .refused, failed + "Port not found: \(pattern)", "no port's name contains it",
        "garden midi ls")
    case .alreadyConnected(let name):
      Refusal(
        "port_taken", .refused, failed + "Port already connected: \(name)", "it is attached",
        "garden midi status")
    case .refused(let name):
      Refusal(
        "port_refused", .unreachable, failed + "Port refused: \(name)", "its system did not connect it",
        "garden midi ls")
    case .full:
      Refusal(
        "full", .refused, failed + "too many ports",
        "\(EngineLimits.midiPorts) are attached, and no more may be",
        "garden midi detach \(direction.rawValue) NAME")
    }
  }
}

extension MIDIPort.Direction {
  /// As the wire says it.
  var word: String { self == .input ? "input" : "output" }
}
