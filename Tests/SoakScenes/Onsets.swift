/// Where separated sounds begin, and how far from where they should.
package struct Onsets: Sendable {
  /// The first frame of each above a tenth of the peak, after quiet.
  package let frames: [Int]

  package init(frames: [Int]) { self.frames = frames }

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
  package func halfSpread(spacing: Int) -> Int { Self.halfSpread(offsets(spacing: spacing)[...]) }

  private static func halfSpread(_ offsets: ArraySlice<Int>) -> Int {
    ((offsets.max() ?? 0) - (offsets.min() ?? 0) + 1) / 2
  }

  /// The half spread with the beat standing elsewhere after each of at most `moves` moves, each made where the sounds
  /// would else lie further than `half` frames from it: a cycle that the machine lost moves all that comes after.
  /// Nothing when so many do not do.
  package func halfSpread(spacing: Int, within half: Int, moves: Int) -> (frames: Int, moves: Int)? {
    var left = offsets(spacing: spacing)[...]
    var widest = 0
    var count = 0
    while !left.isEmpty {
      guard count <= moves else { return nil }
      var (low, high) = (left[left.startIndex], left[left.startIndex])
      let stretch = left.prefix { offset in
        (low, high) = (min(low, offset), max(high, offset))
        return high - low <= 2 * half
      }
      widest = max(widest, Self.halfSpread(stretch))
      left = left[stretch.endIndex...]
      count += 1
    }
    return (widest, max(0, count - 1))
  }

  /// - Parameter lost: cycles that the machine took from somebody.
  package func words(of wanted: Int, spacing: Int, lost: Int = 0) -> String {
    let notes = "\(frames.count) of \(wanted) notes within ±"
    guard let found = halfSpread(spacing: spacing, within: 32, moves: lost), found.moves > 0 else {
      return notes + "\(halfSpread(spacing: spacing)) frames"
    }
    return notes + "\(found.frames) frames of a beat that lost cycles have moved \(found.moves) times"
  }
}
