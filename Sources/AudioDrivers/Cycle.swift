import CDrivers
import RealtimeEngine
import Threading

/// What one device drives: its gate and its figures. A driver makes one at each start.
///
/// Unchecked: the pointer never changes, and what is behind it is read and written by anybody through
/// atomics; what is the realtime thread's own is touched by `drv_cycle_run` alone.
final class Cycle: @unchecked Sendable {
  let pointer: OpaquePointer
  let baton: Baton
  private let midi: MIDIInputs?
  /// Why the thread was not given realtime scheduling, when this process asked for it.
  let refusal = Locked<String?>(nil)

  /// - Parameter sampleRate: the device's; where it is not the renderer's, what is rendered is resampled.
  init(_ baton: Baton, sampleRate: Double, midi: MIDIInputs? = nil) throws(DriverError) {
    guard let pointer = drv_cycle_create(baton.pointer, sampleRate) else { throw DriverError.noMemory }
    self.pointer = pointer
    self.baton = baton
    self.midi = midi
    drv_cycle_set_midi(pointer, midi?.pointer)
  }

  deinit { drv_cycle_destroy(pointer) }

  /// Returns when this device does not render and will not any more.
  func close() { drv_cycle_close(pointer) }

  var figures: drv_figures {
    var figures = drv_figures()
    drv_cycle_figures(pointer, &figures)
    return figures
  }

  /// Why the device ended by itself; nil while it has not.
  var shutdown: String? {
    guard drv_cycle_has_ended(pointer) else { return nil }
    let reason = String(cString: drv_cycle_reason(pointer))
    return reason.isEmpty ? "the server gave no reason" : reason
  }

  /// Why a server that must call has not done so for too long; nil while it does.
  var silence: String? {
    let figures = figures
    let period = Double(figures.period) / figures.sample_rate
    guard figures.silence > max(DriverLimits.silenceSeconds, DriverLimits.silencePeriods * period) else {
      return nil
    }
    return "the server has not called for \(Int(figures.silence * 1000)) ms"
  }
}
