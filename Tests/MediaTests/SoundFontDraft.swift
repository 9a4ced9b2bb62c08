/// A small soundfont in the making: one preset, one instrument and one sample of 400 frames, unless told
/// otherwise.
struct SoundFontDraft {
  struct Zone {
    /// Generator and amount.
    var settings: [(Int, Int)]
    /// Generators that modulators aim at.
    var aims: [Int] = []
  }

  struct Sample {
    var range = 0..<354
    var loop = 10..<340
    var kind = 1
  }

  var major = 2
  var minor = 4
  var name: [UInt8] = Array("Tiny".utf8) + [0, 0]
  var sampleData = [UInt8](repeating: 1, count: 800)
  /// Name, bank, program and first zone.
  var presets: [(String, Int, Int, Int)] = [("Piano", 0, 0, 0)]
  var presetZones = [Zone(settings: [(41, 0)])]
  /// First zones.
  var instruments = [0]
  var instrumentZones = [Zone(settings: [(54, 1), (53, 0)])]
  var samples = [Sample()]

  func bytes() -> [UInt8] {
    var body = Array("sfbk".utf8)
    let version = UInt16(major).little + UInt16(minor).little
    body += list("INFO", chunk("ifil", version) + chunk("INAM", name))
    body += list("sdta", chunk("smpl", sampleData))
    body += list(
      "pdta",
      chunk("phdr", presetRecords()) + zoneTables("p", presetZones) + chunk("inst", instrumentRecords())
        + zoneTables("i", instrumentZones) + chunk("shdr", sampleRecords()))
    return chunk("RIFF", body)
  }

  private func presetRecords() -> [UInt8] {
    var records: [UInt8] = []
    for (name, bank, program, zone) in presets + [("EOP", 0, 0, presetZones.count)] {
      records += text(name) + words(program, bank, zone) + [UInt8](repeating: 0, count: 12)
    }
    return records
  }

  private func instrumentRecords() -> [UInt8] {
    (instruments + [instrumentZones.count]).flatMap { text("Instrument") + words($0) }
  }

  private func zoneTables(_ letter: String, _ zones: [Zone]) -> [UInt8] {
    var (bags, modulators, generators): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
    for zone in zones + [Zone(settings: [(0, 0)], aims: [0])] {
      bags += words(generators.count / 4, modulators.count / 10)
      for (generator, amount) in zone.settings { generators += words(generator, amount) }
      for aim in zone.aims { modulators += words(0x0502, aim, 100, 0, 0) }
    }
    return chunk("\(letter)bag", bags) + chunk("\(letter)mod", modulators) + chunk("\(letter)gen", generators)
  }

  private func sampleRecords() -> [UInt8] {
    var records: [UInt8] = []
    for sample in samples {
      records += text("Sample")
      for place in [
        sample.range.lowerBound, sample.range.upperBound, sample.loop.lowerBound, sample.loop.upperBound,
      ] {
        records += UInt32(place).little
      }
      records += UInt32(44_100).little + [60, 0] + words(0, sample.kind)
    }
    return records + text("EOS") + [UInt8](repeating: 0, count: 26)
  }

  private func words(_ values: Int...) -> [UInt8] { values.flatMap { UInt16(truncatingIfNeeded: $0).little } }
  private func text(_ text: String) -> [UInt8] {
    Array((Array(text.utf8) + [UInt8](repeating: 0, count: 20)).prefix(20))
  }
  private func chunk(_ tag: String, _ content: [UInt8]) -> [UInt8] {
    Array(tag.utf8) + UInt32(content.count).little + content
  }
  private func list(_ kind: String, _ content: [UInt8]) -> [UInt8] {
    chunk("LIST", Array(kind.utf8) + content)
  }
}

extension [UInt8] {
  /// Where the contents of the first chunk of that tag begin; nil when there is none.
  func contents(of tag: String) -> Int? {
    let letters = Array(tag.utf8)
    return indices.first { $0 + 8 <= count && self[$0..<($0 + 4)].elementsEqual(letters) }.map { $0 + 8 }
  }

  /// The same file with 16 bits in a chunk replaced.
  func replacing(_ tag: String, at offset: Int, with value: Int) -> [UInt8] {
    guard let start = contents(of: tag) else { preconditionFailure("no chunk \(tag)") }
    var file = self
    file.replaceSubrange((start + offset)..<(start + offset + 2), with: UInt16(value).little)
    return file
  }

  /// The same file with the size in its first eight bytes made true.
  func resized() -> [UInt8] {
    var file = self
    file.replaceSubrange(4..<8, with: UInt32(count - 8).little)
    return file
  }
}
