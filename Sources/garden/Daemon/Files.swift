import Glibc
import Tools

/// Small reads of the file system.
enum Files {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static var workingDirectory: String {
    guard let buffer = getcwd(nil, 0) else { return "/" }
    defer { free(buffer) }
    return String(cString: buffer)
  }

  /// The file's bytes. Exit status 66 when it cannot be read, 65 when it is larger than `limit` bytes.
  static func read(_ path: String, limit: Int) throws(ToolError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, String(cString: strerror(errno))) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw unreadable(path, "It is not a file") }
    guard status.st_size <= limit else {
      throw ToolError(
        code: "too_large", exit: .badData, what: "\(shownText(path)) is too large",
        why: "Seen \(status.st_size) bytes, allowed \(limit).", next: "ls -l \(shownText(path))")
    }
    return try readAll(descriptor, path, limit)
  }

  /// The first bytes of a file of the kernel's or of /etc as text, without the last line break; nil when
  /// there is none.
  static func text(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else { return nil }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// The names in a folder, sorted; none when it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Makes the folder and its parents, 0700 each.
  static func makeFolder(_ path: String) -> Bool {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return true }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return false }
    return makeFolder(String(path[..<slash])) && (mkdir(path, 0o700) == 0 || errno == EEXIST)
  }

  private static func readAll(_ descriptor: Int32, _ path: String, _ limit: Int) throws(ToolError) -> [UInt8]
  {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw unreadable(path, String(cString: strerror(errno)))
      }
      bytes += chunk[..<count]
    }
    throw unreadable(path, "It grew beyond \(limit) bytes while it was read")
  }

  private static func unreadable(_ path: String, _ reason: String) -> ToolError {
    ToolError(
      code: "file_missing", exit: .fileMissing, what: "\(shownText(path)) cannot be read", why: reason + ".",
      next: "ls -l \(shownText(path))")
  }
}

extension Files {
  /// The last lines of a file's last 8 KiB; nil when it cannot be read.
  static func tail(_ path: String, lines: Int) -> [String]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    lseek(descriptor, max(0, size - 8192), SEEK_SET)
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else { return nil }
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").suffix(lines).map(
      String.init)
  }
}
