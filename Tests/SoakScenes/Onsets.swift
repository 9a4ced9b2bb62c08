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

  /// How far each lies from a steady beat of `spacing` frames: the beat is the median of the sounds around, ten on
  /// either side, so that a cycle the machine lost moves it from there on and is not taken for unsteadiness.
  package func deviations(spacing: Int) -> [Int] {
    guard let first = frames.first else { return [] }
    let offsets = frames.map { frame in
      frame - first - spacing * Int((Double(frame - first) / Double(spacing)).rounded())
    }
    return offsets.indices.map { index in
      let around = offsets[max(0, index - 10)...min(offsets.count - 1, index + 10)].sorted()
      return offsets[index] - around[around.count / 2]
    }
  }

  package func words(of wanted: Int, spacing: Int) -> String {
    let deviations = deviations(spacing: spacing)
    return
      "\(frames.count) of \(wanted) notes within \(deviations.min() ?? 0)…+\(deviations.max() ?? 0) frames"
  }
}
