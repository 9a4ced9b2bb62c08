import Glibc
import LockFree

/// What to stream into chunks.
package struct StreamPlan: Sendable {
  package let uri: String
  package let history: FrameHistory
  /// The first frame, on the history's count.
  package let first: Int
  /// 1 is the mean of both sides.
  package let channels: Int
  package let chunkBytes: Int64
  package let path: String

  package init(
    uri: String, history: FrameHistory, first: Int, channels: Int, chunkBytes: Int64, path: String
  ) {
    self.uri = uri
    self.history = history
    self.first = first
    self.channels = channels
    self.chunkBytes = chunkBytes
    self.path = path
  }
}

/// How far a stream has come. Samples are counted over all channels.
package struct StreamStatus: Sendable, Equatable {
  package let uri: String
  /// Written into all chunks so far.
  package internal(set) var samples: Int64 = 0
  package internal(set) var bytes: Int64 = 0
  /// Of the chunk that is being written.
  package internal(set) var chunkSamples: Int64 = 0
  package internal(set) var chunkBytes: Int64 = 0
  /// That came while there was no chunk to write to, for longer than they can be kept.
  package internal(set) var discarded: Int64 = 0
  /// Frames that came and are neither written nor discarded: they wait for the next chunk.
  package internal(set) var waitingFrames: Int64 = 0
  package internal(set) var level = Level()

  init(uri: String) { self.uri = uri }
}

/// A sound cut into files of one size, which somebody else makes and names: interleaved little-endian floats, and no sample
/// missing from the end of one to the start of the next. While it has no file, sound waits in its history. Capture thread.
final class ChunkStream {
  private(set) var status: StreamStatus
  private let plan: StreamPlan
  private var reader: HistoryReader
  private var chunk: OpenFile?
  private let bytes: UnsafeMutablePointer<Float>

  init(_ plan: StreamPlan) throws(CaptureError) {
    self.plan = plan
    status = StreamStatus(uri: plan.uri)
    reader = HistoryReader(plan.history, from: plan.first)
    chunk = try Self.open(plan.path, plan.chunkBytes)
    bytes = .allocate(capacity: 2 * CaptureLimits.batchFrames)
  }

  deinit { bytes.deallocate() }

  /// The file must be there; it gets the chunk's size, and its space is taken.
  private static func open(_ path: String, _ size: Int64) throws(CaptureError) -> OpenFile {
    let file = try OpenFile(path, flags: O_RDWR)
    guard ftruncate(file.descriptor, off_t(size)) == 0 else { throw CaptureError.file(path, errno) }
    try file.reserve(size)
    return file
  }

  /// Goes on in another file. The one before keeps its size; where it was not full, its rest is zeros.
  func take(_ path: String) throws(CaptureError) {
    let next = try Self.open(path, plan.chunkBytes)
    chunk = next
    status.chunkBytes = 0
    status.chunkSamples = 0
  }

  /// Samples that fit into what is left of the chunk: it holds whole frames, so that none is torn.
  private var room: Int {
    guard chunk != nil else { return 0 }
    return Int(clamping: (plan.chunkBytes - status.chunkBytes) / Int64(4 * plan.channels))
  }

  /// Writes what has come, up to frame `end`; answers the path of a chunk that is full now.
  func proceed(
    _ buffer: UnsafeMutableBufferPointer<UInt64>, until end: Int = .max
  ) throws(CaptureError) -> String? {
    while let file = chunk {
      let frames = min(room, buffer.count)
      guard frames > 0 else {
        chunk = nil
        break
      }
      guard let stretch = reader.take(UnsafeMutableBufferPointer(rebasing: buffer[..<frames]), until: end)
      else { break }
      switch stretch {
      case .lost(let count): discard(count)
      case .sound(let count): try write(buffer, count, to: file)
      }
      if room == 0 {
        chunk = nil
        note(end)
        return file.path
      }
    }
    note(end)
    return nil
  }

  private func note(_ end: Int) {
    let behind = min(end, plan.history.written) - reader.next
    // What its history cannot keep any longer is gone, and is counted when the next chunk comes.
    status.waitingFrames = Int64(max(0, behind))
  }

  private func discard(_ frames: Int) {
    status.discarded += Int64(frames * plan.channels)
    status.level.lostFrames += Int64(frames)
  }

  private func write(
    _ buffer: UnsafeMutableBufferPointer<UInt64>, _ count: Int, to file: OpenFile
  ) throws(CaptureError) {
    guard let words = buffer.baseAddress else { return }
    status.level.take(words, count: count)
    let data: UnsafeRawBufferPointer
    if plan.channels == 1 {
      for index in 0..<count { bytes[index] = Self.mean(words[index]) }
      data = UnsafeRawBufferPointer(start: bytes, count: 4 * count)
    } else {
      data = UnsafeRawBufferPointer(start: words, count: 8 * count)
    }
    let (written, error) = file.write(data, at: status.chunkBytes)
    status.chunkBytes += Int64(written)
    status.bytes += Int64(written)
    status.chunkSamples = status.chunkBytes / 4
    status.samples = status.bytes / 4
    guard let error else { return }
    status.discarded += Int64(data.count - written) / 4
    chunk = nil
    throw error
  }

  /// The end: what still waits for a chunk is discarded.
  func end() -> StreamStatus {
    discard(Int(clamping: status.waitingFrames))
    status.waitingFrames = 0
    return status
  }

  private static func mean(_ word: UInt64) -> Float {
    let left = Float(bitPattern: UInt32(truncatingIfNeeded: word))
    return (left + Float(bitPattern: UInt32(truncatingIfNeeded: word >> 32))) / 2
  }
}
