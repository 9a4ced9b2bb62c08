import AudioDrivers
import Glibc
import RealtimeEngine
import Synchronization

/// A renderer whose left samples are 1, 2, 3… and whose right ones are their negatives, from the frame at
/// which counting is switched on; before it, silence. It notices what a driver must never do.
final class CountingRenderer: Sendable {
  struct Notes: ~Copyable {
    let scale: Float
    let counting = Atomic<Bool>(true)
    let next = Atomic<Int>(1)
    let blocks = Atomic<Int>(0)
    let largest = Atomic<Int>(0)
    let beginnings = Atomic<Int>(0)
    let thread = Atomic<UInt>(0)
    /// Blocks on a thread that was not prepared, and blocks that began inside another one.
    let strayed = Atomic<Int>(0)
    let overlapped = Atomic<Int>(0)
    let inside = Atomic<Bool>(false)
    /// Microseconds to sleep, and to work, in the next block.
    let sleep = Atomic<Int>(0)
    let work = Atomic<Int>(0)

    init(scale: Float) { self.scale = scale }

    /// Cue carries twice the count, click three times.
    func render(_ outputs: OutputTable, _ frames: Int) {
      if inside.exchange(true, ordering: .acquiring) { overlapped.add(1, ordering: .relaxed) }
      if thread.load(ordering: .relaxed) != UInt(pthread_self()) { strayed.add(1, ordering: .relaxed) }
      let first = next.load(ordering: .relaxed)
      let counts = counting.load(ordering: .acquiring)
      for frame in 0..<frames {
        let count = counts ? Float(first + frame) * scale : 0
        outputs[0][frame] = count
        outputs[1][frame] = -count
        outputs[2][frame] = count * 2
        outputs[3][frame] = count * -2
        outputs[4][frame] = count * 3
      }
      if counts { next.store(first + frames, ordering: .releasing) }
      blocks.add(1, ordering: .relaxed)
      largest.store(max(largest.load(ordering: .relaxed), frames), ordering: .relaxed)
      linger()
      inside.store(false, ordering: .releasing)
    }

    private func linger() {
      let pause = sleep.exchange(0, ordering: .relaxed)
      if pause > 0 { usleep(UInt32(pause)) }
      let busy = work.exchange(0, ordering: .relaxed)
      let start = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
      while busy > 0, nanoseconds(CLOCK_THREAD_CPUTIME_ID) - start < busy * 1000 {}
    }
  }

  // Unchecked: allocated once, freed when nobody holds the renderer; its contents are atomics.
  nonisolated(unsafe) private let storage: UnsafeMutablePointer<Notes>

  /// - Parameter scale: what a count is worth, where full scale must not be left.
  init(counting: Bool = true, scale: Float = 1) {
    storage = .allocate(capacity: 1)
    storage.initialize(to: Notes(scale: scale))
    storage.pointee.counting.store(counting, ordering: .relaxed)
  }

  deinit {
    storage.deinitialize(count: 1)
    storage.deallocate()
  }

  var notes: Notes { _read { yield storage.pointee } }

  /// Frames counted so far.
  var counted: Int { notes.next.load(ordering: .acquiring) - 1 }
  var blocks: Int { notes.blocks.load(ordering: .relaxed) }
  var beginnings: Int { notes.beginnings.load(ordering: .relaxed) }
  var largest: Int { notes.largest.load(ordering: .relaxed) }
  /// Blocks that were asked for in a way that no driver may.
  var faults: Int { notes.strayed.load(ordering: .relaxed) + notes.overlapped.load(ordering: .relaxed) }

  func startCounting() { notes.counting.store(true, ordering: .releasing) }

  var entry: RenderEntry {
    RenderEntry(
      context: UnsafeMutableRawPointer(storage),
      render: { context, outputs, frames in
        context.assumingMemoryBound(to: Notes.self).pointee.render(outputs, Int(frames))
      },
      beginThread: { context in
        let notes = context.assumingMemoryBound(to: Notes.self)
        notes.pointee.beginnings.add(1, ordering: .relaxed)
        notes.pointee.thread.store(UInt(pthread_self()), ordering: .relaxed)
      })
  }
}

/// Nanoseconds on a clock of the system.
func nanoseconds(_ clock: clockid_t) -> Int {
  var time = timespec()
  clock_gettime(clock, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Seconds on the monotonic clock.
func now() -> Double { Double(nanoseconds(CLOCK_MONOTONIC)) * 1e-9 }

/// Waits, generously, for something that will happen; false when it did not.
func eventually(within seconds: Double = 20, _ happened: () -> Bool) -> Bool {
  let deadline = now() + seconds
  while !happened() {
    guard now() < deadline else { return false }
    usleep(2_000)
  }
  return true
}

/// The first place where `samples` are not `first`, `first` + `step`, …; nil when they are.
func firstBreak(_ samples: some Collection<Float>, from first: Float = 1, step: Float = 1) -> String? {
  for (index, sample) in samples.enumerated() where sample != first + Float(index) * step {
    return "frame \(index): \(sample), expected \(first + Float(index) * step)"
  }
  return nil
}
