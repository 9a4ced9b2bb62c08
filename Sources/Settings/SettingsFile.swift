import Glibc
import TOMLKit

/// A configuration file as text, and as values with their lines.
struct SettingsFile {
  /// A value at a full path such as `["audio", "period"]`; nil for a type no setting has.
  struct Entry {
    var path: [String]
    var value: SettingValue?
    var line: Int?
  }

  var path: String
  var entries: [Entry]

  /// Why a file cannot be taken over.
  struct Unreadable: Error {
    var what: String
    var why: String
    var line: Int?
  }

  /// The file at `path`, or nil when there is none.
  static func read(_ path: String) throws(Unreadable) -> SettingsFile? {
    guard let text = try readText(path) else { return nil }
    return try SettingsFile(path: path, text: text)
  }

  init(path: String, text: String) throws(Unreadable) {
    self.path = path
    guard !text.utf8.contains(0) else {
      throw Unreadable(what: "not a TOML file", why: "It holds a zero byte.")
    }
    if let fault = ParserTraps(text).fault {
      throw Unreadable(
        what: "not valid TOML", why: "Column \(fault.column): \(fault.why)", line: fault.line)
    }
    let root: TOMLTable
    do {
      root = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      let description = Self.printable(error.description)
      throw Unreadable(
        what: "not valid TOML", why: "Column \(error.source.begin.column): \(description)",
        line: error.source.begin.line)
    } catch {
      throw Unreadable(what: "not valid TOML", why: "\(error)")
    }
    entries = Self.flatten(root, under: [], KeyLines(text))
  }

  private static func flatten(_ table: TOMLTable, under path: [String], _ lines: KeyLines) -> [Entry] {
    table.keys.flatMap { key -> [Entry] in
      let path = path + [key]
      guard let node = table[key] else {
        return [Entry(path: path, value: nil, line: lines.line(of: path))]
      }
      if let inner = node.table, path.count < 8 { return flatten(inner, under: path, lines) }
      return [Entry(path: path, value: value(of: node), line: lines.line(of: path))]
    }
  }

  /// The first line, without what a terminal obeys: the parser repeats bytes of the file.
  static func printable(_ text: String) -> String {
    text.unicodeScalars.prefix { $0 != "\n" }.map {
      $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
    }.joined()
  }

  private static func value(of node: any TOMLValueConvertible) -> SettingValue? {
    switch node.type {
    case .string: node.string.map { .text($0) }
    case .bool: node.bool.map { .bool($0) }
    case .int: node.int.map { .integer($0) }
    case .double: node.double.map { .number($0) }
    case .table, .array, .date, .time, .dateTime: nil
    }
  }

  static func readText(_ path: String) throws(Unreadable) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Unreadable(what: "cannot be read", why: String(cString: strerror(errno)) + ".")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Unreadable(what: "cannot be read", why: "It is not a file.")
    }
    guard status.st_size <= SettingLimits.fileBytes else {
      throw Unreadable(
        what: "too large", why: "Seen \(status.st_size) bytes, allowed \(SettingLimits.fileBytes).")
    }
    var bytes = [UInt8](repeating: 0, count: SettingLimits.fileBytes + 1)
    var count = 0
    while count < bytes.count {
      let got = bytes[count...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else {
        throw Unreadable(what: "cannot be read", why: String(cString: strerror(errno)) + ".")
      }
      if got == 0 { break }
      count += got
    }
    guard let text = String(validating: bytes[..<min(count, SettingLimits.fileBytes)], as: UTF8.self) else {
      throw Unreadable(what: "not a TOML file", why: "It is not UTF-8.")
    }
    return text
  }
}
