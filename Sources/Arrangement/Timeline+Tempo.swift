import MIDI
import MusicalTime

extension Timeline {
  /// Changes the tempo from a place on, at once or over `ramp` ticks.
  package mutating func setTempo(_ bpm: Double, at tick: Tick, ramp: Tick) throws(TempoMapError) {
    let changes =
      map.changes.filter { $0.tick != tick } + [TempoChange(tick: tick, bpm: bpm, rampTicks: ramp)]
    map = try TempoMap(sampleRate: map.sampleRate, changes: changes, signatures: map.signatures)
  }

  /// Changes the stretch of the map that the playhead is in. Inside a ramp the new tempo holds from the
  /// playhead on.
  package mutating func setTempo(_ bpm: Double, underPlayhead playhead: Tick) throws(TempoMapError) {
    let index = map.changes.lastIndex { $0.tick <= playhead } ?? 0
    let change = map.changes[index]
    guard change.rampTicks == 0 || playhead >= change.tick + change.rampTicks else {
      return try setTempo(bpm, at: playhead, ramp: 0)
    }
    guard change.rampTicks == 0 else {
      return try setTempo(bpm, at: change.tick + change.rampTicks, ramp: 0)
    }
    var changes = map.changes
    changes[index].bpm = bpm
    map = try TempoMap(sampleRate: map.sampleRate, changes: changes, signatures: map.signatures)
  }

  /// Takes over a file's tempo and signature map from `start` on. Answers what could not be taken as it was.
  package mutating func adopt(
    tempos: [MIDITempo], signatures: [MIDISignature], at start: Tick
  ) throws(TempoMapError) -> [String] {
    var warnings: [String] = []
    var changes = map.changes.filter { $0.tick < start }
    if tempos.first?.tick != 0 { changes.append(TempoChange(tick: start, bpm: 120)) }
    for tempo in tempos {
      let bpm = min(max(tempo.bpm, TimeLimits.minimumBPM), TimeLimits.maximumBPM)
      if bpm != tempo.bpm { warnings.append("a tempo of \(tempo.bpm) BPM was taken as \(bpm) BPM") }
      changes.append(TempoChange(tick: start + tempo.tick, bpm: bpm))
    }
    var meters = map.signatures.filter { $0.tick < start }
    if signatures.first?.tick != 0 {
      meters.append(SignatureChange(tick: start, numerator: 4, denominator: 4))
    }
    for signature in signatures {
      guard signature.numerator <= TimeLimits.maximumNumerator else {
        warnings.append("the signature \(signature.numerator)/\(signature.denominator) was left out")
        continue
      }
      meters.append(
        SignatureChange(
          tick: start + signature.tick, numerator: signature.numerator, denominator: signature.denominator))
    }
    map = try TempoMap(sampleRate: map.sampleRate, changes: changes, signatures: meters)
    return warnings
  }
}
