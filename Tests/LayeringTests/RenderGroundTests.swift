import Testing

/// The realtime thread's ground: what the compiler is asked to check there must have been asked for everywhere.
struct RenderGroundTests {
  private let files: [String: SourceText]

  init() throws { files = try SourceTree.swiftFiles(in: "Sources/RealtimeEngine/Render") }

  @Test func everyFunctionIsMarked() {
    var count = 0
    for (path, text) in files {
      for index in text.lines.indices {
        guard let (keyword, isMarked) = text.declaration(at: index),
          ["func", "init", "subscript", "get"].contains(keyword)
        else { continue }
        count += 1
        #expect(isMarked, "\(path):\(index + 1): \(text.lines[index])")
      }
    }
    #expect(count > 100, "the ground has more functions than that")
  }

  @Test func everyComputedPropertyIsMarked() {
    for (path, text) in files {
      for index in text.lines.indices {
        guard text.declaration(at: index)?.keyword == "var", let brace = text.lines[index].firstIndex(of: "{")
        else {
          continue
        }
        let rest = text.lines[index][brace...].dropFirst()
        let body = rest.allSatisfy(\.isWhitespace) ? text.lines[(index + 1)...].first ?? "" : String(rest)
        #expect(body.contains("@_noLocks"), "\(path):\(index + 1): \(text.lines[index])")
      }
    }
  }

  @Test func thereAreStructsAndEnumsOnly() {
    for (path, text) in files {
      for index in text.lines.indices {
        guard let keyword = text.declaration(at: index)?.keyword else { continue }
        #expect(
          !["class", "actor", "protocol"].contains(keyword), "\(path):\(index + 1): \(text.lines[index])")
      }
    }
  }

  /// A closure may allocate its context, an error its box, a wait its task.
  @Test(arguments: [
    "$0", "{ [", "@escaping", "try", "throws", "await", "async", "any", "lazy", "didSet", "Task", "print",
  ])
  func nothingStandsThereThatHidesWork(word: String) {
    for (path, text) in files {
      for (index, line) in text.lines.enumerated() {
        let isThere =
          word.allSatisfy(\.isLetter)
          ? line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains(word[...]) : line.contains(word)
        #expect(!isThere, "\(path):\(index + 1): \(line)")
      }
    }
  }

  @Test func closuresWithParametersAreSeen() {
    for (path, text) in files {
      for (index, line) in text.lines.enumerated() {
        #expect(!line.hasSuffix(" in") && !line.contains(" in }"), "\(path):\(index + 1): \(line)")
      }
    }
  }
}
