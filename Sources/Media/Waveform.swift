/// Draws sound for a terminal: one bar of eighth blocks per column, from the bottom, as tall as the largest
/// sample of either channel in that column. The loudest column fills the height, so a quiet piece is drawn as
/// clearly as a loud one; a column with any sound shows at least the lowest eighth, and one of pure zeros is
/// blank. Ordinary threads only.
package enum Waveform {
  /// `rows` strings of `columns` characters, the top row first. `right` nil means one channel. Columns and
  /// rows outside 1 to the limits of `MediaLimits` are drawn as the nearest allowed number.
  package static func text(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>?, frames: Int, columns: Int, rows: Int
  ) -> [String] {
    var bins = PeakBins()
    bins.add(left: left, right: right ?? left, frames: frames)
    return draw(bins, columns: columns, rows: rows)
  }

  package static func text(_ buffer: AudioBuffer, columns: Int, rows: Int) -> [String] {
    text(left: buffer.left, right: buffer.right, frames: Int(buffer.frames), columns: columns, rows: rows)
  }

  /// Draws a file, decoded as it goes by: no memory for the length of it.
  package static func text(path: String, columns: Int, rows: Int) throws(MediaError) -> [String] {
    var decoder = try AudioDecoder(path: path)
    var bins = PeakBins()
    while true {
      let frames = decoder.readBlock()
      if frames == 0 { break }
      bins.add(left: decoder.left, right: decoder.right, frames: frames)
    }
    try decoder.requireSound()
    return draw(bins, columns: columns, rows: rows)
  }

  private static let blocks: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  private static func draw(_ bins: PeakBins, columns: Int, rows: Int) -> [String] {
    let columns = min(max(columns, 1), MediaLimits.maximumColumns)
    let rows = min(max(rows, 1), MediaLimits.maximumRows)
    let peaks = bins.columns(columns)
    let loudest = peaks.max() ?? 0
    let heights = peaks.map { peak -> Int in
      guard peak > 0 else { return 0 }
      return max(1, Int((Double(peak) / Double(loudest) * Double(rows * 8)).rounded()))
    }
    return (0..<rows).map { row in
      let below = (rows - 1 - row) * 8
      return String(heights.map { blocks[min(max($0 - below, 0), 8)] })
    }
  }
}
