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
    var cursor = try FrameCursor { () throws(MediaError) in try AudioDecoder(path: path) }
    let length = ClipLength(
      path: path, channels: cursor.channels, fileRate: cursor.info.sampleRate, sampleRate: sampleRate,
      limitBytes: limitBytes)
    let expected = try length.checked(try fileFrames(stated: cursor.statedFrames, upTo: length))
    guard var memory = SampleMemory(channels: cursor.channels, frames: expected) else {
      throw MediaError(
        .noMemory, path: path, asked: sizeText(length.bytes(frames: Double(expected))),
        found: "less than that free")
    }
    if sampleRate == Double(cursor.info.sampleRate) {
      try copy(from: &cursor, to: &memory)
    } else if let plan = SegmentPlan(from: cursor.info.sampleRate, to: sampleRate) {
      try resample(plan, from: &cursor, to: &memory, length: length)
    } else {
      try resample(from: &cursor, to: &memory, length: length)
    }
    try cursor.requireSound()
    memory.trim()
    return AudioBuffer(
      memory, sampleRate: sampleRate, sourceInfo: cursor.decodedInfo, replacedSamples: cursor.replacedSamples)
  }

  private static func copy(
    from cursor: inout FrameCursor, to memory: inout SampleMemory
  ) throws(MediaError) {
    memory.filled(
      try cursor.read(at: 0, count: memory.room, left: memory.leftEnd, right: memory.rightEnd))
  }

  private static func resample(
    _ plan: SegmentPlan, from cursor: inout FrameCursor, to memory: inout SampleMemory, length: ClipLength
  ) throws(MediaError) {
    let resampler = SegmentResampler(
      plan, from: cursor.info.sampleRate, to: length.sampleRate, channels: cursor.channels, path: length.path)
    var segment: Int64 = 0
    while memory.room > 0 {
      let present = try resampler.make(segment, from: &cursor)
      memory.append(left: resampler.left, right: resampler.right, frames: plan.output)
      if present < plan.output { break }
      segment += 1
    }
    if cursor.decodedFrames > 0 { memory.limit(to: try length.checked(cursor.decodedFrames)) }
  }

  /// To a rate that is no whole number, in one go.
  private static func resample(
    from cursor: inout FrameCursor, to memory: inout SampleMemory, length: ClipLength
  ) throws(MediaError) {
    let resampler = try Resampler(
      from: Double(cursor.info.sampleRate), to: length.sampleRate, channels: cursor.channels,
      path: length.path)
    guard let block = SampleMemory(channels: cursor.channels, frames: MediaLimits.blockFrames) else {
      throw MediaError(.noMemory, path: length.path, asked: "a block of sound", found: "less than that free")
    }
    var done: Int64 = 0
    while true {
      let frames = try cursor.read(
        at: done, count: MediaLimits.blockFrames, left: block.leftEnd, right: block.rightEnd)
      if frames == 0 { break }
      done += Int64(frames)
      resampler.append(left: block.left, right: block.right, frames: frames, to: &memory)
    }
    if done > 0 { resampler.finish(&memory, at: try length.checked(done)) }
  }

  /// The header's length. Where there is none, counts by decoding, in a decoder of its own, and stops once
  /// the clip would be too large anyway.
  static func fileFrames(stated: Int64?, upTo length: ClipLength) throws(MediaError) -> Int64 {
    if let stated { return stated }
    var counter = try AudioDecoder(path: length.path)
    while counter.readBlock() > 0, length.fits(counter.framesRead) {}
    try counter.requireSound()
    return counter.framesRead
  }

  static func requireRate(_ rate: Double, path: String) throws(MediaError) {
    let rates = Double(MediaLimits.minimumRate)...Double(MediaLimits.maximumRate)
    guard rates.contains(rate) else {
      throw MediaError(
        .badRate, path: path, asked: "\(MediaLimits.minimumRate) to \(MediaLimits.maximumRate) Hz",
        found: "a request for \(rate) Hz")
    }
  }
}
