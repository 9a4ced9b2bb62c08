import Arrangement
import FoundationEssentials
import MusicalTime
import RealtimeEngine

/// Which beginnings of streamed files are kept in memory: where the playhead can land, most likely first, as
/// far as the budget goes. A pure function of the timeline and the playhead.
struct HeadPlan {
  /// A region of a clip that streams, in frames.
  struct Entry {
    var clip: UInt64
    var channels: Int
    var start: Int64
    var end: Int64
    var offset: Int64
    var passFrames: Int64
    var frames: Int64
    var skip: Int64
  }

  /// By start.
  private let entries: [Entry]
  /// Entries that sound at the places that come first, with the frames since their starts.
  private let atPlaces: [(entry: Entry, elapsed: Int64)]

  /// Reads the timeline once; `keys` can then be asked for many playheads.
  init(_ timeline: Timeline, material: [UUID: ClipMaterial]) {
    let map = timeline.map
    var entries: [Entry] = []
    for region in timeline.regions where !region.isMuted {
      guard case .stream(let clip)? = material[region.clip]?.content else { continue }
      let offset = Int64((region.offsetSeconds * map.sampleRate).rounded())
      let passFrames = max(0, clip.audio.frames - offset)
      guard passFrames > 0 else { continue }
      entries.append(
        Entry(
          clip: clip.id, channels: clip.audio.channels, start: map.frame(atTick: region.start),
          end: map.frame(atTick: region.end), offset: offset, passFrames: passFrames,
          frames: passFrames.multipliedReportingOverflow(by: Int64(region.loops)).partialValue,
          skip: region.skipFrames))
    }
    self.entries = entries.sorted { ($0.start, $0.clip, $0.offset) < ($1.start, $1.clip, $1.offset) }
    var ticks: [Tick] = []
    if timeline.isLooping, let loop = timeline.loop { ticks.append(loop.lowerBound) }
    ticks += timeline.markers.map(\.tick).sorted()
    ticks += [timeline.startTick, 0]
    atPlaces = Self.sounding(
      self.entries, at: ticks.prefix(ControlLimits.heads).map { map.frame(atTick: $0) })
  }

  /// What sounds at each place, in the places' order. One pass over places and entries by time.
  private static func sounding(_ entries: [Entry], at places: [Int64]) -> [(entry: Entry, elapsed: Int64)] {
    var found: [[(entry: Entry, elapsed: Int64)]] = Array(repeating: [], count: places.count)
    var sounding: [Entry] = []
    var next = 0
    for index in places.indices.sorted(by: { places[$0] < places[$1] }) {
      let place = places[index]
      while next < entries.count, entries[next].start <= place {
        sounding.append(entries[next])
        next += 1
      }
      sounding.removeAll { $0.end <= place }
      found[index] = sounding.map { ($0, place - $0.start) }
    }
    return found.flatMap { $0 }
  }

  var isEmpty: Bool { entries.isEmpty }

  /// The heads to keep, most wanted first: what sounds at the loop's start, at the markers, at the timeline's
  /// start, and the regions' own beginnings, nearest to the playhead first.
  func keys(playhead: Int64, sampleRate: Double, budgetBytes: Int) -> [HeadKey] {
    var chosen: [HeadKey] = []
    var seen: Set<HeadKey> = []
    var left = budgetBytes
    let headFrames = Int(EngineLimits.headSeconds * sampleRate)
    func add(_ entry: Entry, elapsed: Int64) -> Bool {
      let place = elapsed + entry.skip
      guard place < entry.frames else { return true }
      let key = HeadKey(clip: entry.clip, first: entry.offset + place % entry.passFrames)
      guard seen.insert(key).inserted else { return true }
      left -= entry.channels * headFrames * MemoryLayout<Float>.stride
      guard left >= 0, chosen.count < ControlLimits.heads else { return false }
      chosen.append(key)
      return true
    }
    for (entry, elapsed) in atPlaces {
      guard add(entry, elapsed: elapsed) else { return chosen }
    }
    for entry in entries.sorted(by: { abs($0.start - playhead) < abs($1.start - playhead) }) {
      guard add(entry, elapsed: 0) else { return chosen }
    }
    return chosen
  }
}
