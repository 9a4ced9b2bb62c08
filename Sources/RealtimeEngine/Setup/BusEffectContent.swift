/// The memory of a bus's effect: made and touched on an ordinary thread, lent to the renderer by address with a
/// plan, freed on an ordinary thread after `Notice.retiredEffect` has named it or the renderer has stopped.
package final class BusEffectContent: @unchecked Sendable {
  // Unchecked: between `init` and `deinit` only the realtime thread touches it.
  package let kind: EffectShape.Kind
  /// About 0.2 MB for a reverb at 48 kHz.
  package let bytes: Int
  private let effect: UnsafeMutablePointer<BusEffect>
  private let memory = EngineMemory()

  /// - Parameter sampleRate: the engine's.
  package init(_ kind: EffectShape.Kind, sampleRate: Double) {
    self.kind = kind
    let plan = EffectMemoryPlan(kind, sampleRate: sampleRate)
    bytes = plan.frames * MemoryLayout<Float>.stride
    let lines: UnsafeMutablePointer<Float> = memory.filled(plan.frames, with: 0)
    effect = memory.allocate(1)
    effect.initialize(
      to: BusEffect(
        kind: kind == .reverb ? .reverb : .chorus,
        reverb: Reverb(
          ring: lines, ringFrames: plan.ringFrames, predelay: lines + plan.predelayStart,
          predelayFrames: plan.predelayFrames, diffusers: plan.diffusers(lines),
          work: memory.filled(2 * Reverb.lines * EngineLimits.gridFrames, with: 0), sampleRate: sampleRate),
        chorus: Chorus(
          ring: lines, capacity: plan.chorusFrames, centre: EffectTuning.chorusSeconds * sampleRate),
        memory: lines, memoryFrames: plan.frames))
  }

  deinit { memory.deallocate() }

  /// What `PlannedBus.effect` carries and `Notice.retiredEffect` gives back.
  package var address: UInt { UInt(bitPattern: effect) }
}

/// Where in one piece of memory the lines of an effect lie, at their largest.
private struct EffectMemoryPlan {
  var ringFrames = 0
  var predelayStart = 0
  var predelayFrames = 0
  var diffuserStart = 0
  var chorusFrames = 1024
  var frames = 0
  private var diffuserLengths: [Int] = []

  /// Different on the two sides, and at least a grid block long at every rate.
  private static let diffuserSeconds = [0.004_771, 0.003_595, 0.005_031, 0.003_307]

  init(_ kind: EffectShape.Kind, sampleRate: Double) {
    let grid = EngineLimits.gridFrames
    func blocks(_ seconds: Double) -> Int { (Int(seconds * sampleRate) / grid + 4) * grid }
    let farthest = EffectTuning.chorusSeconds + EffectShape.depthRange.upperBound
    while Double(chorusFrames) < farthest * sampleRate + Double(2 * grid) { chorusFrames *= 2 }
    guard kind == .reverb else {
      frames = 2 * chorusFrames
      return
    }
    ringFrames = blocks(EffectTuning.lineSeconds[Reverb.lines - 1])
    predelayStart = Reverb.lines * ringFrames
    predelayFrames = blocks(EffectShape.predelayRange.upperBound)
    diffuserStart = predelayStart + 2 * predelayFrames
    diffuserLengths = Self.diffuserSeconds.map { max(grid, Int($0 * sampleRate)) }
    frames = diffuserStart + diffuserLengths.reduce(0, +)
  }

  func diffusers(_ lines: UnsafeMutablePointer<Float>) -> InlineArray<4, Diffuser> {
    var start = diffuserStart
    return InlineArray { index in
      let length = index < diffuserLengths.count ? diffuserLengths[index] : 1
      defer { start += length }
      return Diffuser(line: lines + min(start, max(0, frames - 1)), length: length)
    }
  }
}
