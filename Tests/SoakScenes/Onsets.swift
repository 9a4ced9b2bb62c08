/// Where separated sounds begin, and how far from where they should.
package struct Onsets: Sendable {
  /// The first frame of each above a tenth of the peak, after quiet.
  package let frames: [Int]

  /// - Parameter gap: frames of quiet before a sound.
  package init(_ samples: [Float], gap: Int) {
    var peak: Float = 0
    for sample in samples { peak = max(peak, abs(sample)) }
    let floor = max(peak / 10, 1e-4)
    var frames: [Int] = []
    var quiet = gap
    for (frame, sample) in samples.enumerated() {
      if abs(sample) > floor {
        if quiet >= gap { frames.append(frame) }
        quiet = 0
      } else {
        quiet += 1
      }
    }
    self.frames = frames
  }

  /// How far each lies from a steady beat of `spacing` frames that begins with the first.
  private func offsets(spacing: Int) -> [Int] {
    guard let first = frames.first else { return [] }
    return frames.map { frame in
      frame - first - spacing * Int((Double(frame - first) / Double(spacing)).rounded())
    }
  }

  /// Half the distance between the earliest and the latest, rounded up: they lie within so many frames of a beat.
  package func halfSpread(spacing: Int) -> Int {
    let offsets = offsets(spacing: spacing)
    return ((offsets.max() ?? 0) - (offsets.min() ?? 0) + 1) / 2
  }

  /// The same, but from the median of the sounds around, ten on either side, so that a cycle the machine lost moves the
  /// beat from there on and is not taken for unsteadiness.
  package func halfSpreadAround(spacing: Int) -> Int {
    let offsets = offsets(spacing: spacing)
    let deviations = offsets.indices.map { index in
      let around = offsets[max(0, index - 10)...min(offsets.count - 1, index + 10)].sorted()
      return offsets[index] - around[around.count / 2]
    }
    return ((deviations.max() ?? 0) - (deviations.min() ?? 0) + 1) / 2
  }

  package func words(of wanted: Int, spacing: Int) -> String {
    let spread = min(halfSpread(spacing: spacing), halfSpreadAround(spacing: spacing))
    return "\(frames.count) of \(wanted) notes within ±\(spread) frames"
  }
}
