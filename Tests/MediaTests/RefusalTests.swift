import Foundation
import Glibc
import Testing

@testable import Media

/// Every file that is not played, and the reason it is given.
struct RefusalTests {
  @Test func aMissingFileIsMissing() throws {
    let folder = try TestFolder()
    #expect(loadRefusal(folder("none.wav"))?.kind == .missing)
    #expect(loadRefusal("")?.kind == .missing)
    #expect(loadRefusal(folder("a.wav") + "/b.wav")?.kind == .missing)
    #expect(loadRefusal(folder(String(repeating: "x", count: 300)))?.kind == .missing)
  }

  @Test func aPathThatHoldsNULIsNotCutAtIt() throws {
    let folder = try TestFolder()
    _ = try folder.write(floatWAV(rate: 48_000, channels: 1, [0.5]), to: "a.wav")
    #expect(loadRefusal(folder("a.wav\0b"))?.kind == .missing)
  }

  @Test func aDirectoryAPipeADeviceAndASocketAreRefusedWithoutOpening() throws {
    let folder = try TestFolder()
    #expect(loadRefusal(folder.path)?.kind == .isDirectory)
    #expect(mkfifo(folder("pipe"), 0o600) == 0)
    #expect(loadRefusal(folder("pipe"))?.kind == .notAFile)
    #expect(loadRefusal(folder("pipe"))?.found == "a pipe")
    #expect(loadRefusal("/dev/zero")?.kind == .notAFile)
    #expect(mknod(folder("socket"), S_IFSOCK | 0o600, 0) == 0)
    #expect(loadRefusal(folder("socket"))?.found == "a socket")
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func aFileWithoutPermissionIsUnreadable() throws {
    let folder = try TestFolder()
    let path = try folder.write(floatWAV(rate: 48_000, channels: 1, [0.5]), to: "a.wav")
    #expect(chmod(path, 0) == 0)
    #expect(loadRefusal(path)?.kind == .unreadable)
  }

  @Test func theSystemsReasonsBecomeKinds() {
    #expect(RegularFile.refusal(EACCES, path: "p").kind == .unreadable)
    #expect(RegularFile.refusal(EACCES, path: "p").found == "Permission denied")
    #expect(RegularFile.refusal(ELOOP, path: "p").kind == .unreadable)
    #expect(RegularFile.refusal(ENOTDIR, path: "p").kind == .missing)
  }

  @Test func aCircleOfLinksIsUnreadable() throws {
    let folder = try TestFolder()
    #expect(symlink(folder("b.wav"), folder("a.wav")) == 0 && symlink(folder("a.wav"), folder("b.wav")) == 0)
    #expect(loadRefusal(folder("a.wav"))?.kind == .unreadable)
  }

  @Test func anEmptyFileAndOneWithoutFramesAreEmpty() throws {
    let folder = try TestFolder()
    #expect(loadRefusal(try folder.write([], to: "a.wav"))?.kind == .empty)
    let header = wavBytes(rate: 48_000, channels: 2, bits: 16, data: [])
    #expect(loadRefusal(try folder.write(header, to: "b.wav"))?.kind == .empty)
  }

  @Test(arguments: ["a.wav", "a.raw", "a.vox", "a.gsm", "a.au", "a.mp3", "a.sd2"])
  func bytesThatAreNoAudioAreRefusedWhateverTheirName(name: String) throws {
    let folder = try TestFolder()
    let path = try folder.write(Array(repeating: UInt8(ascii: "t"), count: 20_000), to: name)
    let error = try #require(loadRefusal(path))
    #expect(error.kind == .notAudio)
    #expect(!error.found.isEmpty)
  }

  @Test func aRefusedFilesDescriptorIsClosedByItsOwnerAlone() throws {
    let folder = try TestFolder()
    let path = try folder.write(Array("only words".utf8), to: "a.wav")
    let file = try RegularFile(reading: path)
    var failure = ""
    let isOpened = SoundFile(reading: file, failure: &failure) != nil
    #expect(!isOpened && failure == "Format not recognised.")
    #expect(file.bytes(at: 0, count: 4) == Array("only".utf8))
  }

  @Test func nineChannelsAreTooMany() throws {
    let folder = try TestFolder()
    let path = try folder.write(
      floatWAV(rate: 48_000, channels: 9, [Float](repeating: 0, count: 9)), to: "a.wav")
    let error = try #require(loadRefusal(path))
    #expect(error.kind == .tooManyChannels && error.found == "9 channels" && error.asked == "1 to 8 channels")
  }

  @Test func ratesOutsideTheRangeAreRefused() throws {
    let folder = try TestFolder()
    for rate in [999, 768_001] {
      let path = try folder.write(floatWAV(rate: rate, channels: 1, [0.5]), to: "\(rate).wav")
      #expect(loadRefusal(path)?.kind == .badRate)
    }
    let good = try folder.write(floatWAV(rate: 48_000, channels: 1, [0.5]), to: "good.wav")
    for rate in [0, -1, 999, 768_001, .nan, .infinity] {
      #expect(loadRefusal(good, rate: rate)?.kind == .badRate)
    }
  }

  @Test func aClipBeyondTheLimitIsRefusedWithBothSizes() throws {
    let folder = try TestFolder()
    // 1000 stereo frames at 24 kHz are 2000 at 48 kHz: 16000 bytes.
    let path = try folder.write(
      floatWAV(rate: 24_000, channels: 2, [Float](repeating: 0.5, count: 2_000)), to: "a.wav")
    #expect(loadRefusal(path, limitBytes: 16_000) == nil)
    let error = try #require(loadRefusal(path, limitBytes: 15_999))
    #expect(error.kind == .tooLarge)
    #expect(error.found == "15.6 kB (0 seconds)" && error.asked == "at most 15.6 kB of decoded sound")
  }

  @Test func aHugeClaimIsRefusedBeforeMemoryIsTaken() throws {
    let folder = try TestFolder()
    // Sparse: 2 GB of 16 bit mono that take no room on the disk, 4 GB once decoded.
    let header = wavBytes(rate: 48_000, channels: 1, bits: 16, data: [], claimedDataBytes: 2_000_000_000)
    let path = try folder.write(header, to: "huge.wav")
    #expect(truncate(path, 2_000_000_044) == 0)
    let error = try #require(loadRefusal(path))
    #expect(error.kind == .tooLarge)
    #expect(error.found == "3.7 GB (20833 seconds)" && error.asked == "at most 512.0 MB of decoded sound")
  }

  @Test func everyRefusalHasThreePrintableLines() {
    for kind in MediaError.Kind.allCases {
      let lines = MediaError(kind, path: "/tmp/it's\na\u{1B}[2Jfile.wav", asked: "x", found: "y\nz").lines
      #expect(lines.count == 3)
      #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 } })
      #expect(lines[0].contains("it's\\na\\u{1b}[2Jfile.wav"))
      #expect(lines[1].contains("x") && lines[1].contains("y\\nz"))
      #expect(lines[2].hasPrefix("try: "))
    }
  }
}
