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

    var bytes: Int { (audio?.bytes ?? 0) + (midi?.bytes ?? 0) }
  }

  /// In the order of the timeline.
  private var made: [Made] = []
  private var tempo: CompiledTempo?
  private let lanes = AutomationShelf()
  private var chunkBytes = 0

  /// Chunks compiled since the start.
  private(set) var compiled = 0

  /// Forgets what it has made: the clips' material is another.
  mutating func invalidate() {
    made = []
    chunkBytes = 0
  }

  /// Compiles the timeline. Muted regions and regions of clips that are not loaded are left out: leaving out
  /// is how a sounding region ends.
  mutating func schedule(
    _ timeline: Timeline, material: [UUID: ClipMaterial], passes: [UUID: ScheduledRegion.Pass] = [:],
    revision: UInt64, tempoRevision: UInt64, notAfter: Double = .infinity
  ) -> CompiledSchedule {
    update(to: timeline.regions.chunks, Bridge(timeline, material, lanes, passes: passes))
    var audio: [RegionChunk] = []
    var midi: [RegionChunk] = []
    audio.reserveCapacity(made.count)
    for made in made {
      if let chunk = made.audio { audio.append(chunk) }
      if let chunk = made.midi { midi.append(chunk) }
    }
    return CompiledSchedule(
      revision: revision, tempo: tempo(timeline.map, revision: tempoRevision), audio: audio, midi: midi,
      loop: timeline.isLooping ? timeline.loop : nil, trackLanes: trackLanes(timeline),
      notAfter: notAfter)
  }

  /// Makes what lies between the chunks that stand unchanged before it and behind it, of those that moved what there is.
  private mutating func update(to chunks: [SortedChunk<Region>], _ bridge: Bridge) {
    let shared = min(made.count, chunks.count)
    var before = 0
    while before < shared, made[before].source === chunks[before] { before += 1 }
    var behind = 0
    while behind < shared - before, made[made.count - 1 - behind].source === chunks[chunks.count - 1 - behind]
    {
      behind += 1
    }
    // A copy of its own: a slice would keep all of `made` from being changed in place.
    let old = Array(made[before..<made.count - behind])
    let known = Dictionary(old.map { (ObjectIdentifier($0.source), $0) }, uniquingKeysWith: { one, _ in one })
    var new: [Made] = []
    for chunk in chunks[before..<chunks.count - behind] {
      new.append(known[ObjectIdentifier(chunk)] ?? make(chunk, bridge))
    }
    chunkBytes += new.reduce(0) { $0 + $1.bytes } - old.reduce(0) { $0 + $1.bytes }
    made.replaceSubrange(before..<made.count - behind, with: new)
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
    var audio: [RegionEntry] = []
    var midi: [RegionEntry] = []
    var ground: Bridge.Ground?
    for region in chunk.elements where !region.isMuted {
      // Neighbours are often of one clip on one track.
      if ground?.track != region.track || ground?.clip.id != region.clip {
        ground = bridge.ground(of: region)
      }
      guard let entry = ground.map({ bridge.entry(region, on: $0) }) else { continue }
      if entry.region.isAudio { audio.append(entry) } else { midi.append(entry) }
    }
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
  var bytes: Int { (tempo?.bytes ?? 0) + chunkBytes }
}
