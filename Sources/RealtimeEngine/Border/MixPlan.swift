/// Who feeds whom, compiled for the renderer: read where its command lands, and free again once that is told.
///
/// A strip is a track, the hidden track of auditions or a bus. Of each strip the plan says how much goes over
/// each of its wires; a wire leads to the main bus, to a bus or to the cue, from before or from behind the
/// strip's fader.
package struct MixPlan: BitwiseCopyable {
  /// `EngineLimits.strips` times `EngineLimits.wires` linear gains.
  package var levels: UnsafePointer<Float>
  /// Every bus once: each before those it feeds.
  package var order: InlineArray<16, UInt8>
  package var buses: InlineArray<16, PlannedBus>
}

/// What a bus does with what comes in.
package struct PlannedBus: BitwiseCopyable, Sendable {
  /// A `BusEffect`, or 0 for none.
  package var effect: UInt = 0
  package var tuning = EffectTuning()

  @_noLocks package init() {}
}

/// How an effect sounds, in the renderer's own numbers.
package struct EffectTuning: BitwiseCopyable, Sendable {
  /// For each delay line of the reverb its frames, its gain from one pass to the next and its damping.
  package var lengths = InlineArray<8, Int32>(repeating: 64)
  package var gains = InlineArray<8, Float>(repeating: 0)
  package var dampings = InlineArray<8, Float>(repeating: 0)
  package var inputGain: Float = 0
  package var predelayFrames: Int32 = 0
  /// The chorus: how far its voices swing, and how much of a circle they move on in a grid block.
  package var depthFrames: Float = 0
  package var turnsPerBlock: Double = 0
  /// Differs when anything above does.
  package var stamp: UInt64 = 0

  @_noLocks package init() {}
}

/// The wires of a strip.
package enum Wire {
  /// Where a wire leads: 0 is the main bus, 1 … 16 the buses, 17 the cue.
  package static var main: Int { @_noLocks get { 0 } }
  package static var cue: Int { @_noLocks get { EngineLimits.buses + 1 } }

  @_noLocks
  package static func bus(_ slot: Int) -> Int { slot + 1 }

  /// A wire's place among those of its strip: even behind the fader, odd before it.
  @_noLocks
  package static func index(to place: Int, isPre: Bool) -> Int { 2 * place + (isPre ? 1 : 0) }
}
