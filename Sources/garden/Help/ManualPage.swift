import Commands
import Tools

/// Manual pages in roff (man(7)), made from the catalogue.
enum ManualPage {
  /// garden(1), or the page of one command such as garden-region-add(1).
  static func text(for words: [String]) throws(ToolError) -> String {
    if words.isEmpty { return overview() }
    guard let command = Command.named(words) else {
      throw ToolError(
        code: "unknown_command",
        what: "There is no manual page for \(shownText(words.joined(separator: " ")))",
        why: Suggestion.sentence(
          for: words.joined(separator: " "), in: Command.all.map(\.usage.command), noun: "command"),
        next: "garden help")
    }
    return page(of: command.usage)
  }

  private static func overview() -> String {
    var lines = head("garden", "steer chaosgarden, the realtime audio daemon")
    lines += [".SH SYNOPSIS", ".B garden", escape("[COMMAND] [FLAGS]")]
    lines += [".SH DESCRIPTION", escape("Without a command the status is shown.")]
    lines.append(".SH COMMANDS")
    for command in Command.all { lines += item("garden \(command.usage.command)", command.usage.summary) }
    lines.append(".SH FLAGS OF EVERY COMMAND")
    lines += parameters(Catalogue.globalOptions)
    lines.append(".SH POSITIONS")
    for (form, meaning) in HelpText.positionForms { lines += item(form, meaning) }
    lines.append(".SH EXIT STATUS")
    for code in ExitCode.allCases { lines += item(String(code.rawValue), code.meaning) }
    lines.append(".SH FILES")
    lines += item("/etc/chaosgarden/config.toml", "settings of the machine")
    lines += item("~/.config/chaosgarden/config.toml", "settings of the user, which win")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func page(of usage: Usage) -> String {
    var lines = head("garden-" + usage.words.joined(separator: "-"), usage.summary)
    lines += [".SH SYNOPSIS", escape(HelpText.synopsis(usage)), ".SH DESCRIPTION"]
    lines.append(escape(HelpText.sentence(usage.summary)))
    if !usage.discussion.isEmpty { lines += [".PP", escape(usage.discussion)] }
    if !usage.parameters.isEmpty { lines += [".SH OPTIONS"] + parameters(usage.parameters) }
    if !usage.examples.isEmpty {
      lines += [".SH EXAMPLES", ".nf"] + usage.examples.map(escape) + [".fi"]
    }
    return (lines + [".SH SEE ALSO", ".BR garden (1)"]).joined(separator: "\n") + "\n"
  }

  private static func head(_ name: String, _ summary: String) -> [String] {
    [
      ".TH \"\(escape(name.uppercased()))\" 1 \"\" \"chaosgarden\" \"User Commands\"", ".SH NAME",
      "\(escape(name)) \\- \(escape(summary))",
    ]
  }

  private static func parameters(_ parameters: [Parameter]) -> [String] {
    parameters.flatMap { item(HelpText.leftColumn($0), HelpText.description($0)) }
  }

  private static func item(_ term: String, _ text: String) -> [String] {
    [".TP", ".B \(escape(term))", escape(text)]
  }

  /// roff reads a backslash and a leading dot or quote as its own; a plain hyphen may become a dash; what
  /// is not ASCII is named by its code point.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\n": result += " "
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
      }
    }
    return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
  }
}
