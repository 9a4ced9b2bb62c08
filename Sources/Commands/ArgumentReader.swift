import Tools

/// The tokens of a command line, taken one after the other.
struct ArgumentReader {
  /// Values as typed, by wire name; repeated ones gathered in a list.
  struct Typed {
    var values: [(String, ToolValue)] = []
    var options: [(String, ToolValue)] = []
  }

  private var tokens: ArraySlice<String>
  /// Tokens before the command's last word that were not words: global options.
  private var skipped: [String] = []

  init(_ arguments: [String]) { tokens = arguments[...] }

  var asksForHelp: Bool {
    skipped.contains("-h") || skipped.contains("--help") || holds("-h") || holds("--help")
  }
  var asksForVersion: Bool { skipped.contains("--version") || holds("--version") }
  var asksForJSON: Bool { skipped.contains("--json") || holds("--json") }

  private func holds(_ token: String) -> Bool { tokens.prefix { $0 != "--" }.contains(token) }

  /// The longest run of words that names a command, past any global options in front.
  mutating func takeCommandWords() throws(ToolError) -> [String] {
    var words: [String] = []
    while let token = tokens.first {
      if token.hasPrefix("-"), token != "-" {
        guard words.isEmpty || Command.named(words) == nil, let option = Self.globalOption(token) else {
          break
        }
        skipped.append(tokens.removeFirst())
        if option.kind.takesValue, !token.contains("="), let value = tokens.popFirst() {
          skipped.append(value)
        }
        continue
      }
      let following = Command.words(after: words)
      if following.contains(token) {
        words.append(tokens.removeFirst())
      } else if Command.named(words) != nil {
        break
      } else {
        throw Self.unknownCommand(token, after: words, following)
      }
    }
    return words
  }

  /// Everything after the words, sorted by the declarations.
  mutating func takeValues(of usage: Usage) throws(ToolError) -> Typed {
    var sorting = ValueSorting(usage: usage)
    var remaining = (skipped + tokens)[...]
    while let token = remaining.popFirst() {
      if token == "--" {
        for token in remaining { try sorting.takePositional(token) }
        break
      }
      if Self.isFlag(token) {
        try sorting.takeFlag(token, &remaining)
      } else {
        try sorting.takePositional(token)
      }
    }
    return sorting.typed
  }

  /// `-3dB`, `-2` and `-` are values; `-q` and `--quiet` are flags.
  static func isFlag(_ token: String) -> Bool {
    guard token.hasPrefix("-"), let second = token.dropFirst().first else { return false }
    return !(second.isNumber || second == ".")
  }

  static func globalOption(_ token: String) -> Parameter? {
    find(String(token.prefix { $0 != "=" }), in: Catalogue.globalOptions)
  }

  /// The parameter a flag names, long or short.
  static func find(_ flag: String, in parameters: [Parameter]) -> Parameter? {
    parameters.first { !$0.isPositional && ($0.flag == flag || $0.shortFlag.map { "-\($0)" } == flag) }
  }

  private static func unknownCommand(
    _ token: String, after words: [String], _ following: [String]
  ) -> ToolError {
    ToolError(
      code: "unknown_command",
      what: "There is no command \(shownText((words + [token]).joined(separator: " ")))",
      why: Suggestion.sentence(for: token, in: following, noun: "command"),
      next: words.isEmpty ? "garden help" : "garden help \(words.joined(separator: " "))")
  }
}

extension Parameter.Kind {
  /// A flag stands alone, everything else wants a value.
  package var takesValue: Bool {
    if case .flag = self { return false }
    return true
  }
}
