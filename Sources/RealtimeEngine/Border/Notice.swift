/// What the renderer tells the control thread: what landed, what comes back to be freed, what happened.
package struct Notice: BitwiseCopyable, Sendable {
  package enum Kind: BitwiseCopyable, Sendable {
    /// Command `id` took effect at `frame`, `late` frames after it was due. `address` 1: it was a schedule that came
    /// after its line, and is not taken.
    case landed
    /// The schedule with revision `id` is used no more.
    case retiredSchedule
    /// The synth bank at `address` is used no more.
    case retiredBank
    /// The table of heads with revision `id` is used no more.
    case retiredHeads
    /// The jump of command `id` was still waiting when another one came: it is not made.
    case overtaken
    /// Region `id` has run out of samples and is silent (`address`: a `StreamCause`); it sounds again after
    /// `late` frames.
    case starving, starved
    /// The audition at `address` is used no more: it is over, or another has taken its place.
    case retiredAudition
    /// The bus effect at `address` is used no more.
    case retiredEffect
    /// The playhead passed the end given with `play`, or a pause beside the ring took effect.
    case halted
    /// The count is over, and the music starts.
    case countedIn
    /// The playhead went back to the loop's start.
    case looped
    /// Region `id` started to sound (`late` 0: from its start; 1: entered midway).
    case regionStarted
    /// Region `id` could not start: every channel block, player or voice was taken.
    case regionRefused
  }

  package var kind: Kind
  package var track: Int32
  package var id: UInt64
  /// The device's monotonic frame.
  package var frame: Int64
  /// Where the playhead was then, in ticks.
  package var tick: Double
  package var late: Int64
  package var address: UInt

  @_noLocks
  package init(
    kind: Kind, id: UInt64, frame: Int64, tick: Double, late: Int64 = 0, track: Int32 = -1, address: UInt = 0
  ) {
    self.kind = kind
    self.track = track
    self.id = id
    self.frame = frame
    self.tick = tick
    self.late = late
    self.address = address
  }
}
