/// One buffer for each `OutputChannel`, in its order.
package typealias OutputTable = UnsafePointer<UnsafeMutablePointer<Float>>

/// What a driver is lent: one function and its context, called from exactly one realtime thread at a time.
///
/// `render` fills `frames` (1 to 8192) samples of each of the `OutputChannel.count` buffers; it never waits,
/// allocates or fails. `beginThread` is called on a realtime thread before its first `render`.
package struct RenderEntry: @unchecked Sendable {
  // Unchecked: the context is owned by the renderer's state, which outlives every driver it is lent to.
  package var context: UnsafeMutableRawPointer
  package var render: @convention(c) (UnsafeMutableRawPointer, OutputTable, Int32) -> Void
  package var beginThread: @convention(c) (UnsafeMutableRawPointer) -> Void
  /// Called just before `render`, on its thread, with what came in with the same frames; not called while nothing comes in.
  package var takeInput:
    (@convention(c) (UnsafeMutableRawPointer, UnsafePointer<Float>, UnsafePointer<Float>, Int32) -> Void)?

  package init(
    context: UnsafeMutableRawPointer,
    render: @escaping @convention(c) (UnsafeMutableRawPointer, OutputTable, Int32) -> Void,
    beginThread: @escaping @convention(c) (UnsafeMutableRawPointer) -> Void,
    takeInput: (
      @convention(c) (UnsafeMutableRawPointer, UnsafePointer<Float>, UnsafePointer<Float>, Int32) -> Void
    )? = nil
  ) {
    self.context = context
    self.render = render
    self.beginThread = beginThread
    self.takeInput = takeInput
  }
}
