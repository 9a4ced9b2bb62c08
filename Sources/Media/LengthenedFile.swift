import CSndFile
import Glibc

/// An MP3 file without a length tag, shown to libsndfile as longer than it is.
///
/// The library estimates such a file's length from the size of the file and the bit rate of its first frame,
/// and then reads no further than its own estimate: a file of varying bit rate loses its end. Shown a size 64
/// times larger, the estimate is never too low, and the true length is counted by decoding. The last bytes
/// stay where the decoder looks for a tag, at the shown end.
final class LengthenedFile {
  private let file: RegularFile
  private let shownSize: Int64
  private var position: Int64 = 0

  private static let factor: Int64 = 64
  /// The size of an ID3v1 tag, which stands at the very end.
  private static let tailBytes: Int64 = 128

  /// Nil for a file too small to be one.
  init?(_ file: RegularFile) {
    let (shown, overflow) = file.size.multipliedReportingOverflow(by: Self.factor)
    guard !overflow, file.size > Self.tailBytes else { return nil }
    self.file = file
    shownSize = shown
  }

  /// True for an MPEG stream whose first frame holds no "Xing" or "Info" tag with the number of frames.
  static func isNeeded(for file: RegularFile) -> Bool {
    var start: Int64 = 0
    let head = file.bytes(at: 0, count: 10)
    if head.count == 10, head.starts(with: "ID3".utf8) {
      // ID3v2's size: four bytes of seven bits, without the ten of its own header.
      start = 10 + head[6..<10].reduce(0) { $0 << 7 | Int64($1 & 0x7F) }
    }
    // The tag stands at most 36 bytes into the first frame; some padding may come before the frame.
    let bytes = file.bytes(at: start, count: 4_096)
    return !bytes.holds("Xing") && !bytes.holds("Info")
  }

  private func read(into memory: UnsafeMutableRawPointer, count: Int64) -> Int64 {
    var source = position
    if position >= shownSize - Self.tailBytes { source = file.size - (shownSize - position) }
    guard count > 0, source >= 0, source < file.size else { return 0 }
    let got = pread(file.descriptor, memory, Int(min(count, file.size - source)), off_t(source))
    guard got > 0 else { return 0 }
    position += Int64(got)
    return Int64(got)
  }

  private func seek(to offset: Int64, from whence: Int32) -> Int64 {
    let origin: Int64
    switch whence {
    case SEEK_SET: origin = 0
    case SEEK_CUR: origin = position
    case SEEK_END: origin = shownSize
    default: return -1
    }
    let (target, overflow) = origin.addingReportingOverflow(offset)
    guard !overflow, target >= 0 else { return -1 }
    position = target
    return target
  }

  private static func shown(_ context: UnsafeMutableRawPointer?) -> LengthenedFile? {
    context.map { Unmanaged<LengthenedFile>.fromOpaque($0).takeUnretainedValue() }
  }

  static var functions: SF_VIRTUAL_IO {
    SF_VIRTUAL_IO(
      get_filelen: { LengthenedFile.shown($0)?.shownSize ?? 0 },
      seek: { offset, whence, context in LengthenedFile.shown(context)?.seek(to: offset, from: whence) ?? -1
      },
      read: { memory, count, context in
        guard let memory else { return 0 }
        return LengthenedFile.shown(context)?.read(into: memory, count: count) ?? 0
      },
      write: { _, _, _ in 0 },
      tell: { LengthenedFile.shown($0)?.position ?? 0 })
  }
}

extension [UInt8] {
  fileprivate func holds(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard count >= length else { return false }
    return word.withUTF8Buffer { letters in
      indices.dropLast(length - 1).contains { self[$0..<($0 + length)].elementsEqual(letters) }
    }
  }
}
