import Arrangement
import FoundationEssentials
import MusicalTime
import RealtimeEngine

/// Makes schedules of a timeline, and keeps what it has made of each chunk of it: an edit costs the chunks that it
/// changed and a table of all. Any one ordinary thread.
struct ScheduleCompiler {
  /// What a chunk of the timeline has become. Holding the chunk keeps its identity from being another's.
  private struct Made {
    let source: SortedChunk<Region>
    let audio: RegionChunk?
    let midi: RegionChunk?
  }

  private var made: [ObjectIdentifier: Made] = [:]
  private var tempo: CompiledTempo?
  private let lanes = AutomationShelf()

  /// Chunks compiled since the start.
  private(set) var compiled = 0

  /// Forgets what it has made: the clips' material is another.
  mutating func invalidate() { made = [:] }

  /// Compiles the timeline. Muted regions and regions of clips that are not loaded are left out: leaving out
  /// is how a sounding region ends.
  mutating func schedule(
    _ timeline: Timeline, material: [UUID: ClipMaterial], revision: UInt64, tempoRevision: UInt64
  ) -> CompiledSchedule {
    let bridge = Bridge(timeline, material, lanes)
    var kept: [ObjectIdentifier: Made] = [:]
    kept.reserveCapacity(timeline.regions.chunks.count)
    var audio: [RegionChunk] = []
    var midi: [RegionChunk] = []
    for chunk in timeline.regions.chunks {
      let id = ObjectIdentifier(chunk)
      let made = made[id] ?? make(chunk, bridge)
      kept[id] = made
      if let chunk = made.audio { audio.append(chunk) }
      if let chunk = made.midi { midi.append(chunk) }
    }
    made = kept
    return CompiledSchedule(
      revision: revision, tempo: tempo(timeline.map, revision: tempoRevision), audio: audio, midi: midi,
      loop: timeline.isLooping ? timeline.loop : nil, trackLanes: trackLanes(timeline))
  }

  private func trackLanes(_ timeline: Timeline) -> [Int: AutomationContent] {
    var found: [Int: AutomationContent] = [:]
    for track in timeline.tracks {
      if let automation = track.automation { found[track.slot] = lanes.content(track.id, automation) }
    }
    return found
  }

  private mutating func make(_ chunk: SortedChunk<Region>, _ bridge: Bridge) -> Made {
    compiled += 1
    let entries = chunk.elements.compactMap { bridge.entry($0) }
    let audio = entries.filter { $0.region.isAudio }
    let midi = entries.filter { !$0.region.isAudio }
    return Made(
      source: chunk, audio: audio.isEmpty ? nil : RegionChunk(audio),
      midi: midi.isEmpty ? nil : RegionChunk(midi))
  }

  private mutating func tempo(_ map: TempoMap, revision: UInt64) -> CompiledTempo {
    if let tempo, tempo.revision == revision { return tempo }
    let compiled = CompiledTempo(map, revision: revision)
    tempo = compiled
    return compiled
  }

  /// What the compiled regions and the tempo map take; each schedule's own table is not counted.
  var bytes: Int {
    made.values.reduce(tempo?.bytes ?? 0) { $0 + ($1.audio?.bytes ?? 0) + ($1.midi?.bytes ?? 0) }
  }
}
