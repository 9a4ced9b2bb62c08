import CRealtime
import MusicalTime

extension ScheduledLane {
  /// The last point at or before a tick; −1 when there is none. Looks at about log₂ of the points.
  @_noLocks
  func index(at tick: Double) -> Int {
    guard let points else { return -1 }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) >> 1
      if Double(points[middle].tick) <= tick { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  /// The value at a tick; `neutral` where the lane is not there.
  @_noLocks
  func value(at tick: Double, neutral: Float) -> Float {
    guard let points, count > 0 else { return neutral }
    let index = index(at: tick)
    guard index >= 0 else { return points[0].value }
    guard index + 1 < count else { return points[index].value }
    let from = points[index]
    let to = points[index + 1]
    let x = (tick - Double(from.tick)) / Double(to.tick - from.tick)
    let way: Double
    switch from.shape {
    case .hold: return from.value
    case .linear: way = x
    case .decibels: return Self.gain(Double(from.decibels) + Double(to.decibels - from.decibels) * x)
    case .square: way = x * x
    case .s: way = (1 - rt_cos(x * .pi)) / 2
    }
    return from.value + (to.value - from.value) * Float(way)
  }

  /// −120 dB is silence.
  @_noLocks
  private static func gain(_ decibels: Double) -> Float {
    decibels <= -120 ? 0 : Float(rt_exp(decibels * 0.115_129_254_649_702_28))
  }

  /// How much it steps at the ends of `hold` after one tick and up to another: what it was less what it is.
  @_noLocks
  func steps(after first: Double, upTo last: Double) -> Float {
    guard let points, last > first else { return 0 }
    var index = index(at: last)
    var sum: Float = 0
    // More points than these in one grid block are less than a sample apart.
    for _ in 0..<64 {
      guard index > 0, Double(points[index].tick) > first else { return sum }
      switch points[index - 1].shape {
      case .hold: sum += points[index - 1].value - points[index].value
      default: break
      }
      index -= 1
    }
    return sum
  }
}

/// Where a lane is in this grid block: it goes straight from one value to the other. Realtime thread.
///
/// A jump, of the playhead or of a lane that is replaced, and a step at the end of `hold` are not followed at
/// once: what is missing to where it was goes to nothing over the next grid blocks.
struct LaneState: BitwiseCopyable {
  private(set) var from: Float
  private(set) var to: Float
  /// What the lane itself says at the end of the block, and how far off that `to` is.
  private var target: Float
  private var rest: Float = 0
  private var blocksLeft: Int32 = 0

  /// Grid blocks over which a step is spread: 5.3 ms at 48 kHz.
  private static var declickBlocks: Int32 { @_noLocks get { 4 } }

  @_noLocks
  init(_ value: Float) {
    from = value
    to = value
    target = value
  }

  var isMoving: Bool { @_noLocks get { from != to } }

  /// Moves on by a grid block. `snaps` puts it in place at once: nothing sounds yet.
  @_noLocks
  mutating func advance(
    _ lane: ScheduledLane, from first: Double, to last: Double, wraps: Bool, snaps: Bool, neutral: Float
  ) {
    let end = lane.value(at: last, neutral: neutral)
    let start = wraps ? end : lane.value(at: first, neutral: neutral)
    if snaps {
      from = start
      rest = 0
    } else {
      from = to
      let jump = target - start
      let step = jump + (wraps ? 0 : lane.steps(after: first, upTo: last))
      if abs(step) > 1e-6 {
        rest += step
        blocksLeft = Self.declickBlocks
      }
    }
    target = end
    if rest != 0 {
      rest = blocksLeft > 1 ? rest * Float(blocksLeft - 1) / Float(blocksLeft) : 0
      blocksLeft -= 1
    }
    to = end + rest
  }

  /// Stays where it is.
  @_noLocks
  mutating func hold() { from = to }
}
