import Glibc
import Testing

@testable import Media

/// Every soundfont that is not given to a synth, and the reason.
struct SoundFontRefusalTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func fontRefusal(_ file: [UInt8], _ name: String = "a.sf2") throws -> MediaError? {
    let path = try folder.write(file, to: name)
    return refusal { () throws(MediaError) in try SoundFontInfo.read(path: path) }
  }

  private func fontRefusal(at path: String) -> MediaError? {
    refusal { () throws(MediaError) in try SoundFontInfo.read(path: path) }
  }

  private func draftRefusal(_ change: (inout SoundFontDraft) -> Void) throws -> MediaError? {
    var draft = SoundFontDraft()
    change(&draft)
    return try fontRefusal(draft.bytes())
  }

  @Test func theDraftItselfIsNotRefused() throws {
    #expect(try fontRefusal(SoundFontDraft().bytes()) == nil)
  }

  @Test func whatIsNoFileAtAllIsRefusedAsSuch() throws {
    #expect(fontRefusal(at: folder("none.sf2"))?.kind == .missing)
    #expect(fontRefusal(at: folder.path)?.kind == .isDirectory)
    #expect(mkfifo(folder("pipe.sf2"), 0o600) == 0)
    #expect(fontRefusal(at: folder("pipe.sf2"))?.kind == .notAFile)
    #expect(try fontRefusal([])?.kind == .notSoundFont)
  }

  @Test(arguments: [
    Array("just some text, longer than a header".utf8), Array("MThd\0\0\0\u{6}\0\u{1}\0\u{1}\0\u{60}".utf8),
    wavBytes(rate: 48_000, channels: 1, bits: 16, data: [0, 0]), Array("RIFF".utf8), [0x1F, 0x8B],
  ])
  func aSoundfontInNameOnlyIsToldWhatItBeginsWith(file: [UInt8]) throws {
    let error = try #require(try fontRefusal(file))
    #expect(error.kind == .notSoundFont)
    #expect(error.found.contains("begins with \"" + SoundFontFile.dotted(file.prefix(12)) + "\""))
  }

  @Test func aFileBeyondTheLimitIsRefusedUnread() throws {
    let path = try folder.write(SoundFontDraft().bytes(), to: "a.sf2")
    #expect(truncate(path, off_t(MediaLimits.maximumSoundFontBytes) + 1) == 0)
    let error = try #require(fontRefusal(at: path))
    #expect(error.kind == .soundFontTooLarge && error.asked == "at most 2.0 GB" && error.found == "2.0 GB")
  }

  @Test func everyBeginningOfAFontIsRefused() throws {
    let file = SoundFontDraft().bytes()
    for count in 12..<file.count {
      let short = Array(file[..<count])
      #expect(try fontRefusal(short)?.kind == .brokenSoundFont)
      #expect(
        try fontRefusal(short.resized())?.kind == .brokenSoundFont, "cut to \(count) bytes, and saying so")
    }
  }

  @Test func bytesAfterTheEndAreRefused() throws {
    let error = try #require(try fontRefusal(SoundFontDraft().bytes() + [0]))
    #expect(
      error.kind == .brokenSoundFont
        && error.found.hasSuffix("in a file of \(SoundFontDraft().bytes().count + 1)"))
  }

  @Test(arguments: ["INFO", "sdta", "pdta", "ifil", "smpl", "phdr", "pbag", "pgen", "inst", "imod", "shdr"])
  func aChunkThatIsMissingIsRefused(tag: String) throws {
    var file = SoundFontDraft().bytes()
    let start = try #require(file.contents(of: tag)) - 8
    file.replaceSubrange(start..<(start + 4), with: Array("JUNK".utf8))
    #expect(try fontRefusal(file)?.kind == .brokenSoundFont)
  }

  @Test(arguments: ["LIST", "smpl", "phdr", "pbag", "pmod", "pgen", "inst", "ibag", "imod", "igen", "shdr"])
  func aChunkLargerThanItsPlaceIsRefused(tag: String) throws {
    var file = SoundFontDraft().bytes()
    let start = try #require(file.contents(of: tag))
    for size: UInt32 in [.max, .max - 7, 0x8000_0000, UInt32(file.count)] {
      file.replaceSubrange((start - 4)..<start, with: size.little)
      #expect(try fontRefusal(file)?.kind == .brokenSoundFont)
    }
  }

  @Test func versionsOneAndFourAreRefused() throws {
    #expect(try draftRefusal { $0.major = 1 }?.found == "version 1.4")
    #expect(try draftRefusal { $0.major = 4 }?.found == "version 4.4")
  }

  @Test func aFontWithoutPresetsInstrumentsOrSoundIsRefused() throws {
    #expect(try draftRefusal { ($0.presets, $0.presetZones) = ([], []) }?.found == "no presets")
    #expect(try draftRefusal { ($0.instruments, $0.instrumentZones) = ([], []) }?.found == "no instruments")
    #expect(try draftRefusal { $0.samples = [] }?.found == "no samples")
    #expect(try draftRefusal { $0.sampleData = [] }?.found == "a font without samples")
  }

  /// Table, byte in it, value: each an index that would lead a synth outside a table.
  @Test(arguments: [
    ("phdr", 24, 1), ("phdr", 62, 0), ("phdr", 62, 2), ("phdr", 62, 65_535), ("inst", 20, 1), ("inst", 42, 2),
    ("pbag", 0, 1), ("pbag", 4, 3), ("pbag", 6, 2), ("ibag", 2, 1), ("ibag", 4, 0), ("ibag", 4, 65_535),
    ("pgen", 2, 1), ("pgen", 2, 65_535), ("igen", 6, 1),
  ])
  func indexesThatLeadOutsideAreRefused(tag: String, offset: Int, value: Int) throws {
    let file = SoundFontDraft().bytes().replacing(tag, at: offset, with: value)
    #expect(try fontRefusal(file)?.kind == .brokenSoundFont)
  }

  @Test func indexesMayNotFall() throws {
    var draft = SoundFontDraft()
    draft.presetZones = [.init(settings: [(41, 0)]), .init(settings: [(41, 0)]), .init(settings: [(41, 0)])]
    draft.presets = [("A", 0, 0, 0), ("B", 0, 1, 2), ("C", 0, 2, 1)]
    #expect(try fontRefusal(draft.bytes())?.found == "index 1 in record 2 of \"phdr\"")
  }

  @Test func samplesAndLoopsStayInsideTheSampleData() throws {
    #expect(try draftRefusal { $0.samples[0].range = 0..<400 } == nil)
    #expect(try draftRefusal { $0.samples[0].range = 0..<401 }?.found == "sample 0 from 0 to 401")
    #expect(try draftRefusal { $0.samples[0].loop = 10..<401 }?.found == "a loop of sample 0 from 10 to 401")
    let backwards = SoundFontDraft().bytes().replacing("shdr", at: 20, with: 355)
    #expect(try fontRefusal(backwards)?.found == "sample 0 from 355 to 354")
  }

  @Test func samplesOfAChipAreNotLookedForInTheFile() throws {
    #expect(try draftRefusal { $0.samples.append(.init(range: 0..<1_000_000, kind: 0x8001)) } == nil)
  }

  @Test(arguments: [63, 105, 255, 319, 65_535])
  func aModulatorOfAGeneratorThatIsNotThereIsRefused(aim: Int) throws {
    #expect(try draftRefusal { $0.instrumentZones[0].aims = [8, aim] }?.kind == .brokenSoundFont)
    #expect(try draftRefusal { $0.presetZones[0].aims = [aim] }?.kind == .brokenSoundFont)
    #expect(try draftRefusal { $0.presetZones[0].aims = [62] } == nil)
  }

  @Test func moreRecordsThanASynthHasTimeForAreRefused() throws {
    #expect(try draftRefusal { $0.samples = .init(repeating: .init(), count: 16_384) } == nil)
    let error = try draftRefusal { $0.samples = .init(repeating: .init(), count: 16_385) }
    #expect(error?.found == "16385 samples" && error?.asked == "at most 16384")
    let presets = try draftRefusal { draft in
      draft.presets = (0..<16_385).map { ("P", $0 / 128, $0 % 128, 0) }
    }
    #expect(presets?.found == "16385 presets")
  }

  @Test func moreLayersThanASynthHasMemoryForAreRefused() throws {
    // 1100 preset zones that each play an instrument of 1000 zones.
    let error = try draftRefusal {
      $0.presetZones = .init(repeating: .init(settings: [(41, 0)]), count: 1_100)
      $0.instrumentZones = .init(repeating: .init(settings: [(53, 0)]), count: 1_000)
    }
    #expect(error?.asked == "at most 1048576 layers in all presets")
  }

  @Test func moreModulatorsThanAZoneMayHaveAreRefused() throws {
    #expect(try draftRefusal { $0.presetZones[0].aims = .init(repeating: 8, count: 1_024) } == nil)
    let error = try draftRefusal { $0.presetZones[0].aims = .init(repeating: 8, count: 1_025) }
    #expect(error?.found == "a zone with 1025 modulators")
  }

  @Test func compressedSamplesAreOggInAFontOfVersionThree() throws {
    #expect(try draftRefusal { $0.samples[0].kind = 0x11 }?.asked == "version 3 for that")
    let error = try draftRefusal {
      $0.major = 3
      $0.samples[0].kind = 0x11
    }
    #expect(error?.found == "sample 0 that begins with \"....\"")
  }

  @Test(arguments: [1 << 31, Int64.max, -2] as [Int64])
  func aCompressedSampleThatClaimsToBeEndlessIsRefused(claim: Int64) throws {
    let error = try draftRefusal {
      $0.major = 3
      // The claim stands on a second page, which lies across the border of two reading blocks.
      $0.sampleData = Array("OggS".utf8) + [UInt8](repeating: 0, count: (1 << 20) - 9)
      $0.sampleData += Array("OggS".utf8) + [0, 0] + claim.little + [UInt8](repeating: 0, count: 101)
      $0.samples = [.init(range: 0..<$0.sampleData.count, kind: 0x11)]
    }
    #expect(error?.found == "sample 0 that claims frame \(claim)")
  }
}
