import Commands
import Tools

/// Help in plain lines, made from the catalogue.
enum HelpText {
  /// The lines for `words`: the overview, a topic, a group of commands or one command.
  static func lines(for words: [String], _ painter: Painter) throws(ToolError) -> [String] {
    if words.isEmpty { return overview(painter) }
    if words == ["exit-codes"] { return exitCodes(painter) }
    if words == ["positions"] { return positions(painter) }
    if words == ["timing"] { return Catalogue.timingTable }
    if let command = Command.named(words) {
      let more = Command.all.filter { isOneOfMany($0) && $0.usage.words.dropLast() == words[...] }
      return explain(command.usage, painter, timing(of: command))
        + (more.isEmpty ? [] : ["", "Declared tools:"] + list(more))
    }
    let group = Command.all.filter { $0.usage.words.starts(with: words) }
    if !group.isEmpty {
      return heading("garden \(words.joined(separator: " "))", painter) + list(group)
        + ["", "`garden help \(words.joined(separator: " ")) …` explains one."]
    }
    let known = Command.words(after: []) + ["exit-codes", "positions", "timing"]
    throw ToolError(
      code: "unknown_command", what: "There is no help on \(shownText(words.joined(separator: " ")))",
      why: Suggestion.sentence(for: words[0], in: known, noun: "topic"), next: "garden help")
  }

  static func overview(_ painter: Painter) -> [String] {
    heading("garden [COMMAND] [FLAGS]", painter)
      + ["Steers chaosgarden, the realtime audio daemon. Alone it shows the status.", ""]
      + list(Command.all.filter { !isOneOfMany($0) }) + ["", "With every command:"]
      + parameterLines(Catalogue.globalOptions)
      + ["", "More: garden help COMMAND, garden help positions, exit-codes or timing"]
  }

  /// Tools of hosts, which `garden help generate` lists.
  private static func isOneOfMany(_ command: Command) -> Bool {
    if case .tool(let tool) = command { return tool.job != nil }
    return false
  }

  private static func timing(of command: Command) -> [String] {
    if case .tool(let tool) = command { return [""] + wrap("Answers " + tool.timingText + ".", 78) }
    return []
  }

  static func explain(_ usage: Usage, _ painter: Painter, _ timing: [String] = []) -> [String] {
    var lines = heading(synopsis(usage), painter) + [sentence(usage.summary)]
    if !usage.discussion.isEmpty { lines += [""] + wrap(usage.discussion, 78) }
    if !usage.parameters.isEmpty { lines += [""] + parameterLines(usage.parameters) }
    if !usage.examples.isEmpty { lines += ["", "Examples:"] + usage.examples.flatMap(example) }
    return lines + timing + ["", "Flags of every command: garden help"]
  }

  /// A long one goes on in the next line, as a shell reads it.
  private static func example(_ line: String) -> [String] {
    let parts = wrap(line, 74)
    return parts.enumerated().map { index, part in
      (index == 0 ? "  " : "      ") + part + (index + 1 < parts.count ? " \\" : "")
    }
  }

  /// `garden region mv REGION --at POS [--track TRACK]`.
  static func synopsis(_ usage: Usage) -> String {
    (["garden"] + usage.words + usage.parameters.map(synopsis)).joined(separator: " ")
  }

  static func synopsis(_ parameter: Parameter) -> String {
    var text: String
    if parameter.isPositional {
      text = parameter.kind.takesValue ? positionalName(parameter) : parameter.name.rawValue
    } else {
      let flag = parameter.shortFlag.map { "-\($0)" } ?? parameter.flag
      text = placeholder(of: parameter).map { "\(flag) \($0)" } ?? flag
    }
    if parameter.isRepeated { text += "…" }
    return parameter.isRequired ? text : "[\(text)]"
  }

  /// Words that are too many for a line stand in the text beside it.
  static func placeholder(of parameter: Parameter) -> String? {
    if case .choice(let words) = parameter.kind, isLong(words) { return parameter.name.rawValue.uppercased() }
    return parameter.placeholder
  }

  static func positionalName(_ parameter: Parameter) -> String {
    guard case .choice(let words) = parameter.kind, !isLong(words) else {
      return parameter.name.rawValue.uppercased()
    }
    return words.joined(separator: "|")
  }

  /// Too much for a synopsis, so that the help names them.
  private static func isLong(_ choices: [String]) -> Bool { choices.joined(separator: "|").count > 60 }

  static func parameterLines(_ parameters: [Parameter]) -> [String] {
    let left = parameters.map { leftColumn($0) }
    let width = min(30, left.map(\.count).max() ?? 0)
    return zip(parameters, left).flatMap { parameter, left -> [String] in
      let texts = wrap(description(parameter), max(30, 76 - width))
      let pad = String(repeating: " ", count: max(0, width - left.count))
      let first =
        left.count > width ? ["  \(left)", indent(width) + texts[0]] : ["  \(left)\(pad)  \(texts[0])"]
      return first + texts.dropFirst().map { indent(width) + $0 }
    }
  }

  static func leftColumn(_ parameter: Parameter) -> String {
    if parameter.isPositional {
      return parameter.kind.takesValue ? positionalName(parameter) : parameter.name.rawValue
    }
    let short = parameter.shortFlag.map { "-\($0), " } ?? ""
    return short + parameter.flag + (placeholder(of: parameter).map { " \($0)" } ?? "")
  }

  /// The help, the range where the placeholder does not say it, and what holds without it.
  static func description(_ parameter: Parameter) -> String {
    var text = parameter.help
    switch parameter.kind {
    case .beats, .number, .decibels, .integer: text += ", \(parameter.allowed)"
    case .choice(let words) where isLong(words):
      text += ": " + words.joined(separator: ", ")
    default: break
    }
    return parameter.defaultText.map { "\(text) (default: \($0))" } ?? text
  }

  private static func indent(_ width: Int) -> String { String(repeating: " ", count: width + 4) }

  static func list(_ commands: [Command]) -> [String] {
    let width = commands.map(\.usage.command.count).max() ?? 0
    return commands.map {
      let pad = String(repeating: " ", count: width - $0.usage.command.count)
      return "  \($0.usage.command)\(pad)  \($0.usage.summary)"
    }
  }

  private static func heading(_ text: String, _ painter: Painter) -> [String] {
    let lines = wrap(text, 74)
    return [painter.paint(lines[0], .strong)]
      + lines.dropFirst().map { painter.paint("    " + $0, .strong) } + [""]
  }

  static func sentence(_ text: String) -> String { capitalized(text) + "." }

  static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  /// Lines of at most `width` characters, broken at spaces; at least one line.
  static func wrap(_ text: String, _ width: Int) -> [String] {
    var lines = [""]
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] = String(word)
      } else if lines[lines.count - 1].count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
