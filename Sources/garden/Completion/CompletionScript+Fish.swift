import Commands
import Tools

extension CompletionScript {
  static func fish() -> String {
    """
    # fish completion for garden, made by `garden completion fish`

    function __garden_words
      for token in (commandline -opc)[2..-1]
        string match -q -- '-*' $token; or echo $token
      end
    end

    # The words typed so far are exactly these.
    function __garden_at
      set -l typed (__garden_words)
      test "$typed" = "$argv"
    end

    # The words typed so far begin with these.
    function __garden_in
      set -l typed (__garden_words)
      set -l length (count $argv)
      test (count $typed) -ge $length; and test "$typed[1..$length]" = "$argv"
    end

    complete -c garden -f
    \((fishWords + fishCommands + fishGlobals).joined(separator: "\n"))

    """
  }

  private static func fishArguments(_ completion: Parameter.Completion) -> String {
    switch completion {
    case .nothing: ""
    case .words(let words): " -a " + quote(words.joined(separator: " "), fish: true)
    case .files: " -F"
    case .filesOrLive(_, let what): " -F -a '(garden __complete \(what) 2>/dev/null)'"
    case .live(let what): " -a '(garden __complete \(what) 2>/dev/null)'"
    }
  }

  private static var fishWords: [String] {
    groups.flatMap { group in
      let condition = quote((["__garden_at"] + group).joined(separator: " "), fish: true)
      return Command.words(after: group).map { word in
        "complete -c garden -n \(condition) -a \(word) -d \(quote(summary(of: group + [word]), fish: true))"
      }
    }
  }

  private static var fishCommands: [String] {
    Command.all.flatMap { command -> [String] in
      let condition = quote((["__garden_in"] + command.usage.words).joined(separator: " "), fish: true)
      let flags = command.usage.parameters.filter { !$0.isPositional }.map { fishFlag($0, condition) }
      let values = positionals(of: command.usage).map {
        "complete -c garden -n \(condition)\(fishArguments($0))"
      }
      return flags + values
    }
  }

  private static func fishFlag(_ parameter: Parameter, _ condition: String?) -> String {
    var line = "complete -c garden" + (condition.map { " -n \($0)" } ?? "")
    line += " -l \(parameter.flag.dropFirst(2))" + (parameter.shortFlag.map { " -s \($0)" } ?? "")
    if parameter.kind.takesValue { line += fishValue(parameter.completion) }
    return line + " -d \(quote(parameter.help, fish: true))"
  }

  /// `-x`: a value must follow and is no file; `-r -F`: a file must follow.
  private static func fishValue(_ completion: Parameter.Completion) -> String {
    if case .files = completion { return " -r" + fishArguments(completion) }
    return " -x" + fishArguments(completion)
  }

  private static var fishGlobals: [String] { Catalogue.globalOptions.map { fishFlag($0, nil) } }
}
