/// How sound is written for those who listen.
///
/// `f32` and `s16` come in packets of 16 bytes and their frames: the number of the first frame (8 bytes), how many frames
/// follow (4), how many are missing before them (4); then left and right by turns. `wav` is a WAV file without an end, of
/// s16, for players; it does not say what is missing. All of it is little-endian.
enum SoundFormat: String, CaseIterable, Sendable {
  case f32, s16, wav

  /// Of one channel.
  var bytes: Int {
    switch self {
    case .f32: 4
    case .s16, .wav: 2
    }
  }

  /// What stands before the first packet.
  func opening(sampleRate: Int) -> [UInt8] {
    guard case .wav = self else { return [] }
    let rate = UInt32(clamping: sampleRate)
    // Sizes that are not known beforehand are given as large as they can be.
    var head = Array("RIFF".utf8)
    Self.add(UInt32.max, to: &head)
    head += Array("WAVEfmt ".utf8)
    for value in [16, 0x0002_0001, rate, rate &* 4, 0x0010_0004] as [UInt32] { Self.add(value, to: &head) }
    head += Array("data".utf8)
    Self.add(UInt32.max, to: &head)
    return head
  }

  /// One packet: frames as a `FrameHistory` keeps them, a word each with the left sample in its low half.
  func packet(_ words: UnsafeBufferPointer<UInt64>, first: Int64, lost: Int) -> [UInt8] {
    var packet: [UInt8] = []
    packet.reserveCapacity(16 + words.count * 2 * bytes)
    if self != .wav {
      Self.add(first, to: &packet)
      Self.add(UInt32(clamping: words.count), to: &packet)
      Self.add(UInt32(clamping: lost), to: &packet)
    }
    for word in words {
      switch self {
      case .f32: Self.add(word, to: &packet)
      case .s16, .wav:
        let left = UInt32(Self.short(UInt32(truncatingIfNeeded: word)))
        let right = UInt32(Self.short(UInt32(truncatingIfNeeded: word >> 32)))
        Self.add(left | right << 16, to: &packet)
      }
    }
    return packet
  }

  /// A sample's 16 bits; beyond full scale it is full, and NaN is silence.
  private static func short(_ pattern: UInt32) -> UInt16 {
    let sample = Float(bitPattern: pattern)
    guard sample == sample else { return 0 }
    return UInt16(bitPattern: Int16((min(max(sample, -1), 1) * 32_767).rounded()))
  }

  private static func add(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
