/// Measures loudness with libebur128. Computes for long: ordinary threads only, any number at once.
package enum LoudnessMeter {
  /// Measures planar samples. One channel when `right` is nil or is `left`: it counts once, as BS.1770 has
  /// it.
  package static func measure(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>?, frames: Int, sampleRate: Int
  ) throws(MediaError) -> Loudness {
    let isMono = right == nil || right == left
    var running = try Running(channels: isMono ? 1 : 2, sampleRate: sampleRate)
    running.add(left: left, right: right ?? left, frames: frames)
    return running.result()
  }

  package static func measure(_ buffer: AudioBuffer) throws(MediaError) -> Loudness {
    try measure(
      left: buffer.left, right: buffer.right, frames: Int(buffer.frames),
      sampleRate: Int(buffer.sampleRate.rounded()))
  }

  /// Measures a file at its own rate, folded to stereo as it would be heard. Takes no memory for the length
  /// of it.
  package static func measure(path: String) throws(MediaError) -> Loudness {
    var decoder = try AudioDecoder(path: path)
    var running = try Running(channels: decoder.channels, sampleRate: decoder.info.sampleRate)
    while true {
      let frames = decoder.readBlock()
      if frames == 0 { break }
      running.add(left: decoder.left, right: decoder.right, frames: frames)
    }
    try decoder.requireSound()
    var loudness = running.result()
    loudness.notFiniteSamples = decoder.replacedSamples
    return loudness
  }
}
