/// The lines on which a TOML file's keys stand.
///
/// The parser gives positions of syntax errors only, so the text is read a second time: table headers and
/// `key =` at the start of a line are noted with their full path, the first of equals stands. Keys inside an
/// inline table are found by the line of the table. Text inside multi-line strings is skipped.
struct KeyLines {
  private var lines: [String: Int] = [:]

  init(_ text: String) {
    var table: [String] = []
    var openQuotes: String?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      defer { openQuotes = Self.openQuotes(after: line, openBefore: openQuotes) }
      if openQuotes != nil { continue }
      let content = line.drop { $0 == " " || $0 == "\t" }
      if content.hasPrefix("[") {
        table = Self.keys(content.drop { $0 == "[" }, until: "]")
        note(table, line: index + 1)
      } else if !content.hasPrefix("#"), content.contains("=") {
        note(table + Self.keys(content, until: "="), line: index + 1)
      }
    }
  }

  /// The line, from 1, of the key at `path`, or of the nearest table above it.
  func line(of path: [String]) -> Int? {
    var path = path[...]
    while !path.isEmpty {
      if let line = lines[path.joined(separator: ".")] { return line }
      path = path.dropLast()
    }
    return nil
  }

  private mutating func note(_ path: [String], line: Int) {
    for length in 1...max(1, path.count) {
      let key = path.prefix(length).joined(separator: ".")
      if lines[key] == nil { lines[key] = line }
    }
  }

  /// `a . "b.c" .d = 1` as `["a", "b.c", "d"]`.
  private static func keys(_ text: Substring, until end: Character) -> [String] {
    var parts = [""]
    var quote: Character?
    for character in text {
      switch character {
      case quote: quote = nil
      case "\"" where quote == nil, "'" where quote == nil: quote = character
      case _ where quote != nil: parts[parts.count - 1].append(character)
      case end: return parts
      case ".": parts.append("")
      case " ", "\t", "\r": break
      default: parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  private static func openQuotes(after line: Substring, openBefore: String?) -> String? {
    var open = openBefore
    var rest = line
    while !rest.isEmpty {
      if let quotes = open {
        if rest.hasPrefix(quotes) {
          open = nil
          rest = rest.dropFirst(3)
        } else {
          rest = rest.dropFirst()
        }
      } else if rest.hasPrefix("\"\"\"") || rest.hasPrefix("'''") {
        open = String(rest.prefix(3))
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("#") {
        break
      } else {
        rest = rest.dropFirst()
      }
    }
    return open
  }
}
