import Testing

@testable import Settings

@Suite struct RefusalTests {
  private let folder: SettingsFolder

  init() throws { folder = try SettingsFolder() }

  private func problems(_ text: String) throws -> [String] {
    let file = try folder.write("config.toml", text)
    return folder.problems(folder.sources([file])).map { String($0.line.dropFirst(folder.path.count + 1)) }
  }

  @Test func anUnknownKeyIsNamedWithItsLineAndItsNearestName() throws {
    #expect(
      try problems("[audio]\nperiod = 64\n\nperoid = 128\n") == [
        "config.toml:4: unknown setting \"audio.peroid\". Did you mean \"audio.period\"?"
      ])
  }

  @Test func everyProblemOfAFileIsNamedNotOnlyTheFirst() throws {
    let found = try problems(
      """
      volume = 11
      [audio]
      driver = "jackd"
      period = 63
      sample_rate = "fast"
      autoconnect = 1
      """)
    #expect(found.count == 5)
    #expect(
      found.contains("config.toml:3: audio.driver does not fit. Seen \"jackd\". Did you mean \"jack\"?"))
    #expect(found.contains("config.toml:4: audio.period does not fit. Seen 63, allowed 64 to 8192."))
    #expect(
      found.contains("config.toml:5: audio.sample_rate does not fit. Seen \"fast\", allowed 22050 to 96000."))
    #expect(found.contains("config.toml:6: audio.autoconnect does not fit. Seen 1, allowed true or false."))
    #expect(found.contains { $0.hasPrefix("config.toml:1: unknown setting \"volume\"") })
  }

  @Test func aSyntaxErrorIsNamedWithItsLine() throws {
    let found = try problems("[audio]\nperiod 64\n")
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("config.toml:2: not valid TOML") == true)
  }

  /// The parser's own way with these is to end the process.
  @Test(arguments: ["[?]", "[[+a]]", "[ \t=x]", "[é]", "[", "[\n]"])
  func `A table name that begins like none ended the process`(header: String) throws {
    let found = try problems("a = '[?'\n\(header)")
    #expect(found.count == 1 && found[0].hasPrefix("config.toml:2: not valid TOML."), "\(found)")
  }

  @Test(arguments: ["1979-05-27T%7:3", "1979-05-27t", "1979-05-27 x", "[1979-05-27Ta]"])
  func `A date whose time begins with no digit ended the process`(value: String) throws {
    let found = try problems("a = '1979-05-27T%'\nb = \(value)")
    #expect(found.count == 1 && found[0].hasPrefix("config.toml:2: not valid TOML."), "\(found)")
  }

  @Test(arguments: [
    "1979-05-27", "1979-05-27 # day", "[1979-05-27 ]", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00",
  ])
  func `A date is left to the parser`(value: String) throws {
    #expect(try problems("b = \(value)\n").allSatisfy { $0.contains("unknown setting") })
  }

  @Test func `A delete character in a broken value reached the terminal through the refusal`() throws {
    let found = try problems("[audio]\nautoconnect = tr\u{7F}\n")
    #expect(found.count == 1 && found[0].contains("\\u{7F}"), "\(found)")
  }

  @Test func bracketsThatAreNoTablesAreLeftToTheParser() throws {
    let text = "x = [\n  [1, 2],\n [{y = 1}], # [?\n '[?',\n]\ns = \"\"\"\n[?\\\"\n\"\"\"\nk.\"[?\" = 1\n"
    #expect(try problems(text).allSatisfy { $0.contains("unknown setting") })
  }

  @Test func datesListsAndTablesWhereAValueBelongsAreRefused() throws {
    #expect(try problems("[audio]\nperiod = [64]\n").first?.contains("wrong type") == true)
    #expect(try problems("[audio]\nperiod = 2026-01-01\n").first?.contains("wrong type") == true)
    #expect(try problems("[audio.period]\nframes = 64\n").first?.contains("audio.period.frames") == true)
    #expect(try problems("audio = 3\n").first?.contains("unknown setting \"audio\"") == true)
  }

  @Test func numbersBeyondTheWordAreRefused() throws {
    #expect(try problems("[audio]\nperiod = 99999999999999999999\n").count == 1)
    #expect(try problems("[audio]\nperiod = nan\n").count == 1)
  }

  @Test func aFolderAnEmptyFileAndBytesThatAreNoText() throws {
    #expect(folder.problems(folder.sources([folder.path])).first?.why == "It is not a file.")
    #expect(try problems("").isEmpty)
    #expect(try problems("[audio]\u{0}\n").first?.contains("zero byte") == true)
  }

  @Test func aHugeFileIsRefusedUnread() throws {
    #expect(
      try problems(String(repeating: "# comment\n", count: 110_000)).first?.contains("too large") == true)
  }

  @Test func deepNestingIsRefused() throws {
    #expect(try !problems("a = " + String(repeating: "[", count: 5000)).isEmpty)
    #expect(try !problems(Array(repeating: "a", count: 200).joined(separator: ".") + " = 1").isEmpty)
  }

  @Test func aSocketDirectoryThatNoSocketFitsInIsRefused() throws {
    let fits = "/" + String(repeating: "d", count: 86)
    #expect(try problems("[paths]\nsocket_dir = \"\(fits)\"\n").isEmpty)
    #expect(try problems("[paths]\nsocket_dir = \"\(fits)d\"\n").first?.contains("87 bytes") == true)
    #expect(try problems("[paths]\nsocket_dir = \"run\"\n").first?.contains("absolute") == true)
    #expect(try problems("[paths]\nsocket_dir = \"$NOWHERE/run\"\n").first?.contains("not set") == true)
  }

  @Test func environmentAndFlagsAreHeldAgainstTheSameRanges() {
    let found = folder.problems(
      folder.sources(
        environment: ["GARDEN_PERIOD": "many", "GARDEN_LIMITER": "maybe"], flags: [(.voices, "0")]))
    #expect(found.map(\.origin.shown) == ["GARDEN_LIMITER", "GARDEN_PERIOD", "--voices"])
  }

  @Test func aWholeNumberDoesForANumber() throws {
    let setting = Setting(
      name: .period, kind: .number(0...10), builtIn: .number(1), word: "x", help: "")
    #expect(try setting.fit(.integer(3)) == .number(3))
    #expect(throws: Setting.Misfit.self) { try setting.fit(.number(.nan)) }
    #expect(throws: Setting.Misfit.self) { try setting.fit(.text("3")) }
  }
}
