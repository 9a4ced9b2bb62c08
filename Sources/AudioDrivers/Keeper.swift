import CDrivers
import Threading

/// The keeper's timer: its figures and its end. The thread that runs it is a realtime thread.
///
/// Unchecked: the pointer never changes, and what is behind it is read by anybody through atomics.
final class Keeper: @unchecked Sendable {
  private let pointer: OpaquePointer
  private let baton: Baton
  /// Why the thread was not given realtime scheduling.
  let refusal = Locked<String?>(nil)

  init(_ baton: Baton, period: Int) throws(DriverError) {
    let period = try TimerDriver.checked(period: period)
    guard let pointer = drv_keeper_create(baton.pointer, UInt32(period), DriverLimits.watchdogSeconds) else {
      throw DriverError.noMemory
    }
    self.pointer = pointer
    self.baton = baton
  }

  deinit { drv_keeper_destroy(pointer) }

  /// Runs until `stop`.
  func run(priority: Int) {
    let answer = RealtimePriority.request(priority)
    refusal.withLock { $0 = answer.refusal }
    drv_keeper_run(pointer)
  }

  func stop() { drv_keeper_stop(pointer) }

  func setPeriod(_ frames: Int) throws(DriverError) {
    drv_keeper_set_period(pointer, UInt32(try TimerDriver.checked(period: frames)))
  }

  var figures: drv_keeper_figures {
    var figures = drv_keeper_figures()
    drv_keeper_figures_of(pointer, &figures)
    return figures
  }
}
