import Arrangement
import Glibc

/// A regular file that can be read: what it was when it was looked at. Loader thread: the control thread
/// opens no file.
struct FileStamp: Sendable {
  let path: String
  let bytes: Int64
  /// Of the last change, in nanoseconds.
  let time: Int64

  init(path: String) throws(Refusal) {
    var info = stat()
    guard stat(path, &info) == 0 else {
      let isMissing = errno == ENOENT || errno == ENOTDIR
      throw Refusal(
        isMissing ? "file_missing" : "file_unreadable", .fileMissing, "\(path) could not be opened",
        String(cString: strerror(errno)), "ls -l \(path)")
    }
    guard info.st_mode & S_IFMT == S_IFREG else {
      let kind = info.st_mode & S_IFMT == S_IFDIR ? "a directory" : "not a regular file"
      throw Refusal("not_a_file", .badData, "\(path) cannot be read", "it is \(kind)", "ls -l \(path)")
    }
    guard access(path, R_OK) == 0 else {
      throw Refusal(
        "file_unreadable", .fileMissing, "\(path) could not be opened", String(cString: strerror(errno)),
        "ls -l \(path)")
    }
    self.path = path
    bytes = Int64(info.st_size)
    time = Int64(info.st_mtim.tv_sec) * 1_000_000_000 + Int64(info.st_mtim.tv_nsec)
  }

  func isUnchanged(since clip: Clip) -> Bool { bytes == clip.fileBytes && time == clip.fileTime }

  /// Whether it begins as a Standard MIDI File or as one wrapped in RIFF, or is named like one: then the MIDI
  /// reader's refusal is the one to give.
  func isMIDI() throws(Refusal) -> Bool {
    let head = try read(limit: 12, prefixOnly: true)
    if head.starts(with: Array("MThd".utf8)) { return true }
    if head.starts(with: Array("RIFF".utf8)) { return head.suffix(4).elementsEqual("RMID".utf8) }
    let name = path.lowercased()
    return name.hasSuffix(".mid") || name.hasSuffix(".midi") || name.hasSuffix(".smf")
  }

  /// The whole file, or its first `limit` bytes.
  func read(limit: Int, prefixOnly: Bool = false) throws(Refusal) -> [UInt8] {
    guard prefixOnly || bytes <= Int64(limit) else {
      throw Refusal(
        "file_too_large", .badData, "\(path) is too large", "it has \(bytes) bytes, and \(limit) are allowed",
        "garden status --limits")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      throw Refusal(
        "file_unreadable", .fileMissing, "\(path) could not be opened", String(cString: strerror(errno)),
        "ls -l \(path)")
    }
    defer { close(descriptor) }
    let wanted = min(limit, Int(bytes))
    var data = [UInt8](repeating: 0, count: wanted)
    var have = 0
    while have < wanted {
      let count = data.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress?.advanced(by: have), wanted - have)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      have += count
    }
    return Array(data.prefix(have))
  }
}
