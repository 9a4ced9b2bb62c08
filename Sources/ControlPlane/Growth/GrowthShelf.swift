import Arrangement
import FoundationEssentials
import HootWire
import JobDispatch
import Jobs
import MusicalTime
import Threading

/// A region that plays what its job has made so far. The timeline does not have it: nothing of it is journalled.
struct GrowingRegion {
  enum Phase: Equatable {
    /// It plays what there is. Exits: ending, closing, gone.
    case growing
    /// Its job came to nothing: it plays up to here. Exit: gone.
    case ending(Tick)
    /// The whole result has taken its place, and is heard under its name for as long as the playhead is in it. Exit: gone.
    case closing(Region)
  }

  let job: JobID
  let epoch: UInt64
  var region: Region
  var clip: Clip
  var material: ClipMaterial
  var phase = Phase.growing
  /// It is what an entrance takes the place of, and goes with that.
  var isLeaving = false
}

/// What has come of a job while it runs.
struct JobStream {
  /// nil: the parts of so many jobs are taken up already.
  let draft: StreamDraft?
  let epoch: UInt64
  var tally = StreamTally()
  var content: GrownContent?
  /// How far it has come.
  var length: GrownLength?
  /// Parts that came after the end, of attempts before, or when too many waited.
  var late = 0
  var stale = 0
  var refused = 0
  var parts = 0
  var bytes = 0
  /// All that was told of, of every attempt.
  var number = 0
  /// What was told of the latest parts.
  var told: [JSONValue] = []
  var isOver = false
}

enum GrownLength: Sendable, Equatable {
  case ticks(Tick)
  /// At the session's rate.
  case frames(Int64)
}

extension GrownContent {
  var length: GrownLength {
    switch self {
    case .music(_, let length, _): .ticks(length)
    case .sound(let sound): .frames(sound.frames)
    }
  }
}

/// Counts the parts that wait to be taken apart. Any thread.
final class GrowthGate: Sendable {
  private let waiting = Locked((parts: 0, bytes: 0))

  /// Of a part for which there is no room only the news that it came goes on.
  func passed(_ news: JobNews) -> JobNews {
    guard case .chunk(let job, let epoch, var chunk) = news else { return news }
    let count = chunk.bytes.count
    let isTaken = waiting.withLock { waiting in
      guard waiting.parts < GrowthLimits.waiting, waiting.bytes + count <= GrowthLimits.waitingBytes else {
        return false
      }
      waiting.parts += 1
      waiting.bytes += count
      return true
    }
    if !isTaken {
      chunk.bytes = []
      chunk.fault = Self.full
    }
    return .chunk(job, epoch: epoch, chunk)
  }

  static let full = "too many parts wait to be taken apart"

  /// A part of so many bytes waits no more.
  func leave(_ bytes: Int) {
    waiting.withLock { waiting in
      waiting.parts -= 1
      waiting.bytes -= bytes
    }
  }
}

/// What grows, and what it grows from. The control thread's.
struct GrowthShelf {
  let gate = GrowthGate()
  var regions: [UUID: GrowingRegion] = [:]
  private(set) var streams: [JobID: JobStream] = [:]
  private var finished: [JobID] = []
  /// Parts that were counted and not used, of all jobs since the start.
  var ignored = 0
  /// Tracks whose synths are being made.
  var waitsForSynths: Set<UUID> = []

  func region(key: UInt64) -> Region? {
    guard key >> 61 & 3 == 1 else { return nil }
    return regions.values.first { $0.region.key == key }?.region
  }

  /// Numbers for the renderer, above those of all regions: another one for each attempt, and one for a part of it.
  static func keys(_ latent: LatentRegion, epoch: UInt64) -> (whole: UInt64, part: UInt64) {
    let key = 1 << 61 | (epoch & 0xFFF) << 48 | latent.key
    return (key, key | 1 << 60)
  }

  /// The stream that a part of an attempt belongs to: a new one for a new attempt; nil of an attempt that is over.
  mutating func stream(of job: JobID, epoch: UInt64, sampleRate: Double) -> JobStream? {
    if let known = streams[job], known.epoch >= epoch { return known.epoch == epoch ? known : nil }
    let live = streams.values.count { !$0.isOver && $0.draft != nil }
    let isRoom = live < GrowthLimits.jobs || streams[job]?.draft != nil
    var stream = JobStream(draft: isRoom ? StreamDraft(sampleRate: sampleRate) : nil, epoch: epoch)
    if let before = streams[job] {
      (stream.stale, stream.late, stream.refused) = (before.stale, before.late, before.refused)
      (stream.number, stream.told) = (before.number, before.told)
    }
    streams[job] = stream
    return stream
  }

  mutating func change(_ job: JobID, _ change: (inout JobStream) -> Void) {
    guard var stream = streams.removeValue(forKey: job) else { return }
    change(&stream)
    streams[job] = stream
  }

  /// A job has ended: what came is remembered for a while, and what it was made of is not.
  mutating func settle(_ job: JobID) {
    guard let stream = streams[job], !stream.isOver else { return }
    var kept = JobStream(draft: nil, epoch: stream.epoch)
    (kept.tally, kept.length, kept.told) = (stream.tally, stream.length, stream.told)
    (kept.late, kept.stale, kept.refused) = (stream.late, stream.stale, stream.refused)
    (kept.parts, kept.bytes, kept.number, kept.isOver) = (stream.parts, stream.bytes, stream.number, true)
    streams[job] = kept
    finished.append(job)
    if finished.count > GrowthLimits.remembered { streams[finished.removeFirst()] = nil }
  }
}
