import Commands
import Testing
import Tools

@testable import Commands
@testable import garden

@Suite struct HelpTests {
  private let plain = Painter(isEnabled: false)

  @Test func noLineOfHelpIsWiderThanATerminal() throws {
    for words in Command.all.map(\.usage.words) + [[], ["region"], ["exit-codes"], ["positions"]] {
      for line in try HelpText.lines(for: words, plain) {
        #expect(line.count <= 80, "\(words): \(line)")
      }
    }
  }

  @Test func `[A34] [A38] every flag of a command is in its help, its manual page and the three scripts`()
    throws
  {
    let scripts = ["bash", "zsh", "fish"].map(CompletionScript.text(for:))
    for command in Command.all {
      let help = try HelpText.lines(for: command.usage.words, plain).joined(separator: "\n")
      let page = try ManualPage.text(for: command.usage.words)
      for parameter in command.usage.parameters where !parameter.isPositional {
        #expect(help.contains(parameter.flag))
        #expect(page.contains(ManualPage.escape(parameter.flag)))
        #expect(scripts[0].contains(parameter.flag) && scripts[1].contains(parameter.flag))
        #expect(scripts[2].contains("-l \(parameter.flag.dropFirst(2)) "))
      }
    }
  }

  @Test func aSynopsisMarksWhatMayBeLeftOut() {
    #expect(
      HelpText.synopsis(Catalogue.tool(.regionMv).usage) == "garden region mv REGION --at POS [--track TRACK]"
    )
    #expect(HelpText.synopsis(Catalogue.tool(.loop).usage) == "garden loop [off] [on] [START] [END]")
  }

  @Test func exitCodesAreListedWithTheirNumbers() throws {
    let lines = try HelpText.lines(for: ["exit-codes"], plain)
    for code in ["    0  done", "   66  a file is missing or cannot be read", "  130  stopped by Ctrl-C"] {
      #expect(lines.contains(code), "\(code)")
    }
  }

  @Test func unknownHelpIsRefused() {
    #expect(throws: ToolError.self) { try HelpText.lines(for: ["regoin"], plain) }
    #expect(throws: ToolError.self) { try ManualPage.text(for: ["region"]) }
  }

  @Test func roffIsEscaped() {
    #expect(ManualPage.escape(".TH") == "\\&.TH")
    #expect(ManualPage.escape("a\\b -x…") == "a\\eb \\-x\\[u2026]")
  }

  @Test func linesWrapAtSpacesOnly() {
    #expect(HelpText.wrap("one two three", 7) == ["one two", "three"])
    #expect(HelpText.wrap("extraordinary", 5) == ["extraordinary"])
    #expect(HelpText.wrap("", 5) == [""])
  }
}
