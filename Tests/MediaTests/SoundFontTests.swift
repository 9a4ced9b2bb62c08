import Foundation
import Glibc
import Testing

@testable import Media

/// What is read from a whole soundfont.
struct SoundFontTests {
  private func read(_ draft: SoundFontDraft) throws -> SoundFontInfo {
    let folder = try TestFolder()
    return try SoundFontInfo.read(path: try folder.write(draft.bytes(), to: "a.sf2"))
  }

  @Test func aFontTellsWhatIsInIt() throws {
    let folder = try TestFolder()
    let file = SoundFontDraft().bytes()
    let path = try folder.write(file, to: "a.sf2")
    let info = try SoundFontInfo.read(path: path)
    #expect(info.name == "Tiny" && info.path == path && info.bytes == Int64(file.count))
    #expect(info.format == "SF2 2.04" && info.instruments == 1 && info.samples == 1)
    #expect(info.presets == [.init(bank: 0, program: 0, name: "Piano")])
  }

  @Test func presetsAreSortedByBankThenProgram() throws {
    var draft = SoundFontDraft()
    draft.presets = [("Kit", 128, 0, 0), ("Bass", 0, 33, 0), ("Piano", 0, 0, 0)]
    #expect(try read(draft).presets.map(\.name) == ["Piano", "Bass", "Kit"])
  }

  @Test func namesMayBeUTF8OrLatin1AndAreOneLine() throws {
    var draft = SoundFontDraft()
    draft.name = Array("Flügel".utf8) + [0]
    #expect(try read(draft).name == "Flügel")
    draft.name = [0x46, 0x6C, 0xFC, 0x67, 0x65, 0x6C, 0x20, 0x20]
    #expect(try read(draft).name == "Flügel")
    draft.name = Array("two\nlines\0".utf8)
    #expect(try read(draft).name == "two\\nlines")
  }

  @Test func aFontWithoutANameIsCalledAsItsFile() throws {
    var draft = SoundFontDraft()
    draft.name = [0, 0]
    #expect(try read(draft).name == "a.sf2")
  }

  @Test func versionThreeIsSF3() throws {
    var draft = SoundFontDraft()
    (draft.major, draft.minor) = (3, 1)
    #expect(try read(draft).format == "SF3")
    draft.sampleData = Array("OggS".utf8) + [UInt8](repeating: 0, count: 96)
    draft.samples = [.init(range: 0..<100, loop: 10..<2_000, kind: 0x11)]
    #expect(try read(draft).samples == 1)
  }

  @Test func aLargeFontIsReadWithoutItsSamples() throws {
    // Sparse: a font whose 1 GB of samples takes no room on the disk, and would not fit a test's time if
    // read.
    let folder = try TestFolder()
    let small = SoundFontDraft().bytes()
    let (data, hole) = (try #require(small.contents(of: "smpl")), 1 << 30)
    var head = Array(small[..<data])
    head.replaceSubrange(4..<8, with: UInt32(small.count - 800 + hole - 8).little)
    head.replaceSubrange((data - 16)..<(data - 12), with: UInt32(hole + 12).little)
    head.replaceSubrange((data - 4)..<data, with: UInt32(hole).little)
    let path = try folder.write(head, to: "a.sf2")
    #expect(truncate(path, data + hole) == 0)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(small[(data + 800)...]))
    try file.close()
    #expect(try SoundFontInfo.read(path: path).bytes == Int64(small.count - 800 + hole))
  }

  @Test(
    .enabled(if: access("/usr/share/sounds/sf2/TimGM6mb.sf2", R_OK) == 0, "timgm6mb-soundfont is installed"))
  func aFontInUseIsRead() throws {
    let info = try SoundFontInfo.read(path: "/usr/share/sounds/sf2/TimGM6mb.sf2")
    #expect(info.format == "SF2 2.01" && info.presets.count == 136 && info.samples == 520)
    #expect(info.presets.contains { $0.bank == 128 })
  }
}
