import Arrangement
import ControlSocket
import FoundationEssentials
import HootWire
import RealtimeEngine
import Tools

extension Conductor {
  func addTrack(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let (_, track) = try newTrack(arguments)
    // Synths are made when the first MIDI region comes, unless a font was named: then its refusal belongs
    // here.
    guard track.soundfont != nil else { return .reply(try addTrack(arguments, with: nil)) }
    try makeSynths(for: track, incoming) { [self] made throws(Refusal) in
      finish(incoming, try addTrack(arguments, with: made))
    }
    return .later
  }

  /// The timeline with the track that the arguments describe.
  private func newTrack(_ arguments: Arguments) throws(Refusal) -> (Timeline, Track) {
    var made: Track?
    let edited = try edit { timeline throws(ArrangementError) in
      var track = try timeline.addTrack(name: arguments.text(.name) ?? "")
      shape(&track, arguments)
      try timeline.updateTrack(track)
      made = track
    }
    guard let made else {
      throw Refusal("internal", .internalError, "no track was made", "", "garden doctor")
    }
    return (edited, made)
  }

  private func addTrack(_ arguments: Arguments, with synths: MadeSynths?) throws(Refusal) -> JSONValue {
    let (edited, track) = try newTrack(arguments)
    try checkRoom(for: Self.commandsOfTrack)
    sendUnannounced(.resetTrack, track: track.slot)
    if let synths { install(synths, on: track) }
    sendMixer(track)
    return .ok(["command": try commit("track_add", edited), "track": trackJSON(track)])
  }

  /// What a change of a track sends at most: its strip, its synths and its schedule.
  private static let commandsOfTrack = 8

  func sendMixer(_ track: Track) {
    sendUnannounced(.trackGain, track: track.slot, value: Double(Float(decibels: track.gainDB)))
    sendUnannounced(.trackPan, track: track.slot, value: track.pan)
    sendUnannounced(.trackMute, track: track.slot, value: track.isMuted ? 1 : 0)
    sendUnannounced(.trackSolo, track: track.slot, value: track.isSoloed ? 1 : 0)
    sendUnannounced(.trackPolyphony, track: track.slot, value: Double(track.polyphony))
  }

  private func shape(_ track: inout Track, _ arguments: Arguments) {
    if let gain = arguments.number(.gain) { track.gainDB = gain }
    if let pan = arguments.number(.pan) { track.pan = pan }
    if let mute = arguments.bool(.mute) { track.isMuted = mute }
    if let solo = arguments.bool(.solo) { track.isSoloed = solo }
    if let voices = arguments.integer(.polyphony) { track.polyphony = voices }
    if let method = arguments.choice(.interpolation, as: Track.Interpolation.self) {
      track.interpolation = method
    }
    if let timing = arguments.choice(.timing, as: Track.Timing.self) { track.timing = timing }
    if let font = arguments.text(.soundfont) { track.soundfont = font }
  }

  func setTrack(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let name = arguments.text(.track) ?? ""
    if name == "master" { return try setMaster(arguments) }
    if name == "cue" { return try setCue(arguments) }
    let wish = TrackChange(
      tool: "track_set",
      apply: { [self] track in
        shape(&track, arguments)
        if let newName = arguments.text(.name) { track.name = newName }
      },
      route: { timeline, track throws(ArrangementError) in
        try Self.setOutput(of: .track(track), arguments, in: &timeline)
      }, result: { [self] command, track in ["command": command, "track": trackJSON(track)] })
    return try change(try track(name).id, wish, incoming)
  }

  /// A change of a track that may have to wait for synths.
  struct TrackChange {
    let tool: String
    let apply: (inout Track) -> Void
    /// Whether synths are made even when the track has such synths.
    var alwaysMakesSynths = false
    /// What it changes of where the track goes.
    var route: (inout Timeline, Track) throws(ArrangementError) -> Void = { _, _ in }
    let result: (_ command: JSONValue, Track) -> JSONValue
  }

  /// Changes a track. Where that takes other synths, they are made first, and the change is then made to the track as
  /// it is by that time: others may have changed it too.
  func change(
    _ id: UUID, _ wish: TrackChange, with synths: MadeSynths? = nil, _ incoming: Incoming
  ) throws(Refusal) -> Answer {
    guard let old = timeline.track(id: id) else { throw Self.trackGone }
    var track = old
    wish.apply(&track)
    let changed = track
    let edited = try edit { timeline throws(ArrangementError) in
      try timeline.updateTrack(changed)
      try wish.route(&timeline, changed)
    }
    let needsSynths =
      synths != nil || wish.alwaysMakesSynths || changed.soundfont != old.soundfont
      || ((changed.interpolation != old.interpolation || changed.timing != old.timing)
        && banks.playing[id] != nil)
    if needsSynths, synths?.wish != synthSettings(changed) {
      try makeSynths(for: changed, incoming) { [self] made throws(Refusal) in
        if case .reply(let content) = try change(id, wish, with: made, incoming) { finish(incoming, content) }
      }
      return .later
    }
    try checkRoom(for: Self.commandsOfTrack)
    if let synths { install(synths, on: changed) }
    sendMixer(changed)
    if edited.routes != timeline.routes { sendMix(edited) }
    return .reply(.ok(wish.result(try commit(wish.tool, edited), changed)))
  }

