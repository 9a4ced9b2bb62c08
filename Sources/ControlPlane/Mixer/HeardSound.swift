import LockFree
import RealtimeEngine
import Threading

/// The last seconds of the main output, interleaved stereo. Written by the thread that measures its loudness, read by the
/// control thread.
final class HeardSound: Sendable {
  private struct Kept: Sendable {
    var samples: [Float]
    /// Frames written since the start.
    var written: Int64 = 0
    /// Additions until it counts as read no more.
    var interest = 0
  }

  private let kept: Locked<Kept>
  private let capacity: Int64

  init(frames: Int) {
    capacity = Int64(frames)
    kept = Locked(Kept(samples: Array(repeating: 0, count: 2 * frames)))
  }

  /// Whether somebody has read in the last second or two.
  var isRead: Bool { kept.withLock { $0.interest > 0 } }

  /// Adds interleaved frames, at most the capacity.
  func add(_ frames: UnsafeBufferPointer<Float>) {
    kept.withLock { kept in
      kept.interest = max(0, kept.interest - 1)
      let start = Int(kept.written % capacity) * 2
      let first = min(frames.count, kept.samples.count - start)
      kept.samples.replaceSubrange(start..<start + first, with: frames[..<first])
      kept.samples.replaceSubrange(0..<frames.count - first, with: frames[first...])
      kept.written += Int64(frames.count / 2)
    }
  }

  /// Up to `count` frames from the frame `from` on, or from the oldest that is kept; and where to go on. A new reader
  /// begins with the last `count`.
  func read(from: Int64?, count: Int) -> (samples: [Float], next: Int64) {
    kept.withLock { kept in
      kept.interest = 1000
      let oldest = max(0, kept.written - capacity)
      let start = min(max(from ?? kept.written - Int64(count), oldest), kept.written)
      let end = min(kept.written, start + Int64(count))
      var samples: [Float] = []
      samples.reserveCapacity(2 * Int(end - start))
      for frame in start..<end {
        let place = Int(frame % capacity) * 2
        samples.append(kept.samples[place])
        samples.append(kept.samples[place + 1])
      }
      return (samples, end)
    }
  }
}

/// How far each reader has come. Control thread.
struct SnapshotCursors {
  private var places: [String: (frame: Int64, turn: UInt64)] = [:]
  private var turn: UInt64 = 0

  subscript(reader: String) -> Int64? { places[reader]?.frame }

  mutating func move(_ reader: String, to frame: Int64) {
    if places[reader] == nil, places.count >= ControlLimits.snapshotReaders,
      let oldest = places.min(by: { $0.value.turn < $1.value.turn })
    {
      places[oldest.key] = nil
    }
    turn += 1
    places[reader] = (frame, turn)
  }
}
