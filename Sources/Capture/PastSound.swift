import Glibc

/// The last minutes of a sound, on a disk: a ring in a file without a name, whose space is taken at the start and given
/// back with the process, however that ends. Silence is remembered, not written: an idle daemon wears no disk. Capture
/// thread.
final class PastSound {
  /// A block's sound, and whether it had to be written.
  private struct Block {
    var level = Level()
    var isWritten = false
  }

  private let file: OpenFile
  private let slots: Int
  private var blocks: [Block]
  /// The block that is being filled, and its number from the start.
  private var filling: UnsafeMutablePointer<UInt64>
  private var filled = 0
  private var level = Level()
  private(set) var number = 0
  /// What the first frame is called.
  let origin: Int64
  /// How much of what is kept is promised; the rest is room for the oldest while they are copied.
  let promised: Int

  static var blockFrames: Int { CaptureLimits.blockFrames }

  /// Takes the space of `seconds` in a file of `folder`.
  init(folder: String, seconds: Int, sampleRate: Int, origin: Int64) throws(CaptureError) {
    promised = seconds * sampleRate
    slots = (promised + CaptureLimits.pastSpareSeconds * sampleRate) / Self.blockFrames + 2
    let path = "\(folder)/.chaosgarden-past-\(getpid())"
    file = try OpenFile(path, flags: O_RDWR | O_CREAT | O_EXCL)
    // Nobody needs its name: its space is free again as soon as the process has gone.
    unlink(path)
    try file.reserve(Int64(slots * Self.blockFrames * 8))
    blocks = Array(repeating: Block(), count: slots)
    filling = .allocate(capacity: Self.blockFrames)
    filling.initialize(repeating: 0, count: Self.blockFrames)
    self.origin = origin
  }

  deinit { filling.deallocate() }

  /// Frames that came since the start.
  var frames: Int { number * Self.blockFrames + filled }
  /// The oldest of them that is still there.
  var oldest: Int { max(0, number - slots + 1) * Self.blockFrames }
  /// Frames that can be had.
  var kept: Int { min(promised, frames - oldest) }

  /// Adds frames; a disk that does not take them loses their block, and only that.
  func append(_ words: UnsafePointer<UInt64>, count: Int) throws(CaptureError) {
    var done = 0
    var problem: CaptureError?
    while done < count {
      let portion = min(count - done, Self.blockFrames - filled)
      (filling + filled).update(from: words + done, count: portion)
      level.take(words + done, count: portion)
      filled += portion
      done += portion
      problem = endBlock() ?? problem
    }
    if let problem { throw problem }
  }

  /// Frames that are not to be had.
  func lose(_ count: Int) throws(CaptureError) {
    var left = count
    var problem: CaptureError?
    while left > 0 {
      let portion = min(left, Self.blockFrames - filled)
      (filling + filled).update(repeating: 0, count: portion)
      level.lostFrames += Int64(portion)
      filled += portion
      left -= portion
      problem = endBlock() ?? problem
    }
    if let problem { throw problem }
  }

  private func endBlock() -> CaptureError? {
    guard filled == Self.blockFrames else { return nil }
    var block = Block(level: level, isWritten: !level.isSilent)
    var problem: CaptureError?
    if block.isWritten {
      let bytes = UnsafeRawBufferPointer(start: filling, count: 8 * Self.blockFrames)
      problem = file.write(bytes, at: Int64(number % slots) * Int64(bytes.count)).error
      if problem != nil {
        block = Block()
        block.level.lostFrames = Int64(Self.blockFrames)
      }
    }
    blocks[number % slots] = block
    number += 1
    filled = 0
    level = Level()
    return problem
  }

  /// The frames of `range` that lie in the block of its first one, into `target`: how many, and what is lost of them.
  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<UInt64>) -> (count: Int, lost: Int64) {
    let block = range.lowerBound / Self.blockFrames
    let first = range.lowerBound % Self.blockFrames
    let count = min(range.count, Self.blockFrames - first)
    if block == number {
      target.update(from: filling + first, count: count)
      return (count, level.lostFrames)
    }
    target.update(repeating: 0, count: count)
    guard block > number - slots, block < number else { return (count, Int64(count)) }
    let kept = blocks[block % slots]
    guard kept.isWritten else { return (count, min(Int64(count), kept.level.lostFrames)) }
    let offset = Int64(block % slots * Self.blockFrames + first) * 8
    let bytes = UnsafeMutableRawBufferPointer(start: target, count: 8 * count)
    guard file.read(bytes, at: offset) else {
      target.update(repeating: 0, count: count)
      return (count, Int64(count))
    }
    return (count, min(Int64(count), kept.level.lostFrames))
  }
}
