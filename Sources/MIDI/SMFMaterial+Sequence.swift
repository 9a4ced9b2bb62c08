extension SMFMaterial {
  /// Pairs the notes and puts all in order. Patterns are paired each for itself, so that a note left sounding
  /// in one ends with it.
  func sequence() -> MIDISequence {
    var pairing = NotePairing()
    if playsTracksInTurn {
      var first = 0
      for track in trackEnds {
        for event in events[first..<track.eventCount] { pairing.admit(event) }
        pairing.endAll(at: track.tick)
        first = track.eventCount
      }
    } else {
      // The sort is stable: within a tick, tracks in their order and each in the order of its bytes.
      let merged = tracks.count > 1 ? events.sorted { $0.tick < $1.tick } : events
      for event in merged { pairing.admit(event) }
      pairing.endAll(at: endTick)
    }
    return sequence(of: pairing)
  }

  private var endTick: Int64 { trackEnds.reduce(0) { max($0, $1.tick) } }

  private func sequence(of pairing: NotePairing) -> MIDISequence {
    let fixedTempo = MIDITempo(
      tick: 0, microsecondsPerQuarter: MIDILimits.defaultMicrosecondsPerQuarter)
    return MIDISequence(
      events: pairing.events, lengthTicks: max(endTick, pairing.latestTick),
      tempos: keepsTempo ? tempos : [fixedTempo], signatures: signatures, markers: markers,
      tracks: tracks, format: header.format, division: header.division, skippedSysEx: skippedSysEx,
      strayNoteOffs: pairing.strayNoteOffs, hangingNotes: pairing.hangingNotes, warnings: warnings.kept,
      omittedWarnings: warnings.omitted)
  }
}
