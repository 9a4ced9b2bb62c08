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
