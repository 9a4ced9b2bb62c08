/// Reads audio files whole. Blocks on the disk and computes for long: ordinary threads only, any number at
/// once.
package enum AudioFileReader {
  /// What the file says about itself. Cheap, except for the few files that state no length, which are decoded
  /// once to count it.
  package static func info(path: String) throws(MediaError) -> AudioFileInfo {
    var decoder = try AudioDecoder(path: path)
    if decoder.statedFrames != nil { return decoder.info }
    while decoder.readBlock() > 0 {}
    try decoder.requireSound()
    return decoder.decodedInfo
  }

  /// Decodes the file at `sampleRate` (Hz) into memory of its own.
  ///
  /// The result has round(frames × sampleRate / file's rate) frames, and a sound at frame n of the file is at
  /// n × sampleRate / file's rate; at equal rates the samples are the file's own, bit for bit. Three to eight
  /// channels are folded to two (see `ChannelFold`). A file that ends early gives what is there and says so
  /// in `sourceInfo`. Refuses, before it takes any memory, what would need more than `limitBytes`.
  package static func load(
    path: String, sampleRate: Double, limitBytes: Int = MediaLimits.maximumClipBytes
  ) throws(MediaError) -> AudioBuffer {
    try requireRate(sampleRate, path: path)
    var decoder = try AudioDecoder(path: path)
    let length = ClipLength(decoder, sampleRate: sampleRate, limitBytes: limitBytes)
    let expected = try length.checked(try fileFrames(decoder, upTo: length))
    guard var memory = SampleMemory(channels: decoder.channels, frames: expected) else {
      throw MediaError(
        .noMemory, path: path, asked: sizeText(length.bytes(frames: Double(expected))),
        found: "less than that free")
    }
    if sampleRate == Double(decoder.info.sampleRate) {
      copy(from: &decoder, to: &memory)
    } else {
      try resample(from: &decoder, to: &memory, length: length)
    }
    try decoder.requireSound()
    memory.trim()
    return AudioBuffer(
      memory, sampleRate: sampleRate, sourceInfo: decoder.decodedInfo,
      replacedSamples: decoder.replacedSamples)
  }

  private static func copy(from decoder: inout AudioDecoder, to memory: inout SampleMemory) {
    while memory.room > 0 {
      let frames = decoder.readBlock()
      if frames == 0 { return }
      memory.append(left: decoder.left, right: decoder.right, frames: frames)
    }
  }

  private static func resample(
    from decoder: inout AudioDecoder, to memory: inout SampleMemory, length: ClipLength
  ) throws(MediaError) {
    let resampler = try Resampler(
      from: Double(decoder.info.sampleRate), to: length.sampleRate, channels: decoder.channels,
      path: decoder.info.path)
    while true {
      let frames = decoder.readBlock()
      if frames == 0 { break }
      resampler.append(left: decoder.left, right: decoder.right, frames: frames, to: &memory)
    }
    if decoder.framesRead > 0 { resampler.finish(&memory, at: try length.checked(decoder.framesRead)) }
  }

  /// The header's length. Where there is none, counts by decoding, in a decoder of its own, and stops once
  /// the clip would be too large anyway.
  private static func fileFrames(
    _ decoder: borrowing AudioDecoder, upTo length: ClipLength
  ) throws(MediaError) -> Int64 {
    if let stated = decoder.statedFrames { return stated }
    var counter = try AudioDecoder(path: length.path)
    while counter.readBlock() > 0, length.fits(counter.framesRead) {}
    try counter.requireSound()
    return counter.framesRead
  }

  private static func requireRate(_ rate: Double, path: String) throws(MediaError) {
    let rates = Double(MediaLimits.minimumRate)...Double(MediaLimits.maximumRate)
    guard rates.contains(rate) else {
      throw MediaError(
        .badRate, path: path, asked: "\(MediaLimits.minimumRate) to \(MediaLimits.maximumRate) Hz",
        found: "a request for \(rate) Hz")
    }
  }
}
