import Tools

/// What a person can type: a request to the daemon, or something `garden` answers by itself.
package enum Command: Sendable {
  case tool(Tool)
  case client(ClientCommand)

  /// Every command that has words, in the order help lists them.
  package static let all: [Command] =
    Catalogue.all.filter { !$0.usage.words.isEmpty }.map { .tool($0) }
    + Catalogue.clientCommands.map { .client($0) }

  package var usage: Usage {
    switch self {
    case .tool(let tool): tool.usage
    case .client(let command): command.usage
    }
  }

  /// The name in a JSON reply's `schema`.
  package var wireName: String {
    switch self {
    case .tool(let tool): tool.name.rawValue
    case .client(let command): command.name.rawValue
    }
  }

  package static func named(_ words: [String]) -> Command? { all.first { $0.usage.words == words } }

  /// The words that may follow `words`: `["region"]` gives add, ls, …; without repetition, in order.
  package static func words(after words: [String]) -> [String] {
    var seen: [String] = []
    for command in all
    where command.usage.words.starts(with: words) && command.usage.words.count > words.count {
      let word = command.usage.words[words.count]
      if !seen.contains(word) { seen.append(word) }
    }
    return seen
  }
}
