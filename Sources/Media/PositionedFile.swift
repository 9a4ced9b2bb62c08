import CSndFile
import Glibc

/// Told before every read of a file that streams, on the thread that reads. Tests stand a slow disk here.
package protocol DiskProbe: Sendable {
  /// `offset` and `bytes` as asked of the file.
  func willRead(path: String, offset: Int64, bytes: Int64)
  /// The disk that a file is to be taken to be on; nil for the one it is on.
  func disk(of path: String) -> UInt64?
}

extension DiskProbe {
  package func disk(of path: String) -> UInt64? { nil }
}

/// An open file shown to libsndfile with a place of its own, so that several decoders share one descriptor: a
/// file that is renamed or deleted plays on. One thread at a time.
final class PositionedFile {
  private let file: RegularFile
  private let path: String
  private let probe: (any DiskProbe)?
  private var position: Int64 = 0

  init(_ file: RegularFile, path: String, probe: (any DiskProbe)? = nil) {
    self.file = file
    self.path = path
    self.probe = probe
  }

  private func read(into memory: UnsafeMutableRawPointer, count: Int64) -> Int64 {
    guard count > 0 else { return 0 }
    probe?.willRead(path: path, offset: position, bytes: count)
    var done: Int64 = 0
    while done < count {
      let got = pread(file.descriptor, memory + Int(done), Int(count - done), off_t(position))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { break }
      done += Int64(got)
      position += Int64(got)
    }
    return done
  }

  private func seek(to offset: Int64, from whence: Int32) -> Int64 {
    let origin: Int64
    switch whence {
    case SEEK_SET: origin = 0
    case SEEK_CUR: origin = position
    case SEEK_END: origin = file.size
    default: return -1
    }
    let (target, overflow) = origin.addingReportingOverflow(offset)
    guard !overflow, target >= 0 else { return -1 }
    position = target
    return target
  }

  private static func shown(_ context: UnsafeMutableRawPointer?) -> PositionedFile? {
    context.map { Unmanaged<PositionedFile>.fromOpaque($0).takeUnretainedValue() }
  }

  static var functions: SF_VIRTUAL_IO {
    SF_VIRTUAL_IO(
      get_filelen: { PositionedFile.shown($0)?.file.size ?? 0 },
      seek: { PositionedFile.shown($2)?.seek(to: $0, from: $1) ?? -1 },
      read: { memory, count, context in
        guard let memory else { return 0 }
        return PositionedFile.shown(context)?.read(into: memory, count: count) ?? 0
      },
      write: { _, _, _ in 0 },
      tell: { PositionedFile.shown($0)?.position ?? 0 })
  }
}
