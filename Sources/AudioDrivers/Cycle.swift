import CDrivers
import RealtimeEngine
import Threading

/// One renderer, lent: its gate and its figures. A driver makes one at each start.
///
/// Unchecked: the pointer never changes, and what is behind it is read and written by anybody through
/// atomics; what is the realtime thread's own is touched by `drv_cycle_run` alone.
final class Cycle: @unchecked Sendable {
  let pointer: OpaquePointer
  /// Kept, because the realtime thread writes into it.
  private let tap: CaptureTap?
  private let midi: MIDIInputs?
  /// Why the thread was not given realtime scheduling, when this process asked for it.
  let refusal = Locked<String?>(nil)

  init(
    _ entry: RenderEntry, sampleRate: Double, tap: CaptureTap?, midi: MIDIInputs? = nil
  ) throws(DriverError) {
    guard
      let pointer = drv_cycle_create(entry.render, entry.beginThread, entry.context, sampleRate, tap?.pointer)
    else {
      throw DriverError(
        "The audio driver was not started.", why: "There is no memory left for its buffers.",
        next: "Close other programs and try again.")
    }
    self.pointer = pointer
    self.tap = tap
    self.midi = midi
    drv_cycle_set_midi(pointer, midi?.pointer)
  }

  deinit { drv_cycle_destroy(pointer) }

  /// Returns when the renderer is not running and will not be called again.
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
