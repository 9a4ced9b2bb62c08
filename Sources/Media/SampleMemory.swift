import Glibc

/// Planar float32 memory of its own pages, filled from the front and cut to what was filled. One owner, who
/// may hand it to an `AudioBuffer`. Every frame is written before the buffer is used, so every page has been
/// touched.
struct SampleMemory: ~Copyable {
  let channels: Int
  /// Frames written.
  private(set) var frames = 0
  private var capacity: Int
  private let leftBase: UnsafeMutablePointer<Float>
  private let rightBase: UnsafeMutablePointer<Float>
  private var mappedBytes: Int

  /// Nil when the system has no memory. `frames` at least 1; `channels` 1 or 2.
  init?(channels: Int, frames: Int) {
    let bytes = Self.wholePages(frames)
    guard let left = Self.map(bytes) else { return nil }
    var right = left
    if channels == 2 {
      guard let second = Self.map(bytes) else {
        munmap(left, bytes)
        return nil
      }
      right = second
    }
    self.channels = channels
    capacity = frames
    leftBase = left.assumingMemoryBound(to: Float.self)
    rightBase = right.assumingMemoryBound(to: Float.self)
    mappedBytes = bytes
  }

  deinit {
    munmap(leftBase, mappedBytes)
    if rightBase != leftBase { munmap(rightBase, mappedBytes) }
  }

  var left: UnsafePointer<Float> { UnsafePointer(leftBase) }
  var right: UnsafePointer<Float> { UnsafePointer(rightBase) }
  var room: Int { capacity - frames }
  /// Where the next frame goes.
  var leftEnd: UnsafeMutablePointer<Float> { leftBase + frames }
  var rightEnd: UnsafeMutablePointer<Float> { rightBase + frames }

  /// Frames that someone wrote at the ends. At most `room`.
  mutating func filled(_ count: Int) { frames += count }

  mutating func append(left: UnsafePointer<Float>, right: UnsafePointer<Float>, frames count: Int) {
    let count = min(count, room)
    leftEnd.update(from: left, count: count)
    if channels == 2 { rightEnd.update(from: right, count: count) }
    frames += count
  }

  mutating func appendSilence(_ count: Int) {
    let count = min(count, room)
    leftEnd.update(repeating: 0, count: count)
    if channels == 2 { rightEnd.update(repeating: 0, count: count) }
    frames += count
  }

  /// Lowers the capacity; frames beyond it are forgotten.
  mutating func limit(to count: Int) {
    capacity = min(capacity, max(count, 0))
    frames = min(frames, capacity)
  }

  /// Gives pages that hold no frame back to the system.
  mutating func trim() {
    let kept = Self.wholePages(max(frames, 1))
    guard kept < mappedBytes else { return }
    munmap(UnsafeMutableRawPointer(leftBase) + kept, mappedBytes - kept)
    if rightBase != leftBase { munmap(UnsafeMutableRawPointer(rightBase) + kept, mappedBytes - kept) }
    mappedBytes = kept
    capacity = min(capacity, frames)
  }

  private static func wholePages(_ frames: Int) -> Int {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let bytes = frames * MemoryLayout<Float>.stride
    return (bytes + page - 1) / page * page
  }

  private static func map(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    return memory == MAP_FAILED ? nil : memory
  }
}
