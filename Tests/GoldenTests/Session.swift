import Arrangement
import Glibc
import MusicalTime

/// A session as `garden session export` would have written it, with audio regions at places of their own.
struct Session {
  private(set) var timeline: Timeline

  init(_ tempo: TempoSteps) throws {
    let changes = tempo.steps.map { TempoChange(tick: $0.tick, bpm: $0.bpm) }
    timeline = Timeline(map: try TempoMap(sampleRate: 48_000, changes: changes))
  }

  /// Places a file of `frames` frames at 48 kHz, each on a track of its own.
  mutating func add(_ path: String, frames: Int, at tick: Int64, shape: (inout Region) -> Void = { _ in })
    throws
  {
    var info = stat()
    guard stat(path, &info) == 0 else { throw SoundError("\(path) is not there") }
    let clip = Clip(
      path: path, kind: .audio, lengthTicks: 0, frames: Int64(frames), sampleRate: 48_000,
      fileBytes: Int64(info.st_size),
      fileTime: Int64(info.st_mtim.tv_sec) * 1_000_000_000 + Int64(info.st_mtim.tv_nsec))
    let track = try timeline.addTrack(name: "track-\(timeline.tracks.count + 1)")
    try timeline.addRegion(clip: clip, track: track.id, at: tick, name: track.name, shape: shape)
  }

  /// Writes it down and gives the flags that render it.
  func flags(in studio: Studio) throws -> [String] {
    let document = SessionDocument(
      timeline, soundfont: Studio.seedFont, effects: false, limiter: false, voices: 256)
    return ["--session", try studio.write(document.encode(), "session.json")]
  }
}
