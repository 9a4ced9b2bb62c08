/// The largest magnitudes of a sound of unknown length, in at most `capacity` equal bins: when they are full,
/// pairs are merged and each covers twice as many frames.
struct PeakBins {
  private var peaks: [Float] = []
  private var framesPerBin = 1
  private var framesInLast = 0
  private var frames = 0

  /// Eight times the widest drawing, so that a column's edge is off by an eighth of it at most.
  private static let capacity = 8 * MediaLimits.maximumColumns

  mutating func add(left: UnsafePointer<Float>, right: UnsafePointer<Float>, frames count: Int) {
    for frame in 0..<max(count, 0) {
      var peak: Float = 0
      // The comparison is false for NaN, which counts as no sound.
      if left[frame].magnitude > peak { peak = left[frame].magnitude }
      if right[frame].magnitude > peak { peak = right[frame].magnitude }
      add(min(peak, Float.greatestFiniteMagnitude))
    }
  }

  private mutating func add(_ peak: Float) {
    if framesInLast == framesPerBin || peaks.isEmpty {
      if peaks.count == Self.capacity { merge() }
      if framesInLast == framesPerBin || peaks.isEmpty {
        peaks.append(0)
        framesInLast = 0
      }
    }
    peaks[peaks.count - 1] = max(peaks[peaks.count - 1], peak)
    framesInLast += 1
    frames += 1
  }

  private mutating func merge() {
    for index in 0..<(peaks.count / 2) { peaks[index] = max(peaks[2 * index], peaks[2 * index + 1]) }
    peaks.removeLast(peaks.count / 2)
    framesPerBin *= 2
    framesInLast = framesPerBin
  }

  /// The peak of each of `count` equal stretches, each at least one bin long.
  func columns(_ count: Int) -> [Float] {
    guard frames > 0 else { return [Float](repeating: 0, count: count) }
    let scale = Double(frames) / Double(count) / Double(framesPerBin)
    return (0..<count).map { column in
      let first = min(Int(Double(column) * scale), peaks.count - 1)
      let end = min(max(Int(Double(column + 1) * scale), first + 1), peaks.count)
      return peaks[first..<end].max() ?? 0
    }
  }
}
