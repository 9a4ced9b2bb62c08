import Arrangement
import ControlSocket
import FoundationEssentials
import HootWire
import MusicalTime
import RealtimeEngine
import Tools

// Taking back and making again: each client its own edits, the last first, with what jobs have made of them. An edit that
// takes one back is one like any other: it sounds at once, is kept, and outlives the daemon.
extension Conductor {
  func undo(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let client = clientName(incoming)
    return try retrace("undo", journal.history.undoable(by: client), client, arguments)
  }

  func redo(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let client = clientName(incoming)
    return try retrace("redo", journal.history.redoable(by: client), client, arguments)
  }

  private func retrace(
    _ tool: String, _ steps: [JournalRecord], _ client: String, _ arguments: Arguments
  ) throws(Refusal) -> Answer {
    let isUndo = tool == "undo"
    let wanted = arguments.integer(.times) ?? 1
    guard steps.count >= wanted else {
      throw Refusal(
        "nothing_to_\(tool)", .refused, "there is nothing to \(tool)",
        "\(steps.count) edits of \(client) can be \(isUndo ? "taken back" : "made again"), and \(wanted) were asked for",
        "garden session ls")
    }
    let taken = Array(steps.prefix(wanted))
    var edited = timeline
    for step in taken {
      do { try retrace(step, isUndo: isUndo, &edited) } catch { throw refusal(tool, step, error) }
    }
    journal.mark = UndoMark(
      client: client, undoes: isUndo ? taken.map(\.serial) : nil, redoes: isUndo ? nil : taken.map(\.serial))
    let command: JSONValue
    do { command = try putInPlace(tool, edited) } catch {
      journal.mark = UndoMark()
      throw error
    }
    noteEdits(tool, by: client)
    journal.mark = UndoMark()
    reconcileOutlived()
    let edits = JSONValue.array(
      taken.map { ["tool": .string($0.tool), "serial": JSONValue($0.serial)] })
    server.publishEvent(
      topic: "session", content: ["type": .string(tool), "client": .string(client), "edits": edits])
    return .reply(.ok(["command": command, "edits": edits]))
  }

  /// An edit of a region that a job fills is taken back with what the job has brought, and made again with it.
  private func retrace(_ step: JournalRecord, isUndo: Bool, _ edited: inout Timeline) throws {
    guard let change = step.change else { return }
    let parts = journal.history.consequences(of: step, isUndone: !isUndo)
    guard isUndo else {
      try change.apply(to: &edited)
      for part in parts { try part.applyAsPart(to: &edited) }
      return
    }
    for part in parts.reversed() { try part.inverted.applyAsPart(to: &edited) }
    try change.inverted.apply(to: &edited)
  }

  /// A whole other timeline, whatever differs: strips, routes, synths and material follow.
  private func putInPlace(_ tool: String, _ edited: Timeline) throws(Refusal) -> JSONValue {
    let old = timeline
    let changed = edited.tracks.filter { old.track(id: $0.id) != $0 }
    let gone = old.tracks.filter { edited.track(id: $0.id) == nil }
    let changedBuses = edited.buses.filter { old.bus(id: $0.id) != $0 }
    try checkRoom(for: 8 * (changed.count + gone.count + changedBuses.count) + 8)
    let command = try commit(tool, edited)
    for track in gone {
      mixes.auditioned[track.id] = nil
      banks.remove(track.id)
      sendUnannounced(.bank, track: track.slot, address: 0)
      leavePorts(of: track)
    }
    for track in changed {
      if old.track(id: track.id) == nil { sendUnannounced(.resetTrack, track: track.slot) }
      sendMixer(track)
    }
    for bus in changedBuses { sendStrip(bus) }
    if edited.masterGainDB != old.masterGainDB {
      sendUnannounced(.masterGain, value: Double(Float(decibels: edited.masterGainDB)))
    }
    if edited.routes != old.routes || edited.buses != old.buses || !gone.isEmpty { sendMix(edited) }
    if changed.contains(where: { $0.midiPort != old.track(id: $0.id)?.midiPort }) { sendRoutes() }
    bringMaterial(
      for: changed.filter { track in
        old.track(id: track.id).map { synthSettings($0) != synthSettings(track) } ?? true
      })
    return command
  }

  /// Loads what regions that are back play, and makes the synths that tracks need.
  private func bringMaterial(for changed: [Track]) {
    // What was missing when the session came is still missing.
    if material.count != timeline.clips.count {
      for clip in timeline.clips.values where material[clip.id] == nil { bring(clip) }
    }
    let midi = Set(timeline.regions.filter { timeline.clips[$0.clip]?.kind == .midi }.map(\.track))
    let stale = Set(changed.map(\.id))
    for track in timeline.tracks where midi.contains(track.id) && track.midiPort == nil {
      if banks.playing[track.id] == nil || stale.contains(track.id) { bringSynths(for: track) }
    }
  }

  private func bringSynths(for track: Track) {
    do throws(Refusal) {
      try makeSynths(for: track) { [self] result in
        do throws(Refusal) {
          let made = try result.get()
          guard let present = timeline.track(id: track.id), synthSettings(present) == made.wish else {
            return loader.dispose(made.bank)
          }
          try checkRoom(for: 1)
          install(made, on: present)
        } catch { warn("\(track.name) has no synths: \(error.lines.prefix(2).joined(separator: ": "))") }
      }
    } catch { warn("\(track.name) has no synths: \(error.lines.prefix(2).joined(separator: ": "))") }
  }

  /// Loads a clip that is on the timeline; its regions are silent until then, and if it cannot be had.
  private func bring(_ clip: Clip) {
    let (rate, resident, store) = (engine.sampleRate, settings.residentMegabytes * 1_000_000, store)
    let room = max(0, settings.clipMegabytes * 1_000_000 - material.values.reduce(0) { $0 + $1.bytes })
    do throws(Refusal) {
      try load(
        {
          .clip(
            Result { () throws(Refusal) in
              try ClipMaterial.load(
                clip.reference, from: store, sampleRate: rate, residentBytes: resident, limitBytes: room)
            })
        },
        then: { [self] loaded in
          guard case .clip(let result) = loaded, timeline.clips[clip.id] != nil else { return }
          do throws(Refusal) {
            var found = try result.get()
            try stream(found)
            found.clip.id = clip.id
            material[clip.id] = found
            streaming.plan = nil
            // What was compiled without it is silent there.
            compiler.invalidate()
            schedules.needsSending = true
          } catch { warn("\(clip.path) is silent: \(error.lines.prefix(2).joined(separator: ": "))") }
        })
    } catch { warn("\(clip.path) is silent: \(error.lines.prefix(2).joined(separator: ": "))") }
  }

  private func refusal(_ tool: String, _ step: JournalRecord, _ error: any Error) -> Refusal {
    let what = "\(step.tool) was not \(tool == "undo" ? "taken back" : "made again")"
    switch error {
    case let conflict as TimelineConflict:
      let last = journal.history.last(touching: conflict.object, after: step.serial)
      let who = last.map { " by \($0.client) (\($0.tool))" } ?? ""
      return Refusal(
        "conflict", .refused, what, "\(conflict.name): \(conflict.why)\(who)", "garden session ls")
    case let error as ArrangementError:
      return Refusal("conflict", .refused, what, error.lines[1], error.lines[2])
    case let error as TempoMapError: return Refusal("conflict", .refused, what, "\(error)", "garden tempo")
    default: return Refusal("internal", .internalError, what, "\(error)", "garden doctor")
    }
  }
}
