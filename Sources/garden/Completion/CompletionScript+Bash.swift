import Commands
import Tools

extension CompletionScript {
  static func bash() -> String {
    """
    # bash completion for garden, made by `garden completion bash`

    # Keeps what the word under the cursor begins; the names are filtered by garden, so expanding them is safe.
    _garden_words() {
      local IFS=$'\\n'
      COMPREPLY+=($(compgen -W "$1" -- "$cur"))
    }

    _garden_live() { _garden_words "$(garden __complete "$1" 2>/dev/null)"; }

    _garden_files() {
      local IFS=$'\\n' extension
      compopt -o filenames 2>/dev/null
      COMPREPLY+=($(compgen -d -- "$cur"))
      if [ $# -eq 0 ]; then COMPREPLY+=($(compgen -f -- "$cur")); fi
      for extension in "$@"; do COMPREPLY+=($(compgen -f -X "!*.$extension" -- "$cur")); done
    }

    # Bash takes @ and : for the ends of words: what stands before the cursor up to a blank is one word here.
    _garden() {
      local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} lead=
      local line=${COMP_LINE:0:COMP_POINT}
      local whole=${line##*[[:space:]]} before
      case $whole in
        -*|*[\\'\\"\\\\]*) ;;
        ?*"$cur")
          lead=${whole%"$cur"}
          before=${line%"$whole"}
          before=${before%"${before##*[![:space:]]}"}
          prev=${before##*[[:space:]]}
          cur=$whole ;;
      esac
      _garden_find
      # What stands before a colon stays as it is; an @ is replaced with the rest.
      lead=${lead%@}
      if [ -n "$lead" ]; then COMPREPLY=("${COMPREPLY[@]#"$lead"}"); fi
    }

    _garden_find() {
      local first= second= command word i
      COMPREPLY=()
      for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
          \(globalsWithValue)) ((i++)) ;;
          -*) ;;
          *) if [ -z "$first" ]; then first=$word; elif [ -z "$second" ]; then second=$word; fi ;;
        esac
      done
      case "$first $second" in
        \(pairs)) command="$first $second" ;;
        *) command=$first ;;
      esac
      case "$command:$prev" in
    \(bashFlagValues)
      esac
      case "$cur" in
        -*)
          case "$command" in
    \(bashFlags)
          esac
          return ;;
      esac
      case "$command" in
    \(bashPositionals)
      esac
    }

    complete -F _garden garden

    """
  }

  static var globalsWithValue: String {
    Catalogue.globalOptions.filter(\.kind.takesValue).flatMap(spellings).joined(separator: "|")
  }

  static var pairs: String {
    Command.all.filter { $0.usage.words.count == 2 }.map { quote($0.usage.command) }.joined(separator: "|")
  }

  private static func bashAction(_ completion: Parameter.Completion) -> String {
    switch completion {
    case .nothing: ":"
    case .words(let words): "_garden_words $'\(words.joined(separator: "\\n"))'"
    case .files(let extensions): (["_garden_files"] + extensions).joined(separator: " ")
    case .live(let what): "_garden_live \(what)"
    case .filesOrLive(let extensions, let what):
      "_garden_live \(what); " + (["_garden_files"] + extensions).joined(separator: " ")
    }
  }

  private static var bashFlagValues: String {
    let own = Command.all.flatMap { command in
      command.usage.parameters.filter { !$0.isPositional && $0.kind.takesValue }.map { parameter in
        let pattern = spellings(of: parameter).map { quote("\(command.usage.command):\($0)") }
          .joined(separator: "|")
        return "    \(pattern)) \(bashAction(parameter.completion)); return ;;"
      }
    }
    let global = Catalogue.globalOptions.filter(\.kind.takesValue).map { parameter in
      "    *:\(parameter.flag)) \(bashAction(parameter.completion)); return ;;"
    }
    return (own + global).joined(separator: "\n")
  }

  private static var bashFlags: String {
    let own = Command.all.map { command in
      let words = flags(of: command.usage).map(\.flag).joined(separator: "\\n")
      return "        \(quote(command.usage.command))) _garden_words $'\(words)' ;;"
    }
    let global = Catalogue.globalOptions.map(\.flag).joined(separator: "\\n")
    return (own + ["        *) _garden_words $'\(global)' ;;"]).joined(separator: "\n")
  }

  private static var bashPositionals: String {
    let groupLines = groups.map { group in
      let words = Command.words(after: group).joined(separator: "\\n")
      return "    \(quote(group.joined(separator: " ")))) _garden_words $'\(words)' ;;"
    }
    let commandLines = Command.all.compactMap { command -> String? in
      let actions = positionals(of: command.usage).map(bashAction)
      guard !actions.isEmpty, !groups.contains(command.usage.words) else { return nil }
      return "    \(quote(command.usage.command))) \(actions.joined(separator: "; ")) ;;"
    }
    return (groupLines + commandLines).joined(separator: "\n")
  }
}
