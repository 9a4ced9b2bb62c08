import Arrangement
import AudioDrivers
import ControlSocket
import FoundationEssentials
import HootWire
import MIDI
import MusicalTime
import RealtimeEngine
import Tools

extension Conductor {
  /// Tells the renderer which tracks lead to ports. There are as many commands as tracks at most.
  func sendRoutes() {
    for track in timeline.tracks {
      let port = track.midiPort.flatMap { name in
        ports.attached.first { !$0.isInput && $0.name == name }?.attachment.slot
      }
      sendUnannounced(.midiRoute, track: track.slot, value: Double(port ?? -1))
    }
  }

  /// The port is detached: its tracks play their synths again.
  func forgetRoutes(to name: String) {
    var edited = timeline
    for var track in timeline.tracks where track.midiPort == name {
      track.midiPort = nil
      // The track is there, and all else of it is as it was.
      try? edited.updateTrack(track)
    }
    timeline = edited
  }

  /// A track goes: what plays it and where it leads.
  func leavePorts(of track: Track) {
    sendUnannounced(.midiRoute, track: track.slot, value: -1)
    for index in ports.attached.indices where ports.attached[index].track == track.id {
      ports.attached[index].track = nil
      sendInput(ports.attached[index])
    }
    if ports.recording?.track == track.id { ports.recording = nil }
  }

  /// Another session is there: inputs play the tracks of the same names, and tracks lead where the session says.
  func enterPorts() {
    let ids = Set(timeline.tracks.map(\.id))
    ports.recording = nil
    for index in ports.attached.indices where ports.attached[index].isInput {
      if let track = ports.attached[index].track, !ids.contains(track) { ports.attached[index].track = nil }
      sendInput(ports.attached[index])
    }
    sendRoutes()
    let wanted = Set(timeline.tracks.compactMap(\.midiPort))
    for name in wanted.sorted() where !ports.attached.contains(where: { !$0.isInput && $0.name == name }) {
      warn("the MIDI port \(name) is not attached: its tracks are silent until it is")
    }
  }

  func routeTrack(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let track = try track(arguments.text(.track) ?? "")
    guard arguments.isSet(.off) || arguments.has(.to) || arguments.has(.from) else {
      throw Refusal(
        "missing", .usage, "nothing to route", "--to, --from or off is needed",
        "garden midi route \(track.name) --to NAME")
    }
    let output = try arguments.text(.to).map { pattern throws(Refusal) in try attached(.output, pattern) }
    let input = try arguments.text(.from).map { pattern throws(Refusal) in try attached(.input, pattern) }
    if arguments.isSet(.off) {
      for index in ports.attached.indices where ports.attached[index].track == track.id {
        ports.attached[index].track = nil
        sendInput(ports.attached[index])
      }
      return try lead(track.id, to: nil, incoming)
    }
    guard let input else { return try lead(track.id, to: output?.name, incoming) }
    let wanted = output?.name ?? track.midiPort
    var target = track
    target.midiPort = wanted
    try lead(input.attachment, to: target, channel: arguments.integer(.channel), incoming) {
      [self] () throws(Refusal) in
      if case .reply(let content) = try lead(track.id, to: wanted, incoming) { finish(incoming, content) }
    }
    return .later
  }

  func attached(
    _ direction: MIDIPort.Direction, _ pattern: String?
  ) throws(Refusal) -> PortsSide.AttachedPort {
    guard let port = ports.first(direction, pattern) else {
      throw Refusal(
        "no_port", .refused, pattern.map { "Port not found: \($0)" } ?? "there is no MIDI \(direction.word)",
        pattern == nil ? "none is attached" : "no attached \(direction.word)'s name contains it",
        "garden midi attach \(direction.rawValue) \(pattern ?? "NAME")")
    }
    return port
  }

  /// Leads a track's notes to a port by its full name, or to its synths, which are made first if it has none and needs
  /// them.
  private func lead(_ id: UUID, to name: String?, _ incoming: Incoming) throws(Refusal) -> Answer {
    guard let track = timeline.track(id: id) else { throw Self.trackGone }
    let wish = TrackChange(
      tool: "midi_route", apply: { $0.midiPort = name },
      alwaysMakesSynths: name == nil && banks.playing[id] == nil && hasMIDIRegions(track),
      result: { [self] command, track in
        sendRoutes()
        return ["command": command, "track": trackJSON(track)]
      })
    return try change(id, wish, incoming)
  }

  private func hasMIDIRegions(_ track: Track) -> Bool {
    timeline.regions.contains { $0.track == track.id && timeline.clips[$0.clip]?.kind == .midi }
  }

  // MARK: Files to ports

  func playMIDI(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let port = try attached(.output, arguments.text(.port))
    var values: [(String, ToolValue)] = [("file", .text(arguments.text(.file) ?? ""))]
    if let at = arguments.text(.at) { values.append(("at", .text(at))) }
    let checked: Arguments
    do { checked = try Catalogue.tool(.regionAdd).validate(values) } catch { throw Refusal(error) }
    return try addRegion(checked, incoming, on: PortPlay(port: port.name))
  }

  /// The timeline with the track that leads to a port; made when there is none.
  func timelineWithTrack(leadingTo port: String, for clip: Clip) throws(Refusal) -> (Timeline, Track) {
    guard clip.kind == .midi else {
      throw Refusal(
        "wrong_kind", .badData, "Failed to parse MIDI file: \(clip.fileName)", "it is audio",
        "garden region add \(clip.fileName)")
    }
    if let track = timeline.tracks.first(where: { $0.midiPort == port }) { return (timeline, track) }
    var edited = timeline
    do {
      var track = try edited.addTrack(name: timeline.freeTrackName(like: port))
      track.midiPort = port
      try edited.updateTrack(track)
      return (edited, track)
    } catch { throw Refusal(error) }
  }

  func portFields(_ region: Region, _ clip: ClipMaterial, _ port: String) -> [(String, JSONValue)] {
    var count = 0
    if case .midi(let content) = clip.content { count = content.count }
    return [
      ("duration_beats", .number(Double(region.length) / Double(ticksPerBeat))),
      ("event_count", .integer(Int64(count))), ("port", .string(port)),
    ]
  }

  func stopMIDI(_ arguments: Arguments) throws(Refusal) -> Answer {
    let region = try region(arguments)
    let edited = try edit { timeline throws(ArrangementError) in timeline.removeRegions([region.id]) }
    return .reply(.ok(["command": try commit("midi_stop", edited), "removed": 1]))
  }
}
