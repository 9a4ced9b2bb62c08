/// Sound that comes in with the device's blocks, on its way into grid blocks. Realtime thread.
///
/// A frame is never earlier than the output frame it came with. Where the device's blocks and the grid do not fall
/// together it waits, after a few blocks always for as long as the worst of them needs: less than a grid block.
struct InputDesk: BitwiseCopyable {
  /// What came and was not yet taken: `count` frames from `first` on.
  private let left: UnsafeMutablePointer<Float>
  private let right: UnsafeMutablePointer<Float>
  private var first = 0
  private var count = 0
  private var isFed = false
  /// The grid block in hand; of use while `hasBlock`.
  let blockLeft: UnsafeMutablePointer<Float>
  let blockRight: UnsafeMutablePointer<Float>
  private(set) var hasBlock = false
  /// Frames between a frame's coming and the grid block it is taken into.
  private(set) var waiting = 0
  /// Linear; 0 is not heard.
  var monitor = Ramp(0)
  var meter = MeterValue()

  @_noLocks
  init(
    left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>,
    blockLeft: UnsafeMutablePointer<Float>, blockRight: UnsafeMutablePointer<Float>
  ) {
    self.left = left
    self.right = right
    self.blockLeft = blockLeft
    self.blockRight = blockRight
  }

  /// Frames there is room for.
  static var capacity: Int { @_noLocks get { mostFrames + 128 } }
  /// `EngineLimits.maximumBlockFrames`, for the realtime thread.
  static var mostFrames: Int { @_noLocks get { 8192 } }

  /// What comes with the block that is about to be rendered, of which `ready` frames are there already.
  @_noLocks
  mutating func give(
    _ newLeft: UnsafePointer<Float>, _ newRight: UnsafePointer<Float>, frames: Int, ready: Int
  ) {
    if !isFed || first + count + frames > Self.capacity {
      first = 0
      count = 0
    }
    isFed = true
    waiting = ready + count
    let end = first + count
    for index in 0..<frames {
      left[end + index] = Self.number(newLeft[index])
      right[end + index] = Self.number(newRight[index])
    }
    count += frames
  }

  /// What is none is silence.
  @_noLocks
  private static func number(_ sample: Float) -> Float {
    abs(sample) <= .greatestFiniteMagnitude ? sample : 0
  }

  /// Takes the next grid block, with silence where nothing has come.
  @_noLocks
  mutating func takeBlock() {
    hasBlock = isFed
    guard isFed else { return }
    let there = min(count, EngineLimits.gridFrames)
    for index in 0..<EngineLimits.gridFrames {
      blockLeft[index] = index < there ? left[first + index] : 0
      blockRight[index] = index < there ? right[first + index] : 0
    }
    first += there
    count -= there
  }

  /// The device's block is rendered: what is left moves to the front.
  @_noLocks
  mutating func endBlock(wasFed: Bool) {
    guard wasFed else {
      isFed = false
      return
    }
    for index in 0..<count {
      left[index] = left[first + index]
      right[index] = right[first + index]
    }
    first = 0
  }
}

extension RenderState {
  /// Sound that came in with the block that is rendered next. The thread that renders, just before.
  @_noLocks
  mutating func takeInput(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, frames: Int
  ) {
    guard frames > 0, frames <= InputDesk.mostFrames else { return }
    input.give(left, right, frames: frames, ready: gridRemaining)
    inputWasGiven = true
  }

  /// Adds what is monitored to the main bus, before the master's own controls.
  @_noLocks
  mutating func mixInput() {
    input.takeBlock()
    guard input.hasBlock else {
      // It comes back as it was left, from silence.
      if input.monitor.isMoving { _ = input.monitor.advance(EngineLimits.gridFrames) }
      return
    }
    input.meter.take(input.blockLeft, input.blockRight, frames: EngineLimits.gridFrames)
    guard input.monitor.isMoving || input.monitor.value != 0 else { return }
    for index in 0..<EngineLimits.gridFrames {
      let level = input.monitor.next()
      gridLeft[index] += input.blockLeft[index] * level
      gridRight[index] += input.blockRight[index] * level
    }
  }
}
