import MIDI
import MusicalTime
import Testing

@testable import Arrangement

/// Edits of the tempo map.
struct TempoEditTests {
  @Test func aTempoSetAtAPlaceReplacesTheOneThere() throws {
    var scene = try Scene([TempoChange(tick: 0, bpm: 120), TempoChange(tick: 960, bpm: 90)])
    try scene.timeline.setTempo(100, at: 960, ramp: 480)
    try scene.timeline.setTempo(80, at: 9_600, ramp: 0)
    #expect(
      scene.timeline.map.changes == [
        TempoChange(tick: 0, bpm: 120), TempoChange(tick: 960, bpm: 100, rampTicks: 480),
        TempoChange(tick: 9_600, bpm: 80),
      ])
  }

  @Test func theTempoUnderThePlayheadIsThatOfItsStretch() throws {
    var scene = try Scene([TempoChange(tick: 0, bpm: 120), TempoChange(tick: 960, bpm: 90)])
    try scene.timeline.setTempo(100, underPlayhead: 500)
    #expect(scene.timeline.map.changes.map(\.bpm) == [100, 90])
    try scene.timeline.setTempo(70, underPlayhead: 5_000)
    #expect(scene.timeline.map.changes == [TempoChange(tick: 0, bpm: 100), TempoChange(tick: 960, bpm: 70)])
  }

  @Test func insideARampTheNewTempoHoldsFromThePlayheadOn() throws {
    let ramp = [TempoChange(tick: 0, bpm: 60), TempoChange(tick: 960, bpm: 120, rampTicks: 1_920)]
    var scene = try Scene(ramp)
    try scene.timeline.setTempo(200, underPlayhead: 1_920)
    #expect(scene.timeline.map.changes == ramp + [TempoChange(tick: 1_920, bpm: 200)])
    #expect(scene.timeline.map.bpm(atTick: 1_440) == 75 && scene.timeline.map.bpm(atTick: 5_000) == 200)
  }

  @Test func afterARampTheRampStays() throws {
    let ramp = [TempoChange(tick: 0, bpm: 60), TempoChange(tick: 960, bpm: 120, rampTicks: 1_920)]
    var scene = try Scene(ramp)
    try scene.timeline.setTempo(200, underPlayhead: 5_000)
    #expect(scene.timeline.map.changes == ramp + [TempoChange(tick: 2_880, bpm: 200)])
  }

  @Test(arguments: [19.9, 999.1, .nan, .infinity])
  func temposOutOfRangeChangeNothing(bpm: Double) throws {
    var scene = try Scene()
    let before = scene.timeline
    #expect(throws: TempoMapError.self) { try scene.timeline.setTempo(bpm, at: 960, ramp: 0) }
    #expect(throws: TempoMapError.self) { try scene.timeline.setTempo(bpm, underPlayhead: 960) }
    #expect(scene.timeline == before)
  }

  @Test func regionsKeepTheirTicksWhenTheTempoChanges() throws {
    var scene = try Scene()
    let region = try scene.add(scene.take, at: 960)
    try scene.timeline.setTempo(60, at: 0, ramp: 0)
    #expect(scene.timeline.regions[region.id] == region)
  }

  @Test func aFilesMapIsTakenOverFromAPlaceOn() throws {
    var scene = try Scene([TempoChange(tick: 0, bpm: 90), TempoChange(tick: 50_000, bpm: 200)])
    let warnings = try scene.timeline.adopt(
      tempos: [
        MIDITempo(tick: 0, microsecondsPerQuarter: 500_000),
        MIDITempo(tick: 960, microsecondsPerQuarter: 400_000),
      ],
      signatures: [MIDISignature(tick: 0, numerator: 3, denominator: 4)], at: 3_840)
    #expect(warnings.isEmpty)
    #expect(
      scene.timeline.map.changes == [
        TempoChange(tick: 0, bpm: 90), TempoChange(tick: 3_840, bpm: 120), TempoChange(tick: 4_800, bpm: 150),
      ])
    #expect(
      scene.timeline.map.signatures == [
        SignatureChange(tick: 0, numerator: 4, denominator: 4),
        SignatureChange(tick: 3_840, numerator: 3, denominator: 4),
      ])
  }

  @Test func aFileWithoutTempoOrSignatureMeans120InFourFour() throws {
    var scene = try Scene([TempoChange(tick: 0, bpm: 90)])
    #expect(try scene.timeline.adopt(tempos: [], signatures: [], at: 960).isEmpty)
    #expect(scene.timeline.map.changes == [TempoChange(tick: 0, bpm: 90), TempoChange(tick: 960, bpm: 120)])
    #expect(scene.timeline.map.signatures.last == SignatureChange(tick: 960, numerator: 4, denominator: 4))
  }

  @Test func whatTheTimelineCannotHoldIsTakenAsNearAsItCanAndSaid() throws {
    var scene = try Scene()
    let warnings = try scene.timeline.adopt(
      tempos: [
        MIDITempo(tick: 0, microsecondsPerQuarter: 16_777_215),
        MIDITempo(tick: 960, microsecondsPerQuarter: 1),
        MIDITempo(tick: 1_920, microsecondsPerQuarter: 0),
      ],
      signatures: [
        MIDISignature(tick: 0, numerator: 7, denominator: 8),
        MIDISignature(tick: 960, numerator: 255, denominator: 64),
      ], at: 0)
    #expect(scene.timeline.map.changes.map(\.bpm) == [20, 999, 999])
    #expect(scene.timeline.map.signatures.map(\.numerator) == [7])
    #expect(warnings.count == 4 && warnings.last == "the signature 255/64 was left out")
  }

  @Test func aFileThatEndsBeyondTheTimelineChangesNothing() throws {
    var scene = try Scene()
    let before = scene.timeline
    #expect(throws: TempoMapError.self) {
      try scene.timeline.adopt(
        tempos: [MIDITempo(tick: 10, microsecondsPerQuarter: 500_000)], signatures: [],
        at: TimeLimits.maximumTick)
    }
    #expect(scene.timeline == before)
  }
}
