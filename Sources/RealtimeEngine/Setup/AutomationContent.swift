/// The lanes of one track or region in the renderer's form. Made on an ordinary thread; freed with the last
/// schedule that names it.
package final class AutomationContent: @unchecked Sendable {
  // Unchecked: written only in `init`.
  package let bytes: Int
  private let lanes: UnsafePointer<ScheduledLanes>
  private let memory: EngineMemory

  /// Points are sorted by tick, no two at one. A lane without points is not there.
  package init(gain: [LanePoint] = [], pan: [LanePoint] = []) {
    let memory = EngineMemory()
    var lanes = ScheduledLanes()
    if !gain.isEmpty { lanes.gain = ScheduledLane(points: memory.copy(gain), count: gain.count) }
    if !pan.isEmpty { lanes.pan = ScheduledLane(points: memory.copy(pan), count: pan.count) }
    self.lanes = memory.copy([lanes])
    self.memory = memory
    bytes = (gain.count + pan.count) * MemoryLayout<LanePoint>.stride + MemoryLayout<ScheduledLanes>.stride
  }

  package var pointer: UnsafePointer<ScheduledLanes> { lanes }

  deinit { memory.deallocate() }
}
