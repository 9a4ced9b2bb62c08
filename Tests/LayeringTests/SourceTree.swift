import Foundation

/// The package as it lies on the disk.
enum SourceTree {
  /// The package's folder: this file is three levels below it.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folders in `Sources`: one for each target.
  static func targets() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path + "/Sources").filter { !$0.hasPrefix(".") }
      .sorted()
  }

  /// The Swift files below a folder of the package, by their paths in it.
  static func swiftFiles(in folder: String) throws -> [String: SourceText] {
    var files: [String: SourceText] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path + "/" + folder)
    where path.hasSuffix(".swift") {
      let name = folder + "/" + path
      files[name] = SourceText(try text(name))
    }
    return files
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The modules that a target imports, each with the files it is imported in.
  static func imports(of target: String) throws -> [String: [String]] {
    var imports: [String: [String]] = [:]
    for (path, text) in try swiftFiles(in: "Sources/" + target) {
      for module in text.imports { imports[module, default: []].append(path) }
    }
    return imports
  }

  /// Everything in the package that a target sees, and what that sees, and so on.
  static func closure(of target: String) throws -> Set<String> {
    var seen: Set<String> = []
    var open = [target]
    while let next = open.popLast() {
      for module in try imports(of: next).keys
      where seen.insert(module).inserted && House.targets.contains(module) {
        if !House.metal.contains(module) { open.append(module) }
      }
    }
    return seen
  }

  /// The targets that a target's declaration in `Package.swift` depends on.
  static func declaredDependencies(of target: String) throws -> Set<String>? {
    let manifest = String(try text("Package.swift").filter { !$0.isWhitespace })
    let starts = ["words(\"\(target)\"", "executableTarget(name:\"\(target)\"", ".target(name:\"\(target)\""]
    guard let start = starts.lazy.compactMap({ manifest.range(of: $0) }).first else { return nil }
    // Up to the parenthesis that closes the declaration.
    var depth = 1
    let declaration = manifest[start.upperBound...].prefix { character in
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      return depth > 0
    }
    let quoted = declaration.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
    return Set(quoted.filter { $0.offset % 2 == 1 }.map { String($0.element) })
  }
}

/// A Swift file's lines without comments: enough of the language to see declarations and imports.
struct SourceText {
  /// Without leading blanks; empty where only a comment stood.
  let lines: [String]

  init(_ text: String) {
    var isInBlock = false
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = line[...]
      if isInBlock {
        guard let end = line.range(of: "*/") else { return "" }
        line = line[end.upperBound...]
        isInBlock = false
      }
      if let start = line.range(of: "/*") {
        isInBlock = line[start.upperBound...].range(of: "*/") == nil
        line = line[..<start.lowerBound]
      }
      if let comment = line.range(of: "//") { line = line[..<comment.lowerBound] }
      return line.trimmingCharacters(in: .whitespaces)
    }
  }

  /// The imported modules: `@testable internal import struct A.B` imports A.
  var imports: [String] {
    lines.compactMap { line in
      var words = line.split(separator: " ")
      while let word = words.first, word.hasPrefix("@") || Self.access.contains(word) { words.removeFirst() }
      guard words.first == "import" else { return nil }
      words.removeFirst()
      if let kind = words.first, Self.kinds.contains(kind) { words.removeFirst() }
      return words.first?.split(separator: ".").first.map(String.init)
    }
  }

  private static let access: Set<Substring> = ["public", "package", "internal", "private", "fileprivate"]
  private static let kinds: Set<Substring> = [
    "struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor",
  ]

  /// What a line declares: its words up to the first that is neither an attribute nor a modifier. Nil for a line
  /// that begins no declaration.
  func declaration(at index: Int) -> (keyword: Substring, isMarked: Bool)? {
    let words = lines[index].split(whereSeparator: { $0 == " " || $0 == "(" || $0 == "<" || $0 == "?" })
    guard let keyword = words.first(where: { !$0.hasPrefix("@") && !Self.modifiers.contains($0) }) else {
      return nil
    }
    return (keyword, isMarked(lines[index], before: index))
  }

  /// Whether a line carries `@_noLocks`, or attribute lines above it do.
  private func isMarked(_ line: String, before index: Int) -> Bool {
    if line.contains("@_noLocks") { return true }
    let above = lines[..<index].reversed().prefix { $0.hasPrefix("@") && !$0.contains("{") }
    return above.contains { $0.contains("@_noLocks") }
  }

  private static let modifiers: Set<Substring> = [
    "public", "package", "internal", "private", "fileprivate", "static", "mutating", "nonmutating",
    "borrowing",
    "consuming", "final", "override", "convenience", "required", "lazy", "weak", "unowned", "nonisolated",
    "indirect",
  ]
}
