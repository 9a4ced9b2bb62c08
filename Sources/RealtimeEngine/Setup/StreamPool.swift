import LockFree
import Synchronization

/// The rings between the reader and the renderer: so many seconds of so many regions. Made and freed on an
/// ordinary thread; one end belongs to the reader, the other to the renderer.
///
/// Neither end ever waits for the other. The renderer puts a new order over an old one at any time; what the
/// reader still writes for the old one bears its number and is not read.
package final class StreamPool: @unchecked Sendable {
  // Unchecked: every shared word is atomic, and samples change hands by them.
  package let count: Int
  /// Frames of one ring.
  package let ringFrames: Int

  let rings: UnsafeMutablePointer<StreamRing>
  private let prepared = Atomic<Int>(0)

  init(sampleRate: Double, count: Int = EngineLimits.streams) {
    self.count = count
    ringFrames = Int(EngineLimits.streamSeconds * sampleRate)
    rings = .allocate(capacity: count)
    for index in 0..<count { (rings + index).initialize(to: StreamRing(frames: ringFrames)) }
  }

  deinit {
    for index in 0..<count { rings[index].deallocate() }
    rings.deallocate()
  }

  /// Memory of the rings that have been used so far. Any ordinary thread.
  package var bytes: Int {
    prepared.load(ordering: .relaxed) * ringFrames * 2 * MemoryLayout<Float>.stride
  }

  // MARK: The reader's end

  /// The number of a ring's latest order and how many of its frames the renderer has done with. Reader.
  package func taken(_ ring: Int) -> (generation: UInt64, frames: Int64) {
    StreamRing.parts(rings[ring].taken.pointee.load(ordering: .acquiring))
  }

  /// A ring's latest order. Reader.
  package func order(_ ring: Int) -> StreamOrder { rings[ring].order.read() }

  /// Gives a ring its memory, at its first use, every page written to. Reader, before it first calls `room`.
  package func prepare(_ ring: Int) {
    guard rings[ring].left == nil else { return }
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 2 * ringFrames)
    memory.initialize(repeating: 0, count: 2 * ringFrames)
    // The renderer looks at them only once it has seen frames given, which is a release after this.
    rings[ring].left = memory
    rings[ring].right = memory + ringFrames
    prepared.add(1, ordering: .relaxed)
  }

  /// Where frame `frame` of an order goes, and how many fit from there on to the ring's edge. Reader.
  package func room(_ ring: Int, at frame: Int64) -> (
    left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>, frames: Int
  ) {
    let place = Int(frame % Int64(ringFrames))
    guard let left = rings[ring].left, let right = rings[ring].right else {
      preconditionFailure("ring \(ring) has no memory yet")
    }
    return (left + place, right + place, ringFrames - place)
  }

  /// Hands over all frames of an order below `frames`. Reader.
  package func give(_ ring: Int, generation: UInt64, frames: Int64) {
    rings[ring].given.pointee.store(StreamRing.word(generation, frames), ordering: .releasing)
  }

  /// Nothing more will come for an order. Reader.
  package func fail(_ ring: Int, generation: UInt64, cause: UInt64) {
    rings[ring].trouble.pointee.store(StreamRing.word(generation, Int64(cause)), ordering: .releasing)
  }

  /// Frames of a ring's latest order that are there and not played yet. Any ordinary thread.
  package func ahead(_ ring: Int) -> Int64 {
    let (generation, taken) = taken(ring)
    let given = StreamRing.parts(rings[ring].given.pointee.load(ordering: .acquiring))
    return given.generation == generation ? max(0, given.frames - taken) : 0
  }

  /// Rings that have an order. Any ordinary thread.
  package var armed: Int {
    (0..<count).count { rings[$0].order.read().stream != 0 }
  }
}

/// One ring, as both ends see it. A word carries the order's number above 40 bits of frames.
struct StreamRing: @unchecked Sendable {
  // Unchecked: the words are atomic, and `order` has one writer.
  let order: LatestValue<StreamOrder>
  /// Written by the renderer: the order in force, and frames it is done with.
  let taken: UnsafeMutablePointer<Atomic<UInt64>>
  /// Written by the reader: frames that may be read, and why no more will come.
  let given: UnsafeMutablePointer<Atomic<UInt64>>
  let trouble: UnsafeMutablePointer<Atomic<UInt64>>
  /// Set once by the reader, before it gives the first frame.
  var left: UnsafeMutablePointer<Float>?
  var right: UnsafeMutablePointer<Float>?
  let frames: Int64

  init(frames: Int) {
    order = LatestValue(StreamOrder())
    func word() -> UnsafeMutablePointer<Atomic<UInt64>> {
      // A cache line each: the two threads must not fight over one.
      let raw = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
      let word = raw.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
      word.initialize(to: Atomic<UInt64>(0))
      return word
    }
    taken = word()
    given = word()
    trouble = word()
    self.frames = Int64(frames)
  }

  func deallocate() {
    order.deallocate()
    left?.deallocate()
    for word in [taken, given, trouble] { UnsafeMutableRawPointer(word).deallocate() }
  }

  @_noLocks
  static func word(_ generation: UInt64, _ frames: Int64) -> UInt64 {
    generation << 40 | UInt64(truncatingIfNeeded: max(0, frames)) & 0xFF_FFFF_FFFF
  }

  @_noLocks
  static func parts(_ word: UInt64) -> (generation: UInt64, frames: Int64) {
    (word >> 40, Int64(truncatingIfNeeded: word & 0xFF_FFFF_FFFF))
  }
}
