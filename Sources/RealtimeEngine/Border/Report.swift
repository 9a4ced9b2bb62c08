/// What the renderer last measured: read through a latest-value cell, so reading it costs the renderer
/// nothing.
package struct Report: BitwiseCopyable, Sendable {
  /// Frames handed out since the renderer was made.
  package var deviceFrame: Int64 = 0
  /// The playhead as it is heard, in frames of the tempo map in force and in ticks.
  package var playheadFrame: Int64 = 0
  package var playheadTick: Double = 0
  package var bpm: Double = 120
  package var rolling: Bool = false
  /// Until the music starts; 0 when nothing is counted.
  package var countInFrames: Int64 = 0
  package var scheduleRevision: UInt64 = 0
  package var voices: Int32 = 0
  package var audioVoices: Int32 = 0
  package var midiPlayers: Int32 = 0
  /// Since the start: voices ended by the budget, notes refused by the limit per grid block, regions refused.
  package var voicesStolen: UInt64 = 0
  package var notesRefused: UInt64 = 0
  package var regionsRefused: UInt64 = 0
  package var notesStarted: UInt64 = 0
  package var eventsDelivered: UInt64 = 0
  package var noticesDropped: UInt64 = 0
  /// Commands that landed and changed nothing: a value that is no number, a track that does not exist.
  package var commandsIgnored: UInt64 = 0
  /// How often streams ran out of samples, and the frames that were silent for it.
  package var starvations: UInt64 = 0
  package var framesStarved: UInt64 = 0
  /// MIDI that was no message of MIDI 1.0, that found no room on its way to the control thread, and on its way out.
  package var midiIgnored: UInt64 = 0
  package var midiMissed: UInt64 = 0
  package var midiDropped: UInt64 = 0
  package var limiterReduction: Float = 0
  /// Whether sound comes in, and how many frames after its coming it would be heard.
  package var inputIsFed = false
  package var inputFrames: Int32 = 0
  /// Grid blocks that the loudness meter missed.
  package var meterBlocksDropped: UInt64 = 0

  package init() {}
}

/// A grid block of the main output, left and right in turns.
package typealias MeterBlock = InlineArray<128, Float>

/// Peak and mean square of one stereo bus over the last twentieth of a second, linear.
package struct MeterValue: BitwiseCopyable, Sendable {
  package var peakLeft: Float = 0
  package var peakRight: Float = 0
  package var squareLeft: Float = 0
  package var squareRight: Float = 0

  @_noLocks package init() {}
}

/// The meters of every track, bus, the cue and the master.
package struct MeterReport: BitwiseCopyable, Sendable {
  package var deviceFrame: Int64 = 0
  package var master = MeterValue()
  package var tracks = InlineArray<64, MeterValue>(repeating: MeterValue())
  package var voices = InlineArray<64, Int32>(repeating: 0)
  package var buses = InlineArray<16, MeterValue>(repeating: MeterValue())
  package var cue = MeterValue()
  package var input = MeterValue()

  package init() {}
}
