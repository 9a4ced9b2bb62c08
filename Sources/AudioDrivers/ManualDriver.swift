import CDrivers
import RealtimeEngine
import Threading

/// A driver turned by hand: the caller's thread is the realtime thread. For tests, and for rendering as fast
/// as it goes through the very path that a device takes.
package final class ManualDriver: AudioDriver {
  package let sampleRate: Double
  private let tap: CaptureTap?
  private let state = Locked(State())

  private struct State {
    var cycle: Cycle?
    var running = false
  }

  /// - Parameter sampleRate: 8000 to 192000 frames per second.
  package init(sampleRate: Double = 48_000, tap: CaptureTap? = nil) throws(DriverError) {
    self.sampleRate = try TimerDriver.checked(sampleRate: sampleRate)
    self.tap = tap
  }

  deinit { stop() }

  package func start(_ entry: RenderEntry) throws(DriverError) {
    try state.withLock { state throws(DriverError) in
      guard !state.running else { throw DriverError.alreadyRunning("manual") }
      state.cycle = try Cycle(
        Baton(entry, sampleRate: sampleRate, isKept: false, tap: tap), sampleRate: sampleRate)
      state.running = true
    }
  }

  /// Plays one block of `frames` (0 to 2³¹−1) into buffers that are then forgotten; the tap keeps them.
  /// Nothing happens before the start and after the stop. One thread at a time.
  package func turn(frames: Int) {
    guard let cycle = state.withLock({ $0.running ? $0.cycle : nil }), let count = UInt32(exactly: frames)
    else {
      return
    }
    drv_cycle_run(cycle.pointer, nil, count)
  }

  package func stop() {
    state.withLock { state in
      state.cycle?.close()
      state.running = false
    }
  }

  package func status() -> DriverStatus {
    state.withLock { state in
      let device = "turned by hand"
      guard let cycle = state.cycle else {
        return DriverStatus(name: "manual", device: device, sampleRate: sampleRate)
      }
      return DriverStatus(name: "manual", device: device, cycle: cycle, running: state.running)
    }
  }
}