  static let trackGone = Refusal(
    "unknown_track", .refused, "the track is gone", "it was removed in the meantime", "garden track ls")

  /// Of the strips that have a gain and nothing else.
  func onlyGain(_ arguments: Arguments, of strip: String) throws(Refusal) -> Double {
    for name in ParameterName.allCases where ![.track, .gain].contains(name) && arguments.has(name) {
      throw Refusal(
        "wrong_track", .usage, "the \(strip) has no \(name.flag)", "it takes --gain only",
        "garden track set \(strip) --gain -3dB")
    }
    guard let gain = arguments.number(.gain) else {
      throw Refusal(
        "missing", .usage, "nothing to set", "the \(strip) takes --gain",
        "garden track set \(strip) --gain -3dB")
    }
    return gain
  }

  private func setMaster(_ arguments: Arguments) throws(Refusal) -> Answer {
    let gain = try onlyGain(arguments, of: "master")
    let command = try send("track_set", .masterGain, value: Double(Float(decibels: gain)))
    timeline.setMasterGain(gain)
    return .reply(.ok(["command": command, "track": ["name": "master", "gain_db": .number(gain)]]))
  }

  func removeTrack(_ arguments: Arguments) throws(Refusal) -> Answer {
    let track = try track(arguments.text(.track) ?? "")
    let edited = try edit { timeline throws(ArrangementError) in timeline.removeTrack(track.id) }
    try checkRoom(for: Self.commandsOfTrack)
    let isRouted = timeline.routes[track.id] != nil || mixes.auditioned[track.id] != nil
    let command = try commit("track_rm", edited)
    mixes.auditioned[track.id] = nil
    if isRouted { sendMix(edited) }
    // The regions end with the schedule; the strip is set back when a new track takes it.
    sendSchedule()
    banks.remove(track.id)
    sendUnannounced(.bank, track: track.slot, address: 0)
    leavePorts(of: track)
    return .reply(.ok(["command": command]))
  }

  // MARK: Lists

  func tracks() -> JSONValue {
    let meters = engine.meters.read()
    return ["tracks": .array(timeline.tracks.map { trackJSON($0, meters: meters) })]
  }

  func trackJSON(_ track: Track) -> JSONValue { trackJSON(track, meters: engine.meters.read()) }

  private func trackJSON(_ track: Track, meters: MeterReport) -> JSONValue {
    let level = meters.tracks[track.slot]
    let font = banks.playing[track.id]?.settings.soundfont ?? track.soundfont ?? defaultFont
    let fields: JSONValue = [
      "name": .string(track.name), "id": .string(track.id.uuidString.lowercased()),
      "gain_db": .number(track.gainDB), "pan": .number(track.pan), "mute": .bool(track.isMuted),
      "solo": .bool(track.isSoloed), "soundfont": .string(FontLibrary.name(of: font)),
      "polyphony": .integer(Int64(track.polyphony)), "interpolation": .string(track.interpolation.rawValue),
      "timing": .string(track.timing?.rawValue ?? settings.timing), "midi_port": JSONValue(track.midiPort),
      "regions": .integer(Int64(timeline.regions.count(onTrack: track.id))),
      "voices": .integer(Int64(meters.voices[track.slot])), "peak_db": .number(level.peakDB),
      "rms_db": .number(level.rmsDB),
    ]
    return JSONValue((fields.object?.members ?? []).map { ($0.key, $0.value) } + routeFields(track.id))
  }

  func meters() -> JSONValue {
    let report = engine.meters.read()
    let tracks = timeline.tracks.map { track -> JSONValue in
      let level = report.tracks[track.slot]
      return ["name": .string(track.name), "peak_db": .number(level.peakDB), "rms_db": .number(level.rmsDB)]
    }
    let buses = timeline.buses.map { bus -> JSONValue in
      let level = report.buses[bus.slot]
      return ["name": .string(bus.name), "peak_db": .number(level.peakDB), "rms_db": .number(level.rmsDB)]
    }
    return [
      "tracks": .array(tracks), "buses": .array(buses), "loudness": loudnessJSON(),
      "cue": ["peak_db": .number(report.cue.peakDB), "rms_db": .number(report.cue.rmsDB)],
      "master": ["peak_db": .number(report.master.peakDB), "rms_db": .number(report.master.rmsDB)],
    ]
  }
}

extension MeterValue {
  var peakDB: Double { Double(max(peakLeft, peakRight)).decibels.hundredths }
  var rmsDB: Double { Double((squareLeft + squareRight) / 2).squareRoot().decibels.hundredths }
}
