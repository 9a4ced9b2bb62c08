/// One buffer for each `OutputChannel`, in its order.
package typealias OutputTable = UnsafePointer<UnsafeMutablePointer<Float>>

/// What a driver is lent: one function and its context, called from exactly one realtime thread at a time.
///
/// `render` fills `frames` (1 to 8192) samples of each of the `OutputChannel.count` buffers; it never waits,
/// allocates or fails. `beginThread` is called on a realtime thread before its first `render`.
///
/// A device with MIDI ports gives what came in to `takeMIDI`, before the `render` it belongs to, and asks `nextMIDI`
/// after it for what is due before a frame, until there is no more. One thread at a time; frames are counted as those
/// that were rendered; for the packed form see `PortMessage`.
package struct RenderEntry: @unchecked Sendable {
  // Unchecked: the context is owned by the renderer's state, which outlives every driver it is lent to.
  package var context: UnsafeMutableRawPointer
  package var render: @convention(c) (UnsafeMutableRawPointer, OutputTable, Int32) -> Void
  package var beginThread: @convention(c) (UnsafeMutableRawPointer) -> Void
  /// Called just before `render`, on its thread, with what came in with the same frames; not called while nothing comes in.
  package var takeInput:
    (@convention(c) (UnsafeMutableRawPointer, UnsafePointer<Float>, UnsafePointer<Float>, Int32) -> Void)?
  package typealias TakeMIDI = @convention(c) (UnsafeMutableRawPointer, Int64, UInt64) -> Void
  package typealias NextMIDI =
    @convention(c) (
      UnsafeMutableRawPointer, Int64, UnsafeMutablePointer<Int64>, UnsafeMutablePointer<UInt64>
    ) -> Bool
  package var takeMIDI: TakeMIDI
  package var nextMIDI: NextMIDI

  package init(
    context: UnsafeMutableRawPointer,
    render: @escaping @convention(c) (UnsafeMutableRawPointer, OutputTable, Int32) -> Void,
    beginThread: @escaping @convention(c) (UnsafeMutableRawPointer) -> Void,
    takeInput: (
      @convention(c) (UnsafeMutableRawPointer, UnsafePointer<Float>, UnsafePointer<Float>, Int32) -> Void
    )? = nil,
    takeMIDI: @escaping TakeMIDI = { _, _, _ in }, nextMIDI: @escaping NextMIDI = { _, _, _, _ in false }
  ) {
    self.context = context
    self.render = render
    self.beginThread = beginThread
    self.takeInput = takeInput
    self.takeMIDI = takeMIDI
    self.nextMIDI = nextMIDI
  }
}
