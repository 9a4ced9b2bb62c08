import Media

/// One file of a render on its way: whole and named in the end, or not there at all. One thread.
final class RenderFile {
  let path: String
  private var writer: AudioFileWriter?

  init(
    path: String, sampleRate: Double, format: AudioFileWriter.Format?, dither: Bool
  ) throws(MediaError) {
    self.path = path
    writer = try AudioFileWriter(
      path: path, sampleRate: Int(sampleRate), channels: 2, format: format, dither: dither)
  }

  func write(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>, frames: Int
  ) throws(MediaError) {
    try writer?.write(left: left, right: right, frames: frames)
  }

  /// Puts it on the disk; it has its name after `commit` only.
  func finish() throws(MediaError) -> FinishedFile? {
    guard let writer = writer.take() else { return nil }
    return try writer.finish()
  }
}
