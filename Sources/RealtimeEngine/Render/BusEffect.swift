/// A bus's reverb or chorus: all its memory, lent by address with the plan and given back when it is replaced.
/// Realtime thread, once lent.
struct BusEffect: BitwiseCopyable {
  enum Kind: BitwiseCopyable { case reverb, chorus }

  var kind: Kind
  var reverb: Reverb
  var chorus: Chorus
  /// All of `reverb`'s and `chorus`'s lines.
  var memory: UnsafeMutablePointer<Float>
  var memoryFrames: Int
  /// It rings no more, and is not run until something comes in.
  var isAsleep = true
  /// Frames in a row with nothing coming in and less than −120 dBFS going out.
  var quietFrames = 0
  /// What is left to be cleared after it fell asleep, a part in each grid block.
  var uncleared = 0

  /// Runs a grid block in place; false when nothing comes in and nothing goes out.
  @_noLocks
  mutating func process(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, hasInput: Bool,
    _ tuning: UnsafePointer<EffectTuning>
  ) -> Bool {
    if isAsleep {
      guard hasInput else {
        clearSome()
        return false
      }
      isAsleep = false
      quietFrames = 0
      chorus.turn = 0
    }
    switch kind {
    case .reverb: reverb.process(left, right, tuning)
    case .chorus: chorus.process(left, right, tuning)
    }
    updateSleep(left, right, hasInput: hasInput)
    return true
  }

  @_noLocks
  private mutating func updateSleep(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, hasInput: Bool
  ) {
    var peak: Float = 0
    for index in 0..<EngineLimits.gridFrames { peak = max(peak, max(abs(left[index]), abs(right[index]))) }
    quietFrames = hasInput || peak >= 1e-6 ? 0 : quietFrames + EngineLimits.gridFrames
    let longest: Int
    switch kind {
    case .reverb: longest = reverb.longestFrames
    case .chorus: longest = chorus.capacity
    }
    guard quietFrames > longest else { return }
    isAsleep = true
    uncleared = memoryFrames
  }

  /// The next sound finds it as new.
  @_noLocks
  private mutating func clearSome() {
    guard uncleared > 0 else { return }
    let count = min(uncleared, EngineLimits.effectClearFrames)
    uncleared -= count
    for index in uncleared..<(uncleared + count) { memory[index] = 0 }
    if uncleared == 0 { reverb.forget() }
  }

  /// Silent at once: behind a closed bus.
  @_noLocks
  mutating func silence() {
    for index in 0..<memoryFrames { memory[index] = 0 }
    reverb.forget()
    isAsleep = true
    uncleared = 0
  }
}
