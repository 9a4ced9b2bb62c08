/// The tempo that somebody taps. Time comes in with each tap; any thread.
///
/// The tempo is the median of the last intervals, so that one tap that slips does not move it. A pause of
/// more than two seconds begins anew; a tap sooner after the last than the fastest tempo's beat is a bounce
/// and does not count.
package struct TapTempo: Sendable, Equatable {
  /// Taps before there is a tempo: three intervals, of which one may be wrong.
  package static let tapsNeeded = 4
  /// Intervals that count: older ones are forgotten, so that a new tempo is reached.
  package static let intervalsKept = 8
  package static let resetSeconds = 2.0

  package private(set) var taps = 0
  private var last: Double?
  /// Between the last taps, in seconds, the oldest first.
  package private(set) var intervals: [Double] = []

  package init() {}

  /// A tap at a time of any steady clock, in seconds.
  package mutating func tap(at seconds: Double) {
    guard let last, seconds - last <= Self.resetSeconds, seconds >= last else {
      intervals = []
      taps = 1
      self.last = seconds
      return
    }
    guard seconds - last >= 60 / TimeLimits.maximumBPM else { return }
    taps += 1
    self.last = seconds
    intervals = (intervals + [seconds - last]).suffix(Self.intervalsKept)
  }

  /// Beats a minute, to a hundredth; nil before enough taps have come.
  package var bpm: Double? { taps < Self.tapsNeeded ? nil : Self.bpm(of: intervals) }

  /// The tempo of some intervals in seconds; nil without any, or outside what a tempo map takes.
  package static func bpm(of intervals: [Double]) -> Double? {
    let sorted = intervals.suffix(intervalsKept).sorted()
    guard let above = sorted.dropFirst(sorted.count / 2).first, above > 0 else { return nil }
    let median = sorted.count % 2 == 1 ? above : (sorted[sorted.count / 2 - 1] + above) / 2
    let bpm = (6000 / median).rounded() / 100
    return bpm >= TimeLimits.minimumBPM && bpm <= TimeLimits.maximumBPM ? bpm : nil
  }
}
