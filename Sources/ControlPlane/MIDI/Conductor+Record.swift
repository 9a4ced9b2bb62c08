import Arrangement
import ControlSocket
import FoundationEssentials
import Glibc
import HootWire
import MIDI
import MusicalTime
import Tools

extension Conductor {
  func record(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    guard arguments.isSet(.off) else {
      let track = try track(arguments.text(.track) ?? "")
      guard ports.attached.contains(where: { $0.track == track.id }) else {
        throw Refusal(
          "no_input", .refused, "nothing can be recorded on \(track.name)", "no attached input plays it",
          "garden midi route \(track.name) --from NAME")
      }
      guard ports.recording == nil else {
        throw Refusal(
          "recording", .refused, "nothing more can be recorded now", "a recording is under way",
          "garden midi record off")
      }
      ports.recording = PortsSide.Recording(track: track.id)
      if transport.state == .rolling { ports.recording?.take.pass(playhead) }
      return .reply(.ok(["recording": recordingJSON(), "region": nil]))
    }
    guard let recording = ports.recording else {
      throw Refusal(
        "not_recording", .refused, "no recording is under way", "none was begun", "garden midi record TRACK")
    }
    ports.recording = nil
    try place(recording) { [self] result in
      resume(incoming) { () throws(Refusal) in
        finish(incoming, .ok(["recording": nil, "region": try result.get()]))
      }
    }
    return .later
  }

  /// A recording begins where the playhead starts to roll, and a halt ends it.
  func transportMoved(while effect: TransportView.Effect, at tick: Double) {
    if effect == .roll, tick.isFinite { ports.recording?.take.pass(Int64(tick.rounded())) }
    guard effect == .pause || effect == .stop || effect == .panic, let recording = ports.recording,
      recording.take.start != nil
    else { return }
    ports.recording = nil
    do throws(Refusal) {
      try place(recording) { result in
        if case .failure(let refusal) = result {
          self.warn("a recording is lost: \(refusal.lines.joined(separator: "; "))")
        }
      }
    } catch { warn("a recording is lost: \(error.lines.joined(separator: "; "))") }
  }

  /// Writes what was played into a file and puts a region of it where it was heard. `then` gets the region, or null
  /// when nothing was played.
  private func place(
    _ recording: PortsSide.Recording, then: @escaping (Result<JSONValue, Refusal>) -> Void
  ) throws(Refusal) {
    var take = recording.take
    guard let track = timeline.track(id: recording.track), let start = take.start, let played = take.finish()
    else { return then(.success(nil)) }
    let rate = engine.sampleRate
    let store = store
    let name = FileName.safe(track.name)
    try load(
      {
        .clip(
          Result { () throws(Refusal) in
            let path = try Recordings.write(played, name: name)
            return try ClipMaterial.load(
              path, from: store, sampleRate: rate, residentBytes: 0, limitBytes: 0)
          })
      },
      then: { [self] loaded in
        guard case .clip(let result) = loaded else { return }
        then(Result { () throws(Refusal) in try place(try result.get(), at: start, on: track.id) })
      })
  }

  private func place(_ clip: ClipMaterial, at start: Tick, on track: UUID) throws(Refusal) -> JSONValue {
    guard timeline.track(id: track) != nil else { throw Self.trackGone }
    var region: Region?
    let edited = try edit { timeline throws(ArrangementError) in
      region = try timeline.addRegion(
        clip: clip.clip, track: track, at: start, name: timeline.freeRegionName(for: clip.clip), length: 0,
        shape: { _ in })
    }
    try checkRoom()
    material[clip.clip.id] = clip
    materialOfPath[clip.clip.path] = clip.clip.id
    let command = try commit("midi_record", edited)
    guard let region else { return nil }
    let json = regionJSON(region, in: edited)
    server.publishEvent(
      topic: "midi", content: ["type": "recorded", "command": command["id"] ?? nil, "region": json])
    return json
  }
}

/// Where recordings are kept. Loader thread.
enum Recordings {
  static func write(_ played: MIDISequence, name: String) throws(Refusal) -> String {
    guard let folder = BindingsFile.usual?.folder else {
      throw Refusal(
        "cannotWrite", .cannotWrite, "the recording could not be written",
        "neither XDG_STATE_HOME nor HOME is set",
        "garden doctor")
    }
    // A number that no recording of this name has yet.
    var number = 1
    func path() -> String { "\(folder)/recordings/\(name)-\(number).mid" }
    while access(path(), F_OK) == 0 { number += 1 }
    try WholeFile.write(SMFWriter.write(played), to: path(), what: "the recording")
    return path()
  }
}
