import Glibc

/// A WAV file of stereo floats that is whole at any time: whoever opens it finds at least what was there when its header was
/// last brought up to date, even when this process was killed. Capture thread.
///
/// Beyond 4 GiB it becomes an RF64 (EBU Tech 3306): the room for its sizes is there from the start, as a JUNK chunk.
final class WaveFile {
  /// The header's bytes: RIFF 12, JUNK or ds64 36, fmt 24, fact 12, data 8.
  static let headerBytes: Int64 = 92
  static let frameBytes: Int64 = 8

  private let file: OpenFile
  private let sampleRate: UInt32
  private(set) var frames: Int64 = 0
  private var told: Int64 = -1

  var path: String { file.path }

  /// - Parameter replaces: whether an ordinary file of that name may be written over.
  init(path: String, sampleRate: Int, replaces: Bool) throws(CaptureError) {
    file = try OpenFile(path, flags: O_RDWR | O_CREAT | (replaces ? O_TRUNC : O_EXCL))
    self.sampleRate = UInt32(clamping: sampleRate)
    do throws(CaptureError) { try refresh() } catch {
      discard()
      throw error
    }
  }

  /// Adds frames. Where the disk is full, those that were written count.
  func append(_ words: UnsafePointer<UInt64>, count: Int) throws(CaptureError) {
    let bytes = UnsafeRawBufferPointer(start: words, count: 8 * count)
    let (written, error) = file.write(bytes, at: Self.headerBytes + Self.frameBytes * frames)
    frames += Int64(written) / Self.frameBytes
    if let error { throw error }
  }

  /// Brings the header up to what is there.
  func refresh() throws(CaptureError) {
    guard told != frames else { return }
    let header = Self.header(frames: frames, sampleRate: sampleRate)
    let (_, error) = header.withUnsafeBytes { file.write($0, at: 0) }
    if let error { throw error }
    told = frames
  }

  /// Removes it.
  func discard() { unlink(path) }

  static func header(frames: Int64, sampleRate: UInt32) -> [UInt8] {
    let data = UInt64(frames) * UInt64(frameBytes)
    let riff = data + UInt64(headerBytes) - 8
    let isLong = riff > UInt64(UInt32.max)
    func short(_ size: UInt64) -> [UInt8] { bytes(isLong ? UInt32.max : UInt32(truncatingIfNeeded: size)) }
    var header = Array((isLong ? "RF64" : "RIFF").utf8) + short(riff) + Array("WAVE".utf8)
    header += Array((isLong ? "ds64" : "JUNK").utf8) + bytes(UInt32(28))
    header += isLong ? bytes(riff) + bytes(data) + bytes(UInt64(frames)) : Array(repeating: 0, count: 24)
    header += bytes(UInt32(0))
    // IEEE floats, two channels of 32 bits.
    header += Array("fmt ".utf8) + bytes(UInt32(16)) + bytes(UInt16(3)) + bytes(UInt16(2))
    header += bytes(sampleRate) + bytes(sampleRate &* 8) + bytes(UInt16(8)) + bytes(UInt16(32))
    header += Array("fact".utf8) + bytes(UInt32(4)) + short(UInt64(frames))
    return header + Array("data".utf8) + short(data)
  }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
