import FoundationEssentials
import Testing

@testable import SeedSoundFont

@Suite struct SeedSoundFontTests {
  @Test func theCommittedFileIsWhatTheGeneratorMakes() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "soundfonts/\(SeedSoundFont.fileName)")
    let committed = try [UInt8](Data(contentsOf: file))
    #expect(committed.elementsEqual(Seed.bytes), "run `swift run make-assets` and commit what it wrote")
  }

  @Test func theFontIsUnderOneMegabyte() {
    #expect(Seed.bytes.count < 1_000_000)
  }

  @Test func informationNamesVersionTitleAndLicence() throws {
    let information = try Seed.font().information
    #expect(information["ifil"] == [2, 0, 4, 0])
    #expect(
      information["INAM"].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } == "Chaosgarden Seed"
    )
    #expect(information["ICOP"] == Array("CC0".utf8) + [0])
  }

  @Test func everyTableIsWholeAndEndsWithItsTerminalRecord() throws {
    let font = try Seed.font()
    for (table, size) in [
      ("phdr", 38), ("pbag", 4), ("pmod", 10), ("pgen", 4), ("inst", 22), ("ibag", 4), ("imod", 10),
      ("igen", 4),
      ("shdr", 46),
    ] {
      #expect(
        font.size(table) >= size && font.size(table) % size == 0, "\(table) has \(font.size(table)) bytes")
    }
    #expect(font.presets.last?.name == "EOP")
    #expect(font.instruments.last?.name == "EOI")
    #expect(font.samples.last?.name == "EOS")
    #expect(font.presets.last?.firstZone == font.bags("pbag").count - 1)
    #expect(font.instruments.last?.firstZone == font.bags("ibag").count - 1)
    #expect(font.bags("pbag").last?.firstGenerator == font.generators("pgen").count - 1)
    #expect(font.bags("ibag").last?.firstGenerator == font.generators("igen").count - 1)
    #expect(font.bags("ibag").last?.firstModulator == font.size("imod") / 10 - 1)
    #expect(font.size("pmod") == 10, "no preset has a modulator")
  }

  @Test func allProgramsAndTheDrumKitAreThereInOrder() throws {
    let presets = try Seed.font().presets.dropLast()
    #expect(presets.filter { $0.bank == 0 }.map(\.program) == Array(0...127))
    #expect(presets.filter { $0.bank == 128 }.map(\.program) == [0])
    #expect(Set(presets.map(\.name)).count == 129)
  }

  @Test func everyPresetZoneNamesAnInstrumentAndEveryKeyOfThePianoHasASample() throws {
    let font = try Seed.font()
    let (presets, instruments) = (font.presets, font.instruments)
    for (index, preset) in presets.dropLast().enumerated() where preset.bank == 0 {
      for zone in font.zones("pbag", "pgen", preset.firstZone..<presets[index + 1].firstZone) {
        let last = try #require(zone.last)
        #expect(last.kind == 41, "\(preset.name) ends its zone with its instrument")
        #expect((0..<instruments.count - 1).contains(last.amount))
        let range = instruments[last.amount].firstZone..<instruments[last.amount + 1].firstZone
        let sampled = font.zones("ibag", "igen", range).filter { $0.last?.kind == 53 }
        for key in 21...108 {
          let matches = sampled.count { zone in zone.first?.kind == 43 && covers(zone[0].amount, key) }
          #expect(matches == 1, "\(preset.name) has \(matches) samples at key \(key)")
        }
      }
    }
  }

  @Test func everyDrumKeySoundsAndTheHiHatsAloneShareTheFirstExclusiveClass() throws {
    let font = try Seed.font()
    let kit = font.instruments.count - 2
    let zones = font.zones(
      "ibag", "igen", font.instruments[kit].firstZone..<font.instruments[kit + 1].firstZone)
    for key in SeedSoundFont.drumKeys {
      #expect(zones.contains { covers($0[0].amount, key) }, "drum key \(key) is silent")
    }
    let hats = zones.filter { $0.contains { $0.kind == 57 && $0.amount == 1 } }.map { $0[0].amount & 0xFF }
    #expect(hats.sorted() == [42, 44, 46])
  }

  @Test func generatorsAreKnownAndPointAtWhatExists() throws {
    let font = try Seed.font()
    let known: Set<Int> = [
      6, 7, 8, 9, 11, 13, 15, 16, 17, 21, 22, 23, 24, 26, 28, 29, 30, 34, 36, 37, 38, 40, 43, 48, 51, 52, 53,
      54, 56,
      57, 58,
    ]
    for generator in font.generators("igen").dropLast() {
      #expect(known.contains(generator.kind), "generator \(generator.kind)")
      switch generator.kind {
      case 53: #expect((0..<font.samples.count - 1).contains(generator.amount))
      case 8: #expect((1_500...13_500).contains(generator.amount))
      case 9: #expect((0...960).contains(generator.amount))
      case 13: #expect((-960...960).contains(generator.amount))
      case 15, 16, 29: #expect((0...1_000).contains(generator.amount))
      case 17: #expect((-500...500).contains(generator.amount))
      case 21, 23, 26, 28, 30, 34, 36, 38: #expect((-12_000...8_000).contains(generator.amount))
      case 37, 48: #expect((0...1_440).contains(generator.amount))
      case 51: #expect((-120...120).contains(generator.amount))
      case 52: #expect((-99...99).contains(generator.amount))
      case 58: #expect((0...127).contains(generator.amount))
      default: break
      }
    }
  }

  private func covers(_ range: Int, _ key: Int) -> Bool { range & 0xFF <= key && key <= range >> 8 & 0xFF }
}
