import HostClients
import Jobs

/// Takes a command line apart as a shell would, without anything being looked up: words between blanks, `'…'` as it stands,
/// `"…"` and what is outside with `\` before a character that stands for itself.
enum ProgramWords {
  static func of(_ line: String) throws(HostFailure) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Unicode.Scalar?
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if isEscaped {
        word = (word ?? "") + String(scalar)
        isEscaped = false
      } else if scalar == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if scalar == open { quote = nil } else { word = (word ?? "") + String(scalar) }
      } else if scalar == "'" || scalar == "\"" {
        quote = scalar
        word = word ?? ""
      } else if scalar == " " || scalar == "\t" {
        if let whole = word { words.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(scalar)
      }
    }
    guard quote == nil, !isEscaped else {
      throw HostFailure(
        .permanent, "\(Plain.shown(line)) is not a command",
        why: quote == nil ? "It ends in a backslash." : "A quote is not closed.",
        next: "garden host set NAME --url '/usr/bin/program --option'")
    }
    if let whole = word { words.append(whole) }
    return words
  }
}
