/// Every limit of what grows while it is played, each with what is done beyond it.
package enum GrowthLimits {
  /// Parts of all jobs that wait to be taken apart, and their bytes; a further one is counted and not used.
  package static let waiting = 256
  package static let waitingBytes = 64 << 20
  /// Parts of one job that wait for one before them; then that one is taken to be lost.
  package static let reordered = 32
  /// The number of a part; one beyond is counted and not used.
  package static let numbers = 1 << 31
  /// Notes and controllers of one part; a larger one is counted and not used.
  package static let eventsOfPart = 16_384
  /// Likewise of all of a job; its region grows no further.
  package static let events = 65_536
  /// Beats and seconds that a region may grow to.
  package static let beats = 16_384
  package static let seconds = 600
  /// Jobs whose parts are taken up at once; the parts of a further one are counted only.
  package static let jobs = 64
  /// Finished jobs of which is known what came.
  package static let remembered = 256
  /// Parts of a job of which can be told again.
  package static let told = 1024
  /// Milliseconds in which what has grown and what its job made of it in the end are faded into each other.
  package static let seamMilliseconds = 10
}
