/// The effect of a bus and the one that is to come: it changes while the bus is silent, for 5 ms if it has to be
/// made so. Realtime thread.
struct EffectSlot: BitwiseCopyable {
  var effect: UnsafeMutablePointer<BusEffect>?
  var tuning = EffectTuning()
  private(set) var nextEffect: UnsafeMutablePointer<BusEffect>?
  private(set) var nextTuning = EffectTuning()
  private(set) var isChanging = false
  /// Closed while it changes.
  var gate = Ramp(1)

  @_noLocks init() {}

  /// Wishes for another effect or other numbers; answers the address of one that was wished for and never
  /// used, or 0.
  @_noLocks
  mutating func wish(_ planned: PlannedBus, frames: Int) -> UInt {
    let wished = UnsafeMutablePointer<BusEffect>(bitPattern: planned.effect)
    let waiting = isChanging ? nextEffect : effect
    let waitingStamp = isChanging ? nextTuning.stamp : tuning.stamp
    guard wished != waiting || waitingStamp != planned.tuning.stamp else { return 0 }
    let unused = isChanging && nextEffect != effect && nextEffect != wished ? nextEffect : nil
    nextEffect = wished
    nextTuning = planned.tuning
    isChanging = true
    gate.move(to: 0, frames: frames)
    return UInt(bitPattern: unused)
  }

  /// Puts the wished one in place; answers the address of the old one, or 0 where it stays.
  @_noLocks
  mutating func change(frames: Int) -> UInt {
    let old = effect != nextEffect ? effect : nil
    effect = nextEffect
    tuning = nextTuning
    isChanging = false
    nextEffect = nil
    gate.move(to: 1, frames: frames)
    return UInt(bitPattern: old)
  }
}
