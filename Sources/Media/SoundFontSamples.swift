extension SoundFontFile {
  /// Checks that every sample lies inside the sample data, and how long the compressed ones will be.
  func checkSamples(_ layout: SoundFontLayout) throws(MediaError) {
    var lengths = CompressedLengths()
    for record in 0..<(layout.samples.count - 1) {
      let sample = SoundFontSample(layout.samples, record)
      // The samples of a synth's own chip are not in the file.
      if sample.isInROM { continue }
      guard sample.isCompressed == false || layout.isCompressed else {
        throw broken("sample \(record) compressed in a font of version 2", asked: "version 3 for that")
      }
      try checkRange(of: sample, record, unitBytes: sample.isCompressed ? 1 : 2, layout)
      if layout.isCompressed { try lengths.add(sample, record, layout.sampleData, in: self) }
    }
  }

  /// `unitBytes`: 1 for compressed samples, which are placed by bytes, and 2 for others, placed by frames.
  private func checkRange(
    of sample: SoundFontSample, _ record: Int, unitBytes: Int64, _ layout: SoundFontLayout
  ) throws(MediaError) {
    let end = Int64(layout.sampleData.count) / unitBytes
    guard sample.start <= sample.end, sample.end <= end else {
      throw broken(
        "sample \(record) from \(sample.start) to \(sample.end)", asked: "a place inside the \(end) there are"
      )
    }
    // A compressed sample's loop counts decoded frames; the synth holds it against those.
    guard sample.isCompressed || (sample.loopStart <= end && sample.loopEnd <= end) else {
      throw broken(
        "a loop of sample \(record) from \(sample.loopStart) to \(sample.loopEnd)",
        asked: "a place inside the \(end) there are")
    }
  }
}

/// A sample's record: places in frames from the start of the sample data, in bytes when compressed.
struct SoundFontSample {
  let start: Int64
  let end: Int64
  let loopStart: Int64
  let loopEnd: Int64
  let isCompressed: Bool
  let isInROM: Bool

  init(_ table: SoundFontTable, _ record: Int) {
    start = table.doubleWord(record, 20)
    end = table.doubleWord(record, 24)
    loopStart = table.doubleWord(record, 28)
    loopEnd = table.doubleWord(record, 32)
    let kind = table.word(record, 44)
    isCompressed = kind & 0x10 != 0
    isInROM = kind & 0x8000 != 0
  }
}

/// Adds up what the samples of an SF3 font will take in memory. Each is decoded by itself, so samples that
/// share bytes count as often as they are different.
private struct CompressedLengths {
  private var seen: Set<Range<Int64>> = []
  private var frames: Int64 = 0

  mutating func add(
    _ sample: SoundFontSample, _ record: Int, _ data: Range<Int64>, in font: SoundFontFile
  ) throws(MediaError) {
    guard seen.insert(sample.start..<sample.end).inserted else { return }
    frames +=
      sample.isCompressed ? try decoded(sample, record, data, in: font) : sample.end - sample.start + 46
    guard frames <= MediaLimits.maximumSoundFontFrames else {
      throw font.broken(
        "samples that would be longer than that",
        asked: "at most \(MediaLimits.maximumSoundFontFrames) frames in all")
    }
  }

  /// The most frames that the Ogg pages between a sample's first and last byte claim to have reached.
  private func decoded(
    _ sample: SoundFontSample, _ record: Int, _ data: Range<Int64>, in font: SoundFontFile
  ) throws(MediaError) -> Int64 {
    var most: Int64 = 0
    let end = data.lowerBound + sample.end
    var offset = data.lowerBound + sample.start
    var isFirst = true
    while offset < end {
      // Blocks overlap by a page's first fourteen bytes less one, so that none is missed between them.
      let block = try font.bytes(
        at: offset, count: Int(min(end - offset, Self.blockBytes + Self.headBytes - 1)))
      if isFirst, !block.starts(with: "OggS".utf8) {
        throw font.broken(
          "sample \(record) that begins with \"\(SoundFontFile.dotted(block.prefix(4)))\"",
          asked: "\"OggS\" there")
      }
      isFirst = false
      most = max(most, try Self.reached(in: block, record, font))
      offset += Self.blockBytes
    }
    return most
  }

  private static let blockBytes: Int64 = 1 << 20
  private static let headBytes: Int64 = 14

  private static func reached(
    in block: [UInt8], _ record: Int, _ font: SoundFontFile
  ) throws(MediaError) -> Int64 {
    var most: Int64 = 0
    var rest = block[...]
    while let letter = rest.firstIndex(of: UInt8(ascii: "O")), block.count - letter >= Self.headBytes {
      rest = block[(letter + 1)...]
      guard block[letter..<(letter + 4)].elementsEqual("OggS".utf8) else { continue }
      let place =
        Int64(block.doubleWord(at: letter + 6)) | Int64(Int32(bitPattern: block.doubleWord(at: letter + 10)))
        << 32
      // -1 stands on a page in which no packet ends.
      guard place >= -1, place <= MediaLimits.maximumSoundFontFrames else {
        throw font.broken(
          "sample \(record) that claims frame \(place)",
          asked: "at most \(MediaLimits.maximumSoundFontFrames) frames")
      }
      most = max(most, place)
    }
    return most
  }
}
