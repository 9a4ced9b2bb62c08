import MusicalTime

/// Sound beside the timeline, played once on the cue: immutable, lent by address with `Command.Kind.audition`, and
/// back by `Notice.retiredAudition`.
package struct Audition: BitwiseCopyable {
  package var gain: Float
  /// Samples, or an audio part that is never read.
  package var audio: ScheduledAudio
  /// How long it is.
  package var frames: Int64
  /// Sorted by frame.
  package var events: UnsafePointer<AuditionEvent>
  package var eventCount: Int
}

/// A MIDI event, counted in frames from the audition's start.
package struct AuditionEvent: BitwiseCopyable, Sendable {
  package var frame: Int64
  package var event: ClipEvent

  package init(frame: Int64, event: ClipEvent) {
    self.frame = frame
    self.event = event
  }
}
