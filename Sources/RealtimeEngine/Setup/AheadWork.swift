import CRealtime
import Synchronization

/// Threads that help with a render that nobody waits for.
package struct AheadCrew {
  /// What a turn came to: a piece was done, all that is left is in other hands, all is done.
  package enum Turn: Sendable { case did, waiting, over }
  /// Does a piece of the work. A thread calls it again and again.
  package typealias Work = @Sendable () -> Turn

  let threads: Int
  let start: (@escaping Work) -> Void
  let pause: (_ waits: inout Int) -> Void

  /// - Parameter threads: that of the caller included.
  /// - Parameter start: has the others call the work until it answers `over`, and comes back at once. None of them
  ///   need have called it by then, and some may once more when all is done.
  /// - Parameter pause: lets a moment go by; told how many there were in a row, and counts them.
  package init(
    threads: Int, start: @escaping (@escaping Work) -> Void, pause: @escaping (_ waits: inout Int) -> Void
  ) {
    self.threads = threads
    self.start = start
    self.pause = pause
  }
}

/// Some grid blocks of all synths. Each synth renders its own in their order, a piece at a time, on whichever thread
/// takes it.
///
/// A synth that has as much before it as a thread has in all is never left waiting: it is what the others wait for in
/// the end. Else the one furthest behind comes first, so that what all have rendered can be mixed meanwhile.
final class AheadWork: @unchecked Sendable {
  // Unchecked: a synth is one thread's from where it is claimed to where it is put back, and the atomics order that.
  struct Part {
    let bank: UnsafeMutablePointer<SynthBank>
    let synth: UnsafeMutablePointer<SynthState>
    /// What a grid block of it takes, foreseen.
    let weight: Int
  }

  /// Grid blocks of a piece: many enough for what a synth's voices take to come from one core's cache to another's, and
  /// in the end few enough for the threads to end together.
  private static let largestPiece = 16
  private static let leastPiece = 2

  private let parts: [Part]
  private let end: Int
  private let threads: Int
  /// When grid block 0 is heard.
  private let frame: Int64
  /// The grid blocks that each synth has behind it; −1 minus that while a thread is at it.
  private let chains: UnsafeMutablePointer<Atomic<Int>>

  init(_ parts: [Part], _ lines: Range<Int>, at frame: Int64, threads: Int) {
    self.parts = parts.sorted { $0.weight > $1.weight }
    end = lines.upperBound
    self.frame = frame
    self.threads = threads
    chains = .allocate(capacity: max(1, parts.count))
    for (index, part) in self.parts.enumerated() {
      let first = max(lines.lowerBound, part.synth.pointee.rendered)
      let isIdle = Self.isIdle(part, until: lines.upperBound)
      (chains + index).initialize(to: Atomic(isIdle ? Self.skip(part, first, lines.upperBound) : first))
    }
  }

  deinit {
    chains.deinitialize(count: parts.count)
    chains.deallocate()
  }

  /// Whether a synth sleeps all the time.
  private static func isIdle(_ part: Part, until end: Int) -> Bool {
    part.synth.pointee.isAsleep && Int(part.synth.pointee.opEnds[end - 1]) == part.synth.pointee.ops.told
  }

  private static func skip(_ part: Part, _ first: Int, _ end: Int) -> Int {
    var line = first
    while line < end {
      part.synth.pointee.made[line] = 0
      line += 1
    }
    part.synth.pointee.rendered = end
    return end
  }

  /// The grid blocks that all synths have behind them.
  var ready: Int {
    var least = end
    for index in 0..<parts.count {
      let lines = chains[index].load(ordering: .acquiring)
      least = min(least, lines < 0 ? -1 - lines : lines)
    }
    return least
  }

  /// Renders a piece of one synth. Any thread.
  func turn() -> AheadCrew.Turn {
    rt_flush_denormals()
    while true {
      let (place, line) = choose()
      guard place >= 0 else { return ready == end ? .over : .waiting }
      let claim = chains[place].compareExchange(expected: line, desired: -1 - line, ordering: .acquiring)
      guard claim.exchanged else { continue }
      let part = parts[place]
      let next = line + min(end - line, max(Self.leastPiece, min(Self.largestPiece, (end - line) / 2)))
      for line in line..<next {
        SynthBank.run(part.bank, part.synth, line: line, at: frame + Int64(line * EngineLimits.gridFrames))
      }
      chains[place].store(next, ordering: .releasing)
      return .did
    }
  }

  /// The synth to go on with, and the grid blocks it has behind it; −1 when none is free.
  private func choose() -> (place: Int, line: Int) {
    var left = 0
    var longest = (place: -1, line: 0, left: -1)
    var lowest = (place: -1, line: end)
    for index in 0..<parts.count {
      let state = chains[index].load(ordering: .relaxed)
      let line = state < 0 ? -1 - state : state
      let own = parts[index].weight * (end - line)
      left += own
      guard state >= 0, line < end else { continue }
      if own > longest.left { longest = (index, line, own) }
      if line < lowest.line { lowest = (index, line) }
    }
    let isCritical = longest.left * threads >= left
    return isCritical && longest.place >= 0 ? (longest.place, longest.line) : lowest
  }
}
