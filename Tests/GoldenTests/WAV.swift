/// WAV files byte by byte.
enum WAV {
  /// `tag` 1 is integer PCM, 3 is float.
  static func header(rate: Int, channels: Int, bits: Int, tag: Int, dataBytes: Int) -> [UInt8] {
    let block = channels * bits / 8
    return Array("RIFF".utf8) + little(36 + dataBytes, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
      + little(tag, 2)
      + little(channels, 2) + little(rate, 4) + little(rate * block, 4) + little(block, 2) + little(bits, 2)
      + Array("data".utf8) + little(dataBytes, 4)
  }

  /// Channels of equal length.
  static func floats(_ channels: [[Float]], rate: Int = 48_000) -> [UInt8] {
    interleaved(channels, rate: rate, bits: 32, tag: 3) { $0.bitPattern.littleEndian }
  }

  static func integers(_ channels: [[Int16]], rate: Int = 48_000) -> [UInt8] {
    interleaved(channels, rate: rate, bits: 16, tag: 1) { $0.littleEndian }
  }

  private static func interleaved<Sample, Word: FixedWidthInteger>(
    _ channels: [[Sample]], rate: Int, bits: Int, tag: Int, _ word: (Sample) -> Word
  ) -> [UInt8] {
    let frames = channels[0].count
    var bytes = header(
      rate: rate, channels: channels.count, bits: bits, tag: tag,
      dataBytes: frames * channels.count * bits / 8)
    for frame in 0..<frames {
      for channel in channels { withUnsafeBytes(of: word(channel[frame])) { bytes.append(contentsOf: $0) } }
    }
    return bytes
  }

  private static func little(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
