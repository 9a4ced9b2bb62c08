/// Another session, complete: what `Command.Kind.enter` carries by address. The renderer reads it in the grid block in
/// which the command lands, and not after that has been told by `Notice.landed`; the mix plan neither.
package struct SessionChange: BitwiseCopyable {
  /// One strip as the session wants it.
  package struct Strip: BitwiseCopyable, Sendable {
    package var isUsed = false
    /// The session that is left uses it too: its tails share the strip, so the controls move instead of jumping.
    package var isShared = false
    package var isMuted = false
    package var isSoloed = false
    /// A synth bank's address, 0 for none.
    package var bank: UInt = 0
    /// Linear.
    package var gain: Float = 1
    package var pan: Float = 0
    package var polyphony = Int32(EngineLimits.trackPolyphony)

    package init() {}
  }

  /// A schedule's address. Its revision is greater than that of any schedule of the session that is left.
  package var schedule: UInt = 0
  package var strips = InlineArray<64, Strip>(repeating: Strip())
  /// A `MixPlan`'s address: who feeds whom among these strips and buses. 0 leaves the routes as they are.
  package var mix: UInt = 0
  /// By the bus's slot.
  package var buses = InlineArray<16, Strip>(repeating: Strip())
  package var masterGain: Float = 1
  /// Where the playhead begins.
  package var tick: Double = 0

  package init() {}
}
