import ControlSocket
import HootWire
import MusicalTime
import RealtimeEngine

// Requests in hootenanny's words: each does what the same request of our own does, and is answered in the form that
// its peer reads.
extension Conductor {
  /// The answer to a peer's request; nil where it is none.
  func peerAnswer(_ body: RequestBody, _ incoming: Incoming) -> Answer? {
    let name = body.content["type"]?.string ?? ""
    guard let request = peerRequest(name, body) else {
      return body.form == .json ? nil : .reply(Self.notServed(name, body.form).peerContent)
    }
    do throws(Refusal) {
      return try route(request, PeerArguments(content: body.content, form: body.form), incoming)
    } catch { return error.passes ? .noRoom(error.peerContent) : .reply(error.peerContent) }
  }

  private func peerRequest(_ name: String, _ body: RequestBody) -> PeerRequest? {
    guard body.form == .json else { return PeerRequest.tool(name) }
    let request = PeerRequest.shell(name)
    // Ours is of the same name, and has a position.
    if request == .gardenSeek, body.content["beat"] == nil { return nil }
    return request
  }

  private static func notServed(_ name: String, _ form: RequestBody.Form) -> Refusal {
    let kind = form == .tool ? "ToolRequest" : "Payload type"
    return .peer("\(kind) not implemented in chaosgarden: \(said(name))", .notImplemented)
  }

  /// One line a request; the compiler sees to it that none is forgotten.
  private func route(
    _ request: PeerRequest, _ arguments: PeerArguments, _ incoming: Incoming
  ) throws(Refusal) -> Answer {
    switch request {
    case .gardenStatus: return .reply(peerStatus(arguments))
    case .gardenPlay: return try acknowledged(play(.init()))
    case .gardenPause: return try acknowledged(pause(.init()))
    case .gardenStop: return try acknowledged(stopRolling(.init()))
    case .gardenSeek: return try peerSeek(arguments)
    case .gardenSetTempo: return try peerSetTempo(arguments)
    case .gardenEmergencyPause:
      engine.emergencyPause()
      return .reply(Self.ack(arguments))
    case .gardenCreateRegion: return try peerCreateRegion(arguments, incoming)
    case .gardenDeleteRegion: return try peerDeleteRegion(arguments)
    case .gardenMoveRegion: return try peerMoveRegion(arguments)
    case .gardenGetRegions: return .reply(try peerRegions(arguments))
    case .gardenClearRegions: return try peerClearRegions(arguments)
    case .gardenAttachAudio: return try peerAttachAudio(arguments, incoming)
    case .gardenDetachAudio: return try peerDetachAudio(arguments, incoming)
    case .gardenAudioStatus: return .reply(peerAudioStatus(arguments))
    case .gardenAttachInput: return try peerAttachInput(arguments, incoming)
    case .gardenDetachInput: return try peerDetachInput(arguments, incoming)
    case .gardenInputStatus: return .reply(peerInputStatus(arguments))
    case .gardenSetMonitor: return .reply(try peerSetMonitor(arguments))
    case .gardenGetAudioSnapshot: return .reply(try peerSnapshot(arguments, incoming))
    case .audioListDevices: return try peerListDevices(arguments, incoming)
    case .midiListPorts, .midiInputAttach, .midiOutputAttach, .midiInputDetach, .midiOutputDetach, .midiSend,
      .midiStatus, .playMIDI, .stopMIDI:
      return try peerMIDI(request, arguments, incoming)
    case .raveStreamStart, .raveStreamStop, .raveStreamStatus: return .reply(try peerRAVE(request, arguments))
    case .streamStart, .streamSwitchChunk, .streamStop: return try peerStream(request, arguments, incoming)
    case .updateLatentStarted, .updateLatentProgress, .updateLatentResolved, .updateLatentFailed,
      .approveLatent, .rejectLatent:
      return .reply(try peerLatent(request, arguments))
    case .getPendingApprovals: return .reply(pendingApprovals())
    case .getSnapshot: return .reply(try peerSnapshot())
    case .getGraph:
      let graph = peerGraph()
      return .reply(["type": "graph_snapshot", "nodes": .array(graph.nodes), "edges": .array(graph.edges)])
    case .getIOState:
      let doors = peerDoors()
      return .reply(["type": "i_o_state", "outputs": doors.outputs, "inputs": [], "midi_devices": doors.midi])
    case .addNode, .removeNode, .connect, .disconnect, .registerParticipant, .updateParticipant:
      throw Refusal.peer(
        "Unhandled shell request: \(request.rawValue): tracks and buses are the nodes here, and are made and "
          + "routed with requests of their own", next: "garden help track add")
    }
  }

  // MARK: Replies

  /// "Done", in both forms.
  static func done(_ arguments: PeerArguments, _ result: JSONValue = nil, _ message: String = "ok")
    -> JSONValue
  {
    arguments.isJSON ? ["type": "ok", "result": result] : ["type": "ack", "message": .string(message)]
  }

  static func ack(_ arguments: PeerArguments) -> JSONValue { done(arguments) }

  /// For requests of our own that a peer only wants to see accepted.
  private func acknowledged(_ answer: Answer) throws(Refusal) -> Answer {
    .reply(["type": "ack", "message": "ok"])
  }

  // MARK: Transport

  /// The transport as it will be when what was accepted has landed: a peer that plays and asks must see it playing.
  private func peerStatus(_ arguments: PeerArguments) -> JSONValue {
    let now = anticipated
    let isCounting = transport.state == .countIn
    let isPlaying = now.isRolling || isCounting
    let isStopped = anticipatedHalt == .stopped
    let beat = JSONValue.number(max(0, now.exact) / Double(ticksPerBeat))
    let tempo = JSONValue.number(timeline.map.bpm(atTick: max(0, now.exact)))
    let count = JSONValue.integer(Int64(peerRegionCount))
    guard arguments.isJSON else {
      return [
        "type": "garden_status", "state": isPlaying ? "playing" : isStopped ? "stopped" : "paused",
        "position_beats": beat, "tempo_bpm": tempo, "region_count": count,
      ]
    }
    return [
      "type": "transport_state", "playing": .bool(isPlaying), "position": beat, "tempo": tempo,
      "region_count": count,
    ]
  }

  /// How it will stand when it does not roll.
  private var anticipatedHalt: TransportView.State {
    var state = transport.state
    for command in landing.transportCommands {
      switch command.effect {
      case .roll: state = .rolling
      case .count: state = .countIn
      case .pause, .panic: if state != .stopped { state = .paused }
      case .stop: state = .stopped
      case .locate, .none: break
      }
    }
    return state
  }

  private func peerSeek(_ arguments: PeerArguments) throws(Refusal) -> Answer {
    let tick = try arguments.tick("beat")
    let answer = try perform(
      Order(tool: "seek", kind: .locate, tick: Double(tick), jump: 0, effect: .locate), .now)
    guard case .reply = answer else { return answer }
    return .reply(Self.ack(arguments))
  }

  private func peerSetTempo(_ arguments: PeerArguments) throws(Refusal) -> Answer {
    let bpm = try arguments.number("bpm")
    var edited = timeline
    do { try edited.setTempo(bpm, underPlayhead: playhead) } catch { throw Refusal(error) }
    _ = try commit("tempo", edited)
    return .reply(Self.ack(arguments))
  }
}
