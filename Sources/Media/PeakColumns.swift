/// The lowest and the highest sample in each of some equal stretches of a sound whose length is known: a picture of it.
package struct PeakColumns: Sendable {
  package let count: Int
  /// Of the whole sound.
  package let frames: Int64
  private var lows: [Float]
  private var highs: [Float]

  /// `count` columns, at least 1; more than there are frames would leave some empty, so there are fewer then.
  package init(count: Int, frames: Int64) {
    self.frames = max(frames, 0)
    self.count = Int(min(Int64(max(count, 1)), max(frames, 1)))
    lows = Array(repeating: 0, count: self.count)
    highs = lows
  }

  /// The first frame of a column; of `count` the sound's end.
  package func start(of column: Int) -> Int64 {
    let (high, low) = frames.multipliedFullWidth(by: Int64(column))
    return Int64(count).dividingFullWidth((high, low)).quotient
  }

  /// Takes in frames of one column. NaN counts as no sound.
  package mutating func add(
    _ column: Int, left: UnsafePointer<Float>, right: UnsafePointer<Float>, frames count: Int
  ) {
    var (low, high) = (lows[column], highs[column])
    for frame in 0..<max(count, 0) {
      if left[frame] < low { low = left[frame] }
      if left[frame] > high { high = left[frame] }
      if right[frame] < low { low = right[frame] }
      if right[frame] > high { high = right[frame] }
    }
    (lows[column], highs[column]) = (low, high)
  }

  /// Lowest and highest of each column by turns, in hundredths of full scale, −100 … 100; beyond full scale it is full.
  package var hundredths: [Int] {
    (0..<count).flatMap { column in
      [lows[column], highs[column]].map { Int((min(max($0, -1), 1) * 100).rounded()) }
    }
  }
}

extension PeakColumns {
  /// All of a sound that is in memory.
  package init(_ buffer: AudioBuffer, count: Int) {
    self.init(count: count, frames: buffer.frames)
    for column in 0..<self.count {
      let first = start(of: column)
      add(
        column, left: buffer.left + Int(first), right: buffer.right + Int(first),
        frames: Int(start(of: column + 1) - first))
    }
  }

  /// A file that streams, read through a place of its own: at most `limit` frames of it, the beginning of each column.
  ///
  /// Waits for the disk.
  package init(_ audio: StreamedAudio, count: Int, limit: Int64) throws(MediaError) {
    self.init(count: count, frames: audio.frames)
    let source = try StreamSource(audio)
    let most = max(1, limit / Int64(self.count))
    let room = MediaLimits.blockFrames
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 2 * room)
    memory.initialize(repeating: 0, count: 2 * room)
    defer { memory.deallocate() }
    let right = audio.channels == 2 ? memory + room : memory
    for column in 0..<self.count {
      var frame = start(of: column)
      let end = min(start(of: column + 1), frame + most)
      while frame < end {
        let read = try source.read(
          at: frame, count: Int(min(end - frame, Int64(room))), left: memory, right: right)
        guard read > 0 else { return }
        add(column, left: memory, right: right, frames: read)
        frame += Int64(read)
      }
    }
  }
}
