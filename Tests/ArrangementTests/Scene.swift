import FoundationEssentials
import MusicalTime
import Testing

@testable import Arrangement

/// A timeline with one track, at 120 BPM and 48 kHz: a tick is 25 frames, a beat half a second.
struct Scene {
  var timeline: Timeline
  let track: Track
  /// Four beats.
  let riff = Clip(
    path: "/music/riff.mid", kind: .midi, lengthTicks: 3_840, frames: 0, sampleRate: 48_000, fileBytes: 1,
    fileTime: 2)
  /// Three seconds.
  let take = Clip(
    path: "/music/take.wav", kind: .audio, lengthTicks: 0, frames: 144_000, sampleRate: 48_000, fileBytes: 3,
    fileTime: 4)

  init(_ changes: [TempoChange] = []) throws {
    timeline = Timeline(map: try TempoMap(sampleRate: 48_000, changes: changes))
    track = try timeline.addTrack(name: "lead")
  }

  @discardableResult
  mutating func add(
    _ clip: Clip, at start: Tick = 0, name: String? = nil, length: Tick = 0,
    _ shape: (inout Region) -> Void = { _ in }
  ) throws(ArrangementError) -> Region {
    try timeline.addRegion(clip: clip, track: track.id, at: start, name: name, length: length, shape: shape)
  }

  /// What an edit refuses with, having found that it changed nothing; nil when it does not refuse.
  mutating func refusal<Value>(
    _ edit: (inout Scene) throws -> Value, location: SourceLocation = #_sourceLocation
  ) -> ArrangementError? {
    let before = timeline
    do {
      _ = try edit(&self)
      return nil
    } catch let error as ArrangementError {
      #expect(timeline == before, "a refused edit changed the timeline", sourceLocation: location)
      #expect(error.lines.count == 3 && error.lines.allSatisfy { !$0.isEmpty }, sourceLocation: location)
      return error
    } catch {
      Issue.record(error, sourceLocation: location)
      return nil
    }
  }
}
