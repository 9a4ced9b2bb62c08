import CDrivers
import RealtimeEngine

/// One renderer, and whose turn it is to drive it: a device's thread or the keeper's, never two.
///
/// Unchecked: the pointer never changes, and what is behind it guards itself.
final class Baton: @unchecked Sendable {
  let pointer: OpaquePointer
  /// Frames per second that the renderer was made for.
  let sampleRate: Double
  let isKept: Bool
  /// Kept, because the realtime thread writes into it.
  private let tap: CaptureTap?
  private let input: AudioInput?

  /// - Parameter isKept: a clock keeper drives while no device does. Otherwise it is its one device's for good.
  init(_ entry: RenderEntry, sampleRate: Double, isKept: Bool, tap: CaptureTap?, input: AudioInput? = nil)
    throws(DriverError)
  {
    guard
      let pointer = drv_baton_create(
        entry.render, entry.beginThread, entry.context, sampleRate, isKept, tap?.pointer)
    else { throw DriverError.noMemory }
    self.pointer = pointer
    drv_baton_set_midi(pointer, entry.takeMIDI, entry.nextMIDI)
    self.sampleRate = sampleRate
    self.isKept = isKept
    self.tap = tap
    self.input = input
    if let input, let take = entry.takeInput { drv_baton_set_input(pointer, take, input.pointer) }
  }

  deinit { drv_baton_destroy(pointer) }

  var figures: drv_baton_figures {
    var figures = drv_baton_figures()
    drv_baton_figures_of(pointer, &figures)
    return figures
  }
}

extension DriverError {
  static var noMemory: DriverError {
    DriverError(
      "The audio driver was not started.", why: "There is no memory left for its buffers.",
      next: "Close other programs and try again.")
  }
}
