/// Rhythms that share a number of onsets out over a number of steps as evenly as whole steps allow.
package enum Euclid {
  /// `onsets` of `steps`, the first of them on the first step, turned left by `rotation` steps.
  /// More onsets than steps are as many as steps.
  package static func pattern(onsets: Int, steps: Int, rotation: Int = 0) -> [Bool] {
    guard steps > 0 else { return [] }
    let onsets = min(max(onsets, 0), steps)
    return (0..<steps).map { step in
      // The step on which the running sum of onsets/steps passes a whole number.
      let place = (step + rotation) % steps
      return onsets > 0 && (place * onsets) % steps < onsets
    }
  }
}
