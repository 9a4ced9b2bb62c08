import Testing

@testable import Media

/// The part of a soundfont that some programs need.
struct SoundFontExcerptTests {
  /// Four presets of an instrument each; each instrument plays a sample of 400 frames of its own number, the last two
  /// with the loop at 0 and behind the end.
  private func draft() -> SoundFontDraft {
    var draft = SoundFontDraft()
    draft.sampleData = (0..<8).flatMap { [UInt8](repeating: UInt8($0), count: 800) }
    draft.presets = [("Piano", 0, 0, 0), ("Kit", 128, 5, 1), ("Bass", 0, 33, 2), ("Other", 3, 5, 3)]
    draft.presetZones = [3, 1, 2, 0].map { .init(settings: [(43, 0x7F00), (41, $0)], aims: [7]) }
    draft.instruments = [0, 1, 2, 3]
    draft.instrumentZones = (0..<4).map { .init(settings: [(54, 1), (53, $0)], aims: [8, 9]) }
    draft.samples = (0..<4).map {
      .init(range: (400 * $0)..<(400 * $0 + 354), loop: (400 * $0 + 10)..<(400 * $0 + 340))
    }
    draft.samples[3].loop = 0..<0
    return draft
  }

  private func excerpt(_ draft: SoundFontDraft, _ programs: Set<Int>) throws -> [UInt8]? {
    let folder = try TestFolder()
    return try SoundFontExcerpt.bytes(of: try folder.write(draft.bytes(), to: "a.sf2"), programs: programs)
  }

  @Test func itHasThePresetsOfAProgramInEveryBankAndThoseOfProgramZero() throws {
    let folder = try TestFolder()
    let path = try folder.write(try #require(try excerpt(draft(), [5])), to: "b.sf2")
    let info = try SoundFontInfo.read(path: path)
    #expect(info.presets.map(\.name) == ["Piano", "Other", "Kit"])
    #expect(info.instruments == 3 && info.samples == 3)
  }

  @Test func whatAPresetPlaysIsTheSame() throws {
    let folder = try TestFolder()
    let path = try folder.write(try #require(try excerpt(draft(), [])), to: "b.sf2")
    let file = try SoundFontFile(path: path)
    let layout = try file.layout()
    // The piano's zone has its settings and names the one instrument that is left, which was the fourth.
    let zones = layout.presetZones
    #expect((0..<2).map { zones.generators.word($0, 0) } == [43, 41])
    #expect(zones.generators.word(0, 2) == 0x7F00 && zones.generators.word(1, 2) == 0)
    #expect(zones.modulators.count == 2 && layout.instrumentZones.modulators.count == 3)
    #expect(
      layout.instrumentZones.generators.word(1, 0) == 53 && layout.instrumentZones.generators.word(1, 2) == 0)
    // Its sample is the fourth's 354 frames and the 46 behind them; its loop is still before it.
    let sample = SoundFontSample(layout.samples, 0)
    #expect(sample.start == 1 && sample.end == 355 && sample.loopStart == 0 && sample.loopEnd == 0)
    let sound = try file.bytes(at: layout.sampleData.lowerBound + 2, count: 800)
    #expect(sound.allSatisfy { $0 == 3 })
    #expect(layout.sampleData.count == 802)
  }

  @Test func aFontThatCannotBeCutIsNot() throws {
    // More than half of it.
    #expect(try excerpt(SoundFontDraft(), []) == nil)
    var odd = draft()
    odd.samples[3].loop = 10..<30
    #expect(try excerpt(odd, []) == nil)
    var chip = draft()
    chip.samples[3].kind = 0x8001
    #expect(try excerpt(chip, []) == nil)
    var named = draft()
    named.instrumentZones[3].settings = [(53, 3), (53, 9)]
    #expect(try excerpt(named, []) == nil)
  }

  @Test func aBrokenFontIsRefusedAsEver() throws {
    var broken = draft()
    broken.samples[1].range = 0..<99_999
    #expect(throws: MediaError.self) { try excerpt(broken, []) }
  }
}
