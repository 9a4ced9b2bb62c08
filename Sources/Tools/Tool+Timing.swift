import Jobs

extension Tool {
  /// When it answers and with what, in one line.
  package var timingText: String {
    let seconds = shownNumber(timing.seconds)
    switch timing.timingClass {
    case .immediate: return "immediate: its value, at once"
    case .acknowledge: return "acknowledge: that it was understood, at once; what comes of it is an event"
    case .long: return "long: a job's handle, at once"
    case .short, .medium:
      let word = timing.timingClass.rawValue
      guard job != nil else { return "\(word): its value, within \(seconds) s" }
      let most = shownNumber(Double(timing.wait(clientLimit: nil)) / 1_000)
      return "\(word): its value within \(seconds) s, or a job's handle after \(most) s at most"
    }
  }
}

extension Catalogue {
  /// Every tool with its timing class, as a table of Markdown: Documentation/tools.md holds it.
  package static var timingTable: [String] {
    ["| tool | command | answers |", "| --- | --- | --- |"]
      + all.sorted { $0.name.rawValue < $1.name.rawValue }.map { tool in
        let names = ([tool.name.rawValue] + tool.aliases).map { "`\($0)`" }.joined(separator: ", ")
        let command = tool.usage.words.isEmpty ? "" : "`garden \(tool.usage.command)`"
        return "| \(names) | \(command) | \(tool.timingText) |"
      }
  }
}
