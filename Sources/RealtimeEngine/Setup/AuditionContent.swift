/// An audition and what it points to: made on an ordinary thread, lent by address, kept until
/// `Notice.retiredAudition` has named it or the renderer has stopped.
package final class AuditionContent: @unchecked Sendable {
  // Unchecked: written only in `init`.
  private let header: UnsafePointer<Audition>
  private let memory = EngineMemory()
  /// Whose samples it reads.
  private let owner: AnyObject?

  /// `frames` of an audio clip, from `audio.offset` on, as often as `audio.passes` says.
  package init(audio: ScheduledAudio, frames: Int64, gain: Float, owner: AnyObject) {
    self.owner = owner
    let events: [AuditionEvent] = []
    header = Self.header(
      Audition(gain: gain, audio: audio, frames: frames, events: memory.copy(events), eventCount: 0), memory)
  }

  /// `events` need not be sorted; of one frame their order stays. Notes that are held after
  /// `frames` are let go.
  package init(events: [AuditionEvent], frames: Int64, gain: Float) {
    owner = nil
    let sorted = events.enumerated().sorted { ($0.element.frame, $0.offset) < ($1.element.frame, $1.offset) }
      .map(\.element)
    header = Self.header(
      Audition(
        gain: gain, audio: ScheduledRegion.noAudio, frames: frames, events: memory.copy(sorted),
        eventCount: sorted.count), memory)
  }

  private static func header(_ audition: Audition, _ memory: EngineMemory) -> UnsafePointer<Audition> {
    let pointer: UnsafeMutablePointer<Audition> = memory.allocate(1)
    pointer.initialize(to: audition)
    return UnsafePointer(pointer)
  }

  /// What `Command.Kind.audition` carries and `Notice.retiredAudition` gives back.
  package var address: UInt { UInt(bitPattern: header) }

  deinit { memory.deallocate() }
}
