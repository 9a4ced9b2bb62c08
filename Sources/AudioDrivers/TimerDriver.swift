import CDrivers
import RealtimeEngine
import Threading

/// Plays without a card: a thread of its own, paced by the monotonic clock, asks for a block per period. What
/// is rendered goes into the tap, or nowhere. A virtual device is one under another name.
package final class TimerDriver: Device {
  package let sampleRate: Double
  /// Frames per block.
  package let period: Int
  private let priority: Int
  private let tap: CaptureTap?
  private let name: String
  private let title: String
  private let state = Locked(State())

  private struct State {
    /// The last start's; its figures can still be read after the stop.
    var cycle: Cycle?
    /// There exactly while the driver runs.
    var thread: OwnedThread?
  }

  /// - Parameters:
  ///   - sampleRate: 8000 to 192000 frames per second.
  ///   - period: 16 to 8192 frames.
  ///   - priority: asked of SCHED_FIFO; a refusal is told in the status and the music plays on.
  package init(
    sampleRate: Double = 48_000, period: Int = 256, priority: Int = DriverLimits.timerPriority,
    tap: CaptureTap? = nil, name: String = "timer", title: String = "no card, paced by the clock"
  ) throws(DriverError) {
    self.sampleRate = try Self.checked(sampleRate: sampleRate)
    self.period = try Self.checked(period: period)
    self.priority = priority
    self.tap = tap
    self.name = name
    self.title = title
  }

  deinit { stop() }

  package func start(_ entry: RenderEntry) throws(DriverError) {
    try start(on: Baton(entry, sampleRate: sampleRate, isKept: false, tap: tap))
  }

  func start(on baton: Baton) throws(DriverError) {
    try state.withLock { state throws(DriverError) in
      guard state.thread == nil else { throw DriverError.alreadyRunning(name) }
      let cycle = try Cycle(baton, sampleRate: sampleRate)
      state.thread = try launch(cycle)
      state.cycle = cycle
    }
  }

  /// Waits for the block that is due: at most one period and the renderer's own time.
  package func stop() {
    state.withLock { state in
      guard let thread = state.thread else { return }
      state.cycle?.close()
      thread.join()
      state.thread = nil
    }
  }

  package func status() -> DriverStatus {
    state.withLock { state in
      guard let cycle = state.cycle else {
        return DriverStatus(name: name, device: title, sampleRate: sampleRate)
      }
      var status = DriverStatus(name: name, device: title, cycle: cycle, running: state.thread != nil)
      status.refusal = cycle.refusal.withLock { $0 }
      return status
    }
  }

  private func launch(_ cycle: Cycle) throws(DriverError) -> OwnedThread {
    let priority = priority
    let period = UInt32(period)
    do {
      return try OwnedThread(name: "garden-timer", stackBytes: DriverLimits.timerStackBytes) {
        let answer = RealtimePriority.request(priority)
        cycle.refusal.withLock { $0 = answer.refusal }
        drv_timer_run(cycle.pointer, period)
      }
    } catch {
      throw DriverError(error.lines[0], why: error.lines[1], next: error.lines[2])
    }
  }

  static func checked(period: Int) throws(DriverError) -> Int {
    guard DriverLimits.timerPeriods.contains(period) else {
      throw DriverError(
        "The audio driver was not made.",
        why: "A period of \(period) frames was asked for; it may be \(DriverLimits.timerPeriods).",
        next: "Ask for a period within that range, for example 256.")
    }
    return period
  }

  /// NaN is refused with everything else that is out of range.
  static func checked(sampleRate: Double) throws(DriverError) -> Double {
    guard DriverLimits.sampleRates.contains(sampleRate) else {
      throw DriverError(
        "The audio driver was not made.",
        why:
          "A sample rate of \(sampleRate) was asked for; it may be \(DriverLimits.sampleRates) frames per second.",
        next: "Ask for a rate within that range, for example 48000.")
    }
    return sampleRate
  }
}

extension DriverError {
  static func alreadyRunning(_ name: String) -> DriverError {
    DriverError(
      "The \(name) driver was not started.", why: "It already runs.", next: "Stop it first.")
  }
}
