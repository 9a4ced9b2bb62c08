import Arrangement
import ControlSocket
import FoundationEssentials
import HootWire
import RealtimeEngine
import Tools

extension Conductor {
  func addTrack(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    var made: Track?
    _ = try edit { timeline throws(ArrangementError) in
      made = try timeline.addTrack(name: arguments.text(.name) ?? "")
    }
    guard var track = made else { return .later }
    shape(&track, arguments)
    track.soundfont = arguments.text(.soundfont)
    // Synths are made when the first MIDI region comes, unless a font was named: then its refusal belongs
    // here.
    guard track.soundfont != nil else {
      return .reply(.ok(["command": try commitNew(track), "track": trackJSON(track)]))
    }
    try makeBank(for: track, incoming) { [self] () throws(Refusal) in
      let command = try commitNew(track)
      finish(incoming, .ok(["command": command, "track": trackJSON(track)]))
    }
    return .later
  }

  private func commitNew(_ track: Track) throws(Refusal) -> JSONValue {
    let edited = try edit { timeline throws(ArrangementError) in
      let added = try timeline.addTrack(name: track.name)
      var full = track
      full.id = added.id
      full.slot = added.slot
      try timeline.updateTrack(full)
    }
    sendUnannounced(.resetTrack, track: track.slot)
    sendMixer(track)
    return try commit("track_add", edited)
  }

  private func sendMixer(_ track: Track) {
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
  }

  func setTrack(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let name = arguments.text(.track) ?? ""
    if name == "master" { return try setMaster(arguments) }
    let old = try track(name)
    var changed = old
    shape(&changed, arguments)
    if let newName = arguments.text(.name) { changed.name = newName }
    if let font = arguments.text(.soundfont) { changed.soundfont = font }
    let needsBank =
      changed.soundfont != old.soundfont
      || (changed.interpolation != old.interpolation && banks.playing[old.id] != nil)
    guard needsBank else {
      return .reply(.ok(["command": try commitChanged(changed), "track": trackJSON(changed)]))
    }
    let track = changed
    _ = try edit { timeline throws(ArrangementError) in try timeline.updateTrack(track) }
    try makeBank(for: track, incoming) { [self] () throws(Refusal) in
      let command = try commitChanged(track)
      finish(incoming, .ok(["command": command, "track": trackJSON(track)]))
    }
    return .later
  }

  private func commitChanged(_ track: Track) throws(Refusal) -> JSONValue {
    let edited = try edit { timeline throws(ArrangementError) in try timeline.updateTrack(track) }
    sendMixer(track)
    return try commit("track_set", edited)
  }

  private func setMaster(_ arguments: Arguments) throws(Refusal) -> Answer {
    for name in ParameterName.allCases where ![.track, .gain].contains(name) && arguments.has(name) {
      throw Refusal(
        "wrong_track", .usage, "the master has no \(name.flag)", "it takes --gain only",
        "garden track set master --gain -3dB")
    }
    guard let gain = arguments.number(.gain) else {
      throw Refusal(
        "missing", .usage, "nothing to set", "the master takes --gain", "garden track set master --gain -3dB")
    }
    var edited = timeline
    edited.setMasterGain(gain)
    timeline = edited
    let command = try send("track_set", .masterGain, value: Double(Float(decibels: gain)))
    return .reply(.ok(["command": command, "track": ["name": "master", "gain_db": .number(gain)]]))
  }

  func removeTrack(_ arguments: Arguments) throws(Refusal) -> Answer {
    let track = try track(arguments.text(.track) ?? "")
    let edited = try edit { timeline throws(ArrangementError) in timeline.removeTrack(track.id) }
    let command = try commit("track_rm", edited)
    // The regions end with the schedule; the strip is set back when a new track takes it.
    sendSchedule()
    banks.remove(track.id)
    sendUnannounced(.bank, track: track.slot, address: 0)
    return .reply(.ok(["command": command]))
  }

  // MARK: Synths

  func synthSettings(_ track: Track) throws(Refusal) -> SynthSettings {
    SynthSettings(
      soundfont: track.soundfont ?? defaultFont, sampleRate: engine.sampleRate, effects: settings.effects,
      interpolation: SynthSettings.Interpolation(track.interpolation))
  }

  /// Makes a track's synths on the loader and sends them; `then` runs when they are on their way.
  func makeBank(
    for track: Track, _ incoming: Incoming, then: @escaping () throws(Refusal) -> Void
  ) throws(Refusal) {
    let wish = try synthSettings(track)
    try load(
      {
        .bank(
          Result { () throws(Refusal) in
            var resolved = wish
            resolved.soundfont = try FontLibrary.resolve(wish.soundfont)
            return try SynthBankContent.load(resolved)
          })
      },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .bank(let result) = loaded else { return }
          let bank = try result.get()
          try checkRoom()
          banks.install(bank, on: track.id)
          sendUnannounced(.bank, track: track.slot, address: bank.address)
          try then()
        }
      })
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
    return [
      "name": .string(track.name), "id": .string(track.id.uuidString.lowercased()),
      "gain_db": .number(track.gainDB), "pan": .number(track.pan), "mute": .bool(track.isMuted),
      "solo": .bool(track.isSoloed), "soundfont": .string(FontLibrary.name(of: font)),
      "polyphony": .integer(Int64(track.polyphony)), "interpolation": .string(track.interpolation.rawValue),
      "regions": .integer(Int64(timeline.regions.values.filter { $0.track == track.id }.count)),
      "voices": .integer(Int64(meters.voices[track.slot])), "peak_db": .number(level.peakDB),
      "rms_db": .number(level.rmsDB),
    ]
  }

  func meters() -> JSONValue {
    let report = engine.meters.read()
    let tracks = timeline.tracks.map { track -> JSONValue in
      let level = report.tracks[track.slot]
      return ["name": .string(track.name), "peak_db": .number(level.peakDB), "rms_db": .number(level.rmsDB)]
    }
    return [
      "tracks": .array(tracks),
      "master": ["peak_db": .number(report.master.peakDB), "rms_db": .number(report.master.rmsDB)],
    ]
  }
}

extension MeterValue {
  var peakDB: Double { Double(max(peakLeft, peakRight)).decibels.hundredths }
  var rmsDB: Double { Double((squareLeft + squareRight) / 2).squareRoot().decibels.hundredths }
}

extension SynthSettings.Interpolation {
  init(_ method: Track.Interpolation) {
    switch method {
    case .none: self = .none
    case .linear: self = .linear
    case .cubic: self = .cubic
    case .seventh: self = .seventh
    }
  }
}
