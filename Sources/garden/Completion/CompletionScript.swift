import Commands
import Tools

/// What the three shells' scripts have in common: the catalogue, seen from a cursor.
enum CompletionScript {
  static func text(for shell: String) -> String {
    switch shell {
    case "zsh": zsh()
    case "fish": fish()
    default: bash()
    }
  }

  /// Every run of words that wants another word: `[]`, `["region"]`, …
  static var groups: [[String]] {
    var groups: [[String]] = [[]]
    for command in Command.all {
      for length in 1..<max(1, command.usage.words.count) {
        let group = Array(command.usage.words.prefix(length))
        if !groups.contains(group) { groups.append(group) }
      }
    }
    return groups
  }

  /// The summary of the command a word leads to, or of its group.
  static func summary(of words: [String]) -> String {
    if let command = Command.named(words), Command.words(after: words).isEmpty {
      return command.usage.summary
    }
    return Command.words(after: words).joined(separator: ", ")
  }

  static func flags(of usage: Usage) -> [Parameter] {
    usage.parameters.filter { !$0.isPositional } + Catalogue.globalOptions
  }

  static func spellings(of parameter: Parameter) -> [String] {
    [parameter.flag] + (parameter.shortFlag.map { ["-\($0)"] } ?? [])
  }

  /// What may stand without a flag: bare words, and the completions of the positional values.
  static func positionals(of usage: Usage) -> [Parameter.Completion] {
    if usage.words == ["help"] || usage.words == ["man"] {
      return [.words(Command.words(after: []) + ["exit-codes", "positions"])]
    }
    let positional = usage.parameters.filter(\.isPositional)
    let words = positional.filter { !$0.kind.takesValue }.map(\.name.rawValue)
    let values = positional.filter(\.kind.takesValue).map(\.completion).filter { $0 != .nothing }
    var seen: [Parameter.Completion] = words.isEmpty ? [] : [.words(words)]
    for value in values where !seen.contains(value) { seen.append(value) }
    return seen
  }

  /// In single quotes for any of the shells; help texts hold no backslashes.
  static func quote(_ text: String, fish: Bool = false) -> String {
    "'"
      + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: fish ? "\\'" : "'\\''")
      + "'"
  }
}
