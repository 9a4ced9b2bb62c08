/// Where everything in a soundfont is, and its tables.
struct SoundFontLayout {
  var major = 0
  var minor = 0
  var name = ""
  /// The place of the sample data in the file.
  var sampleData: Range<Int64> = 0..<0
  /// More stands behind it: the low bytes of samples of 24 bits.
  var hasMoreSampleData = false
  var presets = SoundFontTable.empty
  var presetZones = SoundFontZones.empty
  var instruments = SoundFontTable.empty
  var instrumentZones = SoundFontZones.empty
  var samples = SoundFontTable.empty

  var isCompressed: Bool { major == 3 }
}

/// The three tables that describe the zones of presets, or those of instruments.
struct SoundFontZones {
  var bags: SoundFontTable
  var modulators: SoundFontTable
  var generators: SoundFontTable

  static let empty = SoundFontZones(bags: .empty, modulators: .empty, generators: .empty)
}

/// One table: records of a fixed size, the last of which only marks the end.
struct SoundFontTable {
  let tag: String
  let recordBytes: Int
  let content: [UInt8]

  static let empty = SoundFontTable(tag: "", recordBytes: 1, content: [])

  var count: Int { content.count / recordBytes }
  var records: Range<Int> { 0..<count }

  func word(_ record: Int, _ offset: Int) -> Int { content.word(at: record * recordBytes + offset) }
  func doubleWord(_ record: Int, _ offset: Int) -> Int64 {
    Int64(content.doubleWord(at: record * recordBytes + offset))
  }
  func bytes(_ record: Int, _ offset: Int, count: Int) -> ArraySlice<UInt8> {
    content[(record * recordBytes + offset)...].prefix(count)
  }
}

extension SoundFontFile {
  /// Walks the three lists, which must stand in the format's order, and reads the tables.
  func layout() throws(MediaError) -> SoundFontLayout {
    var layout = SoundFontLayout()
    let information = try list("INFO", at: 12)
    let sampleData = try list("sdta", at: information.end)
    let tables = try list("pdta", at: sampleData.end)
    try readInformation(information, into: &layout)
    layout.sampleData = try samples(in: sampleData)
    layout.hasMoreSampleData = sampleData.end - layout.sampleData.upperBound > 1
    try readTables(tables, into: &layout)
    return layout
  }

  /// The contents of a list, after the four letters of its kind.
  private func list(_ kind: String, at offset: Int64) throws(MediaError) -> SoundFontChunk {
    let list = try chunk(at: offset, end: size, in: "the file")
    let found = list.size >= 4 ? try bytes(at: list.start, count: 4) : []
    guard list.isTagged("LIST"), found.elementsEqual(kind.utf8) else {
      throw broken(
        "\"\(list.name) \(Self.dotted(found))\" at byte \(offset)", asked: "\"LIST \(kind)\" there")
    }
    return SoundFontChunk(tag: found, start: list.start + 4, size: list.size - 4)
  }

  private static let knownInformation: Set = [
    "isng", "INAM", "irom", "ICRD", "IENG", "IPRD", "ICOP", "ICMT", "ISFT", "snam",
  ]

  private func readInformation(_ list: SoundFontChunk, into layout: inout SoundFontLayout) throws(MediaError)
  {
    var offset = list.start
    var count = 0
    while offset < list.end {
      let chunk = try chunk(at: offset, end: list.end, in: "the information")
      count += 1
      guard count <= MediaLimits.maximumInformationChunks else {
        throw broken(
          "more information than that",
          asked: "at most \(MediaLimits.maximumInformationChunks) chunks of information")
      }
      switch chunk.name {
      case "ifil":
        try checkSize(chunk, "exactly 4 bytes", chunk.size == 4)
        let version = try bytes(at: chunk.start, count: 4)
        (layout.major, layout.minor) = (version.word(at: 0), version.word(at: 2))
      case "iver":
        try checkSize(chunk, "exactly 4 bytes", chunk.size == 4)
      case let name where Self.knownInformation.contains(name):
        let limit: Int64 = name == "ICMT" ? 65_536 : 256
        try checkSize(
          chunk, "an even number of bytes up to \(limit)", chunk.size <= limit && chunk.size % 2 == 0)
        if name == "INAM" {
          layout.name = soundFontText(try bytes(at: chunk.start, count: Int(chunk.size))[...])
        }
      default:
        throw broken("a chunk \"\(chunk.name)\" in the information", asked: "the chunks the format knows")
      }
      offset = chunk.end
    }
    guard layout.major == 2 || layout.major == 3 else {
      throw broken("version \(layout.major).\(layout.minor)", asked: "a soundfont of version 2 or 3")
    }
  }

  private func checkSize(_ chunk: SoundFontChunk, _ asked: String, _ isGood: Bool) throws(MediaError) {
    guard isGood else { throw broken("a chunk \"\(chunk.name)\" of \(chunk.size) bytes", asked: asked) }
  }

  private func samples(in list: SoundFontChunk) throws(MediaError) -> Range<Int64> {
    let samples = try chunk(at: list.start, end: list.end, in: "the sample data")
    guard samples.isTagged("smpl") else {
      throw broken("a chunk \"\(samples.name)\" at byte \(list.start)", asked: "the samples, \"smpl\"")
    }
    guard samples.size >= 2 else {
      throw broken("a font without samples", asked: "at least one frame of sound")
    }
    return samples.start..<samples.end
  }

  private func readTables(_ list: SoundFontChunk, into layout: inout SoundFontLayout) throws(MediaError) {
    var offset = list.start
    layout.presets = try table("phdr", 38, at: &offset, of: list)
    layout.presetZones.bags = try table("pbag", 4, at: &offset, of: list)
    layout.presetZones.modulators = try table("pmod", 10, at: &offset, of: list)
    layout.presetZones.generators = try table("pgen", 4, at: &offset, of: list)
    layout.instruments = try table("inst", 22, at: &offset, of: list)
    layout.instrumentZones.bags = try table("ibag", 4, at: &offset, of: list)
    layout.instrumentZones.modulators = try table("imod", 10, at: &offset, of: list)
    layout.instrumentZones.generators = try table("igen", 4, at: &offset, of: list)
    layout.samples = try table("shdr", 46, at: &offset, of: list)
  }

  private func table(
    _ tag: String, _ recordBytes: Int, at offset: inout Int64, of list: SoundFontChunk
  ) throws(MediaError) -> SoundFontTable {
    let chunk = try chunk(at: offset, end: list.end, in: "the tables")
    guard chunk.isTagged(tag) else {
      throw broken("a chunk \"\(chunk.name)\" at byte \(offset)", asked: "the table \"\(tag)\" there")
    }
    // Indexes into a table have 16 bits, so with the end's record there are at most 65537.
    guard chunk.size % Int64(recordBytes) == 0, chunk.size / Int64(recordBytes) <= 65_537 else {
      throw broken(
        "a table \"\(tag)\" of \(chunk.size) bytes", asked: "at most 65537 records of \(recordBytes) bytes")
    }
    offset = chunk.end
    return SoundFontTable(
      tag: tag, recordBytes: recordBytes, content: try bytes(at: chunk.start, count: Int(chunk.size)))
  }
}
