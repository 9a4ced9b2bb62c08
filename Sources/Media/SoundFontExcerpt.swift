/// The part of a soundfont that some programs need, as a soundfont of its own: a synth that is never asked for another
/// program makes the same sound of it, to the bit, and has it in a fraction of the time and the memory.
///
/// FluidSynth answers a program that a font lacks with the same program of bank 0, with program 0 of bank 0, or with the
/// drum kit of program 0: the presets of those numbers are in the excerpt, whatever their bank.
package struct SoundFontExcerpt {
  private let file: SoundFontFile
  private let layout: SoundFontLayout
  private var instruments = Numbering()
  private var samples = Numbering()
  private var sampleData: [UInt8] = []

  /// The excerpt of a font for some programs, 0...127, and program 0. Any ordinary thread; the samples that are in it
  /// are read.
  ///
  /// Nil where the whole font has to do: its samples are compressed, of 24 bits, on a synth's chip or of odd places, or
  /// the excerpt would be more than half of it or more than `MediaLimits.maximumExcerptSampleBytes`.
  package static func bytes(of path: String, programs: Set<Int>) throws(MediaError) -> [UInt8]? {
    let file = try SoundFontFile(path: path)
    let layout = try file.layout()
    let zones = try file.checkInstruments(layout)
    try file.checkPresets(layout, instrumentZones: zones)
    try file.checkSamples(layout)
    guard !layout.isCompressed, !layout.hasMoreSampleData else { return nil }
    var excerpt = SoundFontExcerpt(file: file, layout: layout)
    return try excerpt.make(programs.union([0]))
  }

  private init(file: SoundFontFile, layout: SoundFontLayout) {
    self.file = file
    self.layout = layout
  }

  /// New numbers for old ones, in the order in which they were asked for.
  private struct Numbering {
    private(set) var order: [Int] = []
    private var numbers: [Int: Int] = [:]

    mutating func number(of old: Int) -> Int {
      if let number = numbers[old] { return number }
      numbers[old] = order.count
      order.append(old)
      return order.count - 1
    }
  }

  private mutating func make(_ programs: Set<Int>) throws(MediaError) -> [UInt8]? {
    let table = layout.presets
    let kept = (0..<(table.count - 1)).filter { programs.contains(table.word($0, 20)) }
    guard !kept.isEmpty,
      let presets = Self.copy(
        layout.presetZones, of: table, indexAt: 24, kept, naming: 41, count: layout.instruments.count - 1,
        &instruments),
      !instruments.order.isEmpty,
      let played = Self.copy(
        layout.instrumentZones, of: layout.instruments, indexAt: 20, instruments.order, naming: 53,
        count: layout.samples.count - 1, &samples),
      !samples.order.isEmpty, let headers = try copySamples()
    else { return nil }
    var tables = Self.chunk("phdr", presets.records) + presets.chunks("p")
    tables += Self.chunk("inst", played.records) + played.chunks("i") + Self.chunk("shdr", headers)
    var information = Self.words(layout.major, layout.minor)
    information = Self.chunk("ifil", information) + Self.chunk("INAM", Array("excerpt\0".utf8))
    let body =
      Array("sfbk".utf8) + Self.list("INFO", information) + Self.list("sdta", Self.chunk("smpl", sampleData))
      + Self.list("pdta", tables)
    return Int64(body.count) < file.size / 2 ? Self.chunk("RIFF", body) : nil
  }

  // MARK: Zones

  /// Some presets or instruments, and their zones with all settings.
  private struct Copy {
    var records: [UInt8] = []
    var bags: [UInt8] = []
    var modulators: [UInt8] = []
    var generators: [UInt8] = []

    mutating func beginZone() { bags += SoundFontExcerpt.words(generators.count / 4, modulators.count / 10) }

    func chunks(_ letter: String) -> [UInt8] {
      SoundFontExcerpt.chunk("\(letter)bag", bags) + SoundFontExcerpt.chunk("\(letter)mod", modulators)
        + SoundFontExcerpt.chunk("\(letter)gen", generators)
    }
  }

  /// Copies records whose first zone's number is at `field`; what a generator of the number `generator` names gets its
  /// new number. Nil when one names what there is not.
  private static func copy(
    _ zones: SoundFontZones, of table: SoundFontTable, indexAt field: Int, _ kept: [Int],
    naming generator: Int, count: Int, _ targets: inout Numbering
  ) -> Copy? {
    var copy = Copy()
    for record in kept {
      var header = Array(table.bytes(record, 0, count: table.recordBytes))
      header.replaceSubrange(field..<(field + 2), with: words(copy.bags.count / 4))
      copy.records += header
      for zone in table.word(record, field)..<table.word(record + 1, field) {
        copy.beginZone()
        for setting in zones.bags.word(zone, 0)..<zones.bags.word(zone + 1, 0) {
          let (number, amount) = (zones.generators.word(setting, 0), zones.generators.word(setting, 2))
          if number == generator, amount >= count { return nil }
          copy.generators += words(number, number == generator ? targets.number(of: amount) : amount)
        }
        for aim in zones.bags.word(zone, 2)..<zones.bags.word(zone + 1, 2) {
          copy.modulators += zones.modulators.bytes(aim, 0, count: 10)
        }
      }
    }
    var end = Array(table.bytes(table.count - 1, 0, count: table.recordBytes))
    end.replaceSubrange(field..<(field + 2), with: words(copy.bags.count / 4))
    copy.records += end
    copy.beginZone()
    copy.generators += words(0, 0)
    copy.modulators += words(0, 0, 0, 0, 0)
    return copy
  }

  // MARK: Samples

  /// Frames behind a sample that go with it: the format has so many.
  private static let tail: Int64 = 46

  /// The headers of the samples in use; their sound goes to `sampleData`.
  private mutating func copySamples() throws(MediaError) -> [UInt8]? {
    // So that there is a place before the first sample, too.
    sampleData = [0, 0]
    var headers: [UInt8] = []
    for record in samples.order {
      guard let header = try copySample(record) else { return nil }
      headers += header
    }
    return headers + layout.samples.bytes(layout.samples.count - 1, 0, count: layout.samples.recordBytes)
  }

  private mutating func copySample(_ record: Int) throws(MediaError) -> [UInt8]? {
    let sample = SoundFontSample(layout.samples, record)
    let (loopStart, loopEnd) = (sample.loopStart, sample.loopEnd)
    let frames = Int64(layout.sampleData.count) / 2
    // A synth looks where the loop is against where the sample is: before it, in it or behind it. Two places before it
    // can be told apart only where they are, so they are one.
    guard !sample.isInROM, !sample.isCompressed, sample.start < sample.end,
      loopStart == loopEnd || min(loopStart, loopEnd) >= sample.start,
      max(loopStart, loopEnd) <= sample.end + Self.tail
    else { return nil }
    let end = min(frames, max(sample.end, loopStart, loopEnd) + Self.tail)
    let place = Int64(sampleData.count / 2)
    sampleData += try file.bytes(
      at: layout.sampleData.lowerBound + 2 * sample.start, count: Int(2 * (end - sample.start)))
    guard sampleData.count <= MediaLimits.maximumExcerptSampleBytes, Int64(sampleData.count) < file.size / 2
    else { return nil }
    var header = Array(layout.samples.bytes(record, 0, count: layout.samples.recordBytes))
    for (offset, old) in [(20, sample.start), (24, sample.end), (28, loopStart), (32, loopEnd)] {
      let new = old < sample.start ? place - 1 : old - sample.start + place
      header.replaceSubrange(offset..<(offset + 4), with: Self.doubleWord(Int(new)))
    }
    // Nothing plays by the number of the other side's sample, which is another one here.
    header.replaceSubrange(42..<44, with: Self.words(0))
    return header
  }

  // MARK: Bytes

  private static func words(_ values: Int...) -> [UInt8] {
    values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  private static func doubleWord(_ value: Int) -> [UInt8] { words(value, value >> 16) }

  private static func chunk(_ tag: String, _ content: [UInt8]) -> [UInt8] {
    Array(tag.utf8) + doubleWord(content.count) + content
  }

  private static func list(_ kind: String, _ content: [UInt8]) -> [UInt8] {
    chunk("LIST", Array(kind.utf8) + content)
  }
}
