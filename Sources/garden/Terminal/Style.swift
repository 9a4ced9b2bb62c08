/// The few colours there are, by meaning.
enum Style: String, Sendable {
  case strong = "1"
  case quiet = "2"
  case good = "32"
  case warning = "33"
  case bad = "31"
  case accent = "36"
}

/// Text with or without colours.
struct Painter: Sendable {
  var isEnabled: Bool

  func paint(_ text: String, _ style: Style) -> String {
    isEnabled && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// `--color` first, then the environment, then whether a terminal looks on.
  static func choose(
    _ choice: String?, environment: [String: String], isTerminal: Bool
  ) -> Painter {
    switch choice {
    case "always": return Painter(isEnabled: true)
    case "never": return Painter(isEnabled: false)
    default: break
    }
    // https://no-color.org: any value but the empty one counts.
    if let value = environment["NO_COLOR"], !value.isEmpty { return Painter(isEnabled: false) }
    if let value = environment["FORCE_COLOR"], !value.isEmpty, value != "0" {
      return Painter(isEnabled: true)
    }
    return Painter(isEnabled: isTerminal && environment["TERM"] != "dumb")
  }
}
