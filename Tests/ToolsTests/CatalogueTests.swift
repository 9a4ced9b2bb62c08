import Foundation
import Jobs
import Testing

@testable import Tools

@Suite struct CatalogueTests {
  @Test func everyRequestNameIsDeclaredExactlyOnce() {
    #expect(
      Catalogue.all.map(\.name).sorted { $0.rawValue < $1.rawValue }
        == ToolName.allCases.sorted { $0.rawValue < $1.rawValue })
  }

  @Test func everyClientCommandIsDeclaredExactlyOnce() {
    #expect(Set(Catalogue.clientCommands.map(\.name)) == Set(ClientCommandName.allCases))
    #expect(Catalogue.clientCommands.count == ClientCommandName.allCases.count)
  }

  @Test func noTwoCommandsAreTypedAlike() {
    let words = allUsages.map(\.words).filter { !$0.isEmpty }
    #expect(Set(words).count == words.count)
  }

  @Test func noCommandDeclaresAFlagTwiceOrTakesAGlobalOne() {
    let global = Set(Catalogue.globalOptions.map(\.flag))
    for usage in allUsages {
      let flags = usage.parameters.filter { !$0.isPositional }.map(\.flag)
      #expect(Set(flags).count == flags.count, "\(usage.command)")
      #expect(global.isDisjoint(with: flags), "\(usage.command)")
    }
  }

  @Test func onlyTheLastPositionalValueMayRepeat() {
    for usage in allUsages {
      let values = usage.parameters.filter { parameter in
        if case .flag = parameter.kind { return false }
        return parameter.isPositional
      }
      let early = values.dropLast().filter(\.isRepeated).map(\.name)
      #expect(early.isEmpty, "\(usage.command)")
    }
  }

  @Test func everyCommandHasASummaryOfOneLineWithoutAFullStop() {
    for usage in allUsages where !usage.words.isEmpty {
      #expect(!usage.summary.isEmpty && usage.summary.count <= 70, "\(usage.command)")
      #expect(!usage.summary.hasSuffix(".") && !usage.summary.contains("\n"), "\(usage.command)")
      #expect(!usage.examples.isEmpty, "\(usage.command)")
    }
  }

  @Test func aRequestIsFoundByItsWireNameAndByItsWords() {
    #expect(Catalogue.tool(named: "region_add")?.name == .regionAdd)
    #expect(Catalogue.tool(words: ["region", "add"])?.name == .regionAdd)
    #expect(Catalogue.tool(named: "region add") == nil)
    #expect(Catalogue.tool(words: []) == nil)
  }

  @Test func `[B10] [B11] [B12] [B13] Requests about jobs go by their other names too, each by one alone`() {
    for (alias, name) in [
      ("get_job_status", ToolName.jobShow), ("wait_for_job", .jobPoll), ("poll", .jobPoll),
      ("list_jobs", .jobLs),
    ] { #expect(Catalogue.tool(named: alias)?.name == name) }
    let names = Catalogue.all.flatMap { [$0.name.rawValue] + $0.aliases }
    #expect(Set(names).count == names.count)
  }

  @Test
  func `[D69] Every tool has a timing class, and the documentation's table is that of the declarations`()
    throws
  {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("Documentation/tools.md"), encoding: .utf8)
    let table = text.split(separator: "\n").filter { $0.hasPrefix("|") }.map(String.init)
    #expect(table == Catalogue.timingTable)
    for tool in Catalogue.all {
      let word = tool.timing.timingClass.rawValue
      #expect(tool.timingText.hasPrefix(word) && tool.timingText.count <= 78, "\(tool.name)")
      if tool.timing.timingClass == .immediate { #expect(tool.timing.seconds == 0, "\(tool.name)") }
    }
  }

  @Test
  func `[R69] The README shows waiting, asking and the amounts of detail, with flags that are declared`()
    throws
  {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    for (words, parameter, shown) in [
      ("job poll", ParameterName.detail, "minimal|standard|full"), ("job show", .detail, "--detail"),
      ("generate phrase_generate", .wait, "--wait 30"), ("job poll", .any, "`job poll`"),
    ] {
      let tool = Catalogue.tool(words: words.split(separator: " ").map(String.init))
      #expect(tool?.usage.parameters.contains { $0.name == parameter } == true, "\(words)")
      #expect(text.replacing("\n", with: " ").contains(shown), "\(shown)")
    }
  }

  @Test func anUnknownRequestIsToldItsNearestName() {
    let error = Catalogue.unknownTool("regionadd")
    #expect(
      error.lines == [
        "There is no request \"regionadd\"", "Did you mean \"region_add\"?", "garden help",
      ])
    #expect(error.exit == .usage)
  }

  private var allUsages: [Usage] { Catalogue.all.map(\.usage) + Catalogue.clientCommands.map(\.usage) }
}
