/// The RIFF file of SoundFont 2.04: INFO, the sample data, and the nine tables of presets, instruments and
/// samples, each closed by a terminal record.
struct SoundFontFile {
  let samples: [Sample]
  let articulation: Articulation

  func bytes() -> [UInt8] {
    let body =
      ByteString(tag: "sfbk") + list("INFO", information()) + list("sdta", sampleData())
      + list("pdta", tables())
    return chunk("RIFF", body).bytes
  }

  private func information() -> ByteString {
    var version = ByteString()
    version.add16(2)
    version.add16(4)
    return chunk("ifil", version) + chunk("isng", text("EMU8000")) + chunk("INAM", text("Chaosgarden Seed"))
      + chunk("IENG", text("chaosgarden")) + chunk("ICOP", text("CC0"))
      + chunk("ICMT", text("A General MIDI set made by arithmetic alone. CC0 1.0: no rights reserved."))
      + chunk("ISFT", text("chaosgarden:chaosgarden"))
  }

  private func sampleData() -> ByteString {
    var data = ByteString()
    data.reserve(samples.reduce(0) { $0 + ($1.frames.count + Sample.silenceAfter) * 2 })
    for sample in samples {
      for frame in sample.frames { data.add16(Int(frame)) }
      for _ in 0..<Sample.silenceAfter { data.add16(0) }
    }
    return chunk("smpl", data)
  }

  private func tables() -> ByteString {
    let presetZones = articulation.presets.flatMap(\.zones)
    let instrumentZones = articulation.instruments.flatMap(\.zones)
    return chunk("phdr", presetHeaders()) + zoneTables("p", presetZones)
      + chunk("inst", instrumentHeaders()) + zoneTables("i", instrumentZones)
      + chunk("shdr", sampleHeaders())
  }

  private func presetHeaders() -> ByteString {
    var table = ByteString()
    var zone = 0
    func add(_ name: String, _ program: Int, _ bank: Int) {
      table.add(name: name)
      table.add16(program)
      table.add16(bank)
      table.add16(zone)
      for _ in 0..<3 { table.add32(0) }
    }
    for preset in articulation.presets {
      add(preset.name, preset.program, preset.bank)
      zone += preset.zones.count
    }
    add("EOP", 0, 0)
    return table
  }

  private func instrumentHeaders() -> ByteString {
    var table = ByteString()
    var zone = 0
    for instrument in articulation.instruments {
      table.add(name: instrument.name)
      table.add16(zone)
      zone += instrument.zones.count
    }
    table.add(name: "EOI")
    table.add16(zone)
    return table
  }

  /// The bag, modulator and generator tables of either level.
  private func zoneTables(_ level: String, _ zones: [Articulation.Zone]) -> ByteString {
    var (bags, modulators, generators) = (ByteString(), ByteString(), ByteString())
    func closeBag() {
      bags.add16(generators.count / 4)
      bags.add16(modulators.count / 10)
    }
    for zone in zones {
      closeBag()
      for modulator in zone.modulators {
        modulators.add16(Int(modulator.source))
        modulators.add16(Int(modulator.destination.rawValue))
        modulators.add16(modulator.amount)
        modulators.add32(0)
      }
      for setting in zone.settings {
        generators.add16(Int(setting.generator.rawValue))
        generators.add16(setting.amount)
      }
    }
    closeBag()
    for _ in 0..<5 { modulators.add16(0) }
    generators.add32(0)
    return chunk("\(level)bag", bags) + chunk("\(level)mod", modulators) + chunk("\(level)gen", generators)
  }

  private func sampleHeaders() -> ByteString {
    var table = ByteString()
    var start = 0
    for sample in samples {
      let end = start + sample.frames.count
      table.add(name: sample.name)
      table.add32(start)
      table.add32(end)
      table.add32(start + (sample.loop?.lowerBound ?? 0))
      table.add32(start + (sample.loop?.upperBound ?? 0))
      table.add32(Sample.rate)
      table.add8(sample.rootKey)
      table.add8(sample.correction)
      table.add16(0)
      table.add16(1)
      start = end + Sample.silenceAfter
    }
    table.add(name: "EOS")
    for _ in 0..<26 { table.add8(0) }
    return table
  }

  private func text(_ text: String) -> ByteString {
    var bytes = ByteString()
    bytes.add(text.utf8)
    bytes.add8(0)
    if bytes.count % 2 == 1 { bytes.add8(0) }
    return bytes
  }

  private func list(_ kind: String, _ body: ByteString) -> ByteString {
    chunk("LIST", ByteString(tag: kind) + body)
  }

  private func chunk(_ tag: String, _ body: ByteString) -> ByteString {
    var chunk = ByteString(tag: tag)
    chunk.add32(body.count)
    return chunk + body
  }
}

/// Little-endian bytes in the making.
struct ByteString {
  private(set) var bytes: [UInt8] = []

  init() {}
  init(tag: String) { bytes = Array(tag.utf8) }

  var count: Int { bytes.count }

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }
  mutating func add8(_ value: Int) { bytes.append(UInt8(truncatingIfNeeded: value)) }
  mutating func add16(_ value: Int) {
    add8(value)
    add8(value >> 8)
  }
  mutating func add32(_ value: Int) {
    add16(value)
    add16(value >> 16)
  }
  mutating func add(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  /// The format's names: twenty bytes with at least one zero at the end.
  mutating func add(name: String) {
    let short = Array(name.utf8.prefix(19))
    add(short)
    add([UInt8](repeating: 0, count: 20 - short.count))
  }

  static func + (left: ByteString, right: ByteString) -> ByteString {
    var sum = left
    sum.add(right.bytes)
    return sum
  }
}
