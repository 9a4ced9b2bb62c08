import Commands
import Tools

extension CompletionScript {
  static func zsh() -> String {
    """
    #compdef garden
    # zsh completion for garden, made by `garden completion zsh`

    _garden_words() { compadd -- "$@" }

    _garden_live() { compadd -- ${(f)"$(garden __complete $1 2>/dev/null)"} }

    _garden_files() {
      if (( $# )); then _files -g "*.(${(j:|:)@})(-.)"; else _files; fi
    }

    _garden() {
      local cur=$words[CURRENT] prev=$words[CURRENT-1]
      local first= second= command word
      local -a described
      integer i
      for ((i = 2; i < CURRENT; i++)); do
        word=$words[i]
        case $word in
          \(globalsWithValue)) ((i++)) ;;
          -*) ;;
          *) if [[ -z $first ]]; then first=$word; elif [[ -z $second ]]; then second=$word; fi ;;
        esac
      done
      case "$first $second" in
        \(pairs)) command="$first $second" ;;
        *) command=$first ;;
      esac
      case "$command:$prev" in
    \(zshFlagValues)
      esac
      if [[ $cur == -* ]]; then
        case "$command" in
    \(zshFlags)
        esac
        _describe flag described
        return
      fi
      case "$command" in
    \(zshPositionals)
      esac
    }

    if [[ $funcstack[1] == _garden ]]; then _garden "$@"; else compdef _garden garden; fi

    """
  }

  private static func zshAction(_ completion: Parameter.Completion) -> String {
    switch completion {
    case .nothing: ":"
    case .words(let words): "_garden_words " + words.map { quote($0) }.joined(separator: " ")
    case .files(let extensions): (["_garden_files"] + extensions).joined(separator: " ")
    case .live(let what): "_garden_live \(what)"
    case .filesOrLive(let extensions, let what):
      "_garden_live \(what); " + (["_garden_files"] + extensions).joined(separator: " ")
    }
  }

  /// `'--gain:gain in dB'`: `_describe` splits at the first colon that has no backslash.
  private static func described(_ word: String, _ text: String) -> String {
    quote(word.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "\\:") + ":" + text)
  }

  private static var zshFlagValues: String {
    let own = Command.all.flatMap { command in
      command.usage.parameters.filter { !$0.isPositional && $0.kind.takesValue }.map { parameter in
        let pattern = spellings(of: parameter).map { quote("\(command.usage.command):\($0)") }
          .joined(separator: "|")
        return "    \(pattern)) \(zshAction(parameter.completion)); return ;;"
      }
    }
    let global = Catalogue.globalOptions.filter(\.kind.takesValue).map { parameter in
      "    *:\(parameter.flag)) \(zshAction(parameter.completion)); return ;;"
    }
    return (own + global).joined(separator: "\n")
  }

  private static var zshFlags: String {
    func list(_ parameters: [Parameter]) -> String {
      parameters.map { described($0.flag, $0.help) }.joined(separator: " ")
    }
    let own = Command.all.map { command in
      "      \(quote(command.usage.command))) described=(\(list(flags(of: command.usage)))) ;;"
    }
    return (own + ["      *) described=(\(list(Catalogue.globalOptions))) ;;"]).joined(separator: "\n")
  }

  private static var zshPositionals: String {
    let groupLines = groups.map { group in
      let words = Command.words(after: group).map { described($0, summary(of: group + [$0])) }
      return "    \(quote(group.joined(separator: " ")))) described=(\(words.joined(separator: " "))); "
        + "_describe command described ;;"
    }
    let commandLines = Command.all.compactMap { command -> String? in
      let actions = positionals(of: command.usage).map(zshAction)
      guard !actions.isEmpty, !groups.contains(command.usage.words) else { return nil }
      return "    \(quote(command.usage.command))) \(actions.joined(separator: "; ")) ;;"
    }
    return (groupLines + commandLines).joined(separator: "\n")
  }
}
