import Testing

@testable import Settings

@Suite struct PrecedenceTests {
  private let folder: SettingsFolder

  init() throws { folder = try SettingsFolder() }

  @Test func withoutAnySourceTheBuiltInValuesHold() throws {
    let settings = try Settings.load(folder.sources())
    for setting in Setting.all where setting.kind != .path(maxBytes: SettingLimits.socketDirBytes) {
      if [.casDir, .stateDir, .captureFolder, .ledger].contains(setting.name) { continue }
      #expect(settings[setting.name] == Settings.Entry(value: setting.builtIn, origin: .builtIn))
    }
    #expect(settings.socketDir == "/tmp/chaosgarden-1000")
    #expect(settings.captureFolder == "/tmp/chaosgarden-1000/captures")
    #expect(settings.ledger == "/tmp/chaosgarden-1000/state")
  }

  @Test func `[O61] [O62] [R32] the ledger's place and the workers are set under both names, ours first`()
    throws
  {
    func load(_ variables: [String: String], _ files: [String] = []) throws -> Settings {
      try Settings.load(
        folder.sources(files, environment: variables.merging(["HOME": "/home/me"]) { one, _ in one }))
    }
    // On disk, and as many as there are slots, unless told otherwise.
    let plain = try load([:])
    #expect(plain.ledger == "/home/me/.local/state/chaosgarden" && plain.workers == nil)
    let theirs = [
      "ORCHESTR8_DB_PATH": "~/.claude/plugins/orchestr8/orchestr8-async.duckdb", "ORCHESTR8_WORKERS": "4",
    ]
    let file = try folder.write("c.toml", "[jobs]\nworkers = 2\n[paths]\nledger = \"/srv/jobs\"\n")
    #expect(try load([:], [file]).workers == 2 && load([:], [file]).ledger == "/srv/jobs")
    let other = try load(theirs, [file])
    #expect(other.ledger == "/home/me/.claude/plugins/orchestr8" && other.workers == 4)
    #expect(other[.ledger].origin.shown == "ORCHESTR8_DB_PATH")
    let ours = try load(theirs.merging(["GARDEN_LEDGER": "/mine", "GARDEN_WORKERS": "7"]) { $1 }, [file])
    #expect(ours.ledger == "/mine" && ours.workers == 7 && ours[.workers].origin.shown == "GARDEN_WORKERS")
    #expect(try load(["ORCHESTR8_DB_PATH": "/data/orchestr8"]).ledger == "/data/orchestr8")
    let wrong = folder.problems(folder.sources(environment: ["ORCHESTR8_WORKERS": "many"]))
    #expect(wrong.count == 1 && wrong[0].origin.shown == "ORCHESTR8_WORKERS")
  }

  @Test("[O63] [O64] [O65] HTTP stands where another task runner's names put it, on loopback without them")
  func httpStandsWhereOtherNamesPutIt() throws {
    func load(_ variables: [String: String]) throws -> Settings {
      try Settings.load(
        folder.sources(environment: variables.merging(["HOME": "/home/me"]) { one, _ in one }))
    }
    let plain = try load([:])
    #expect(plain.servesHTTP && plain.httpAddress == "127.0.0.1" && plain.httpPort == 7766)
    let theirs = ["ORCHESTR8_MODE": "api", "ORCHESTR8_HOST": "10.0.0.7", "ORCHESTR8_PORT": "3000"]
    let other = try load(theirs)
    #expect(other.servesHTTP && other.httpAddress == "10.0.0.7" && other.httpPort == 3000)
    #expect(try !load(["ORCHESTR8_MODE": "mcp"]).servesHTTP && load(["ORCHESTR8_MODE": "both"]).servesHTTP)
    #expect(try load(theirs.merging(["GARDEN_HTTP_PORT": "1234"]) { $1 }).httpPort == 1234)
    for wrong in [["ORCHESTR8_MODE": "desktop"], ["ORCHESTR8_PORT": "70000"]] {
      #expect(folder.problems(folder.sources(environment: wrong)).count == 1)
    }
  }

  @Test(arguments: [
    (["HOME": "/home/ada"], "/home/ada/.local/share/chaosgarden/captures"),
    (["HOME": "/home/ada", "XDG_DATA_HOME": "/data"], "/data/chaosgarden/captures"),
    (["HOME": "/home/ada", "XDG_DATA_HOME": "data"], "/home/ada/.local/share/chaosgarden/captures"),
  ])
  func capturesGoWhereTheUsersDataIs(environment: [String: String], expected: String) throws {
    #expect(try Settings.load(folder.sources(environment: environment)).captureFolder == expected)
  }

  @Test func theContentStoreIsWhereHootenannyHasIt() throws {
    let home = ["HOME": "/home/me"]
    func load(_ more: [String: String], _ files: [String] = [], hootenanny: [String] = []) throws -> Settings
    {
      try Settings.load(
        folder.sources(files, hootenanny: hootenanny, environment: home.merging(more) { $1 }))
    }
    let plain = try load([:])
    #expect(plain.casDir == "/home/me/.hootenanny/cas" && plain.stateDir == "/home/me/.hootenanny")
    #expect(!plain.isCasReadOnly && plain.serviceCasDir == "/home/me/.hootenanny/cas")
    let first = try folder.write(
      "first.toml", "[paths]\ncas_dir = \"~/cas\"\nstate_dir = \"$STATE/hoot\"\nsocket_dir = 7\n")
    let second = try folder.write("second.toml", "[paths]\ncas_dir = \"/srv/cas\"\n[bind]\nport = 1\n")
    let byFile = try load(["STATE": "/var/state"], hootenanny: [first, second])
    #expect(byFile.casDir == "/srv/cas" && byFile.stateDir == "/var/state/hoot")
    #expect(byFile[.casDir].origin == .hootenannyFile(path: second, line: 2))
    #expect(byFile.serviceCasDir == "/home/me/.hootenanny/cas")
    let newer = ["HOOTENANNY_CAS_DIR": "/new", "HOOTENANNY_STATE_DIR": "/state", "STATE": "/s"]
    let byVariable = try load(newer, hootenanny: [first])
    #expect(
      byVariable.casDir == "/new" && byVariable.stateDir == "/state" && byVariable.serviceCasDir == "/new")
    let both = newer.merging(["HOOTENANNY_CAS_PATH": "/old"]) { $1 }
    #expect(try load(both).casDir == "/old")
    #expect(try load(both)[.casDir].origin.shown == "HOOTENANNY_CAS_PATH")
    #expect(try load(both).serviceCasDir == "/new")
    let ours = try folder.write("ours.toml", "[paths]\ncas_dir = \"/ours\"\n[cas]\nread_only = true\n")
    let byOurs = try load(both, [ours])
    #expect(byOurs.casDir == "/ours" && byOurs.serviceCasDir == nil && byOurs.isCasReadOnly)
    #expect(try load(both.merging(["GARDEN_CAS_DIR": "/mine"]) { $1 }, [ours]).casDir == "/mine")
  }

  @Test func hootenannysConnectionSaysWhereToListen() throws {
    let first = try folder.write(
      "first.toml", "[bootstrap.connections]\nchaosgarden = \"tcp://127.0.0.1:5700\"\n")
    let other = try folder.write("other.toml", "[bootstrap.connections]\nrave = \"local\"\n")
    let local = try folder.write("local.toml", "[bootstrap.connections]\nchaosgarden = \"local\"\n")
    let odd = try folder.write("odd.toml", "[bootstrap.connections]\nchaosgarden = \"udp://x\"\n")
    func tcp(_ files: String...) throws -> String {
      try Settings.load(folder.sources(hootenanny: files)).tcp
    }
    #expect(try tcp(first) == "127.0.0.1:5700")
    #expect(try tcp(first, other).isEmpty && (try tcp(first, local).isEmpty))
    #expect(try tcp(other, first) == "127.0.0.1:5700")
    #expect(try Settings.load(folder.sources(hootenanny: [odd])).warnings.count == 1)
    let ours = try Settings.load(
      folder.sources(hootenanny: [first], environment: ["GARDEN_TCP": "127.0.0.1:9000"]))
    #expect(ours.tcp == "127.0.0.1:9000" && ours[.tcp].origin == .environment("GARDEN_TCP"))
  }

  @Test(arguments: [("true", true), ("1", true), ("false", false), ("0", false), ("yes", false)])
  func hootenannysStoreIsReadOnlyWhereItsVariableSaysSoInItsWords(text: String, isReadOnly: Bool) throws {
    let settings = try Settings.load(folder.sources(environment: ["HOOTENANNY_CAS_READONLY": text]))
    #expect(settings.isCasReadOnly == isReadOnly)
    #expect(settings.warnings.count == (text == "yes" ? 1 : 0))
  }

  @Test func aRelativeFolderOfContentIsRefusedInOurWordsAndPassedOverInTheirs() throws {
    #expect(folder.problems(folder.sources(flags: [(.casDir, "cas")])).count == 1)
    let settings = try Settings.load(folder.sources(environment: ["HOOTENANNY_CAS_DIR": "cas"]))
    #expect(settings[.casDir].origin == .builtIn && settings.warnings.count == 1)
  }

  @Test func theRuntimeDirectoryHoldsTheSocketsWhenThereIsOne() throws {
    let settings = try Settings.load(folder.sources(environment: ["XDG_RUNTIME_DIR": "/run/user/1000"]))
    #expect(settings.socketDir == "/run/user/1000/chaosgarden")
  }

  @Test func eachSourceWinsOverTheOneBefore() throws {
    let machine = try folder.write("machine.toml", "[audio]\nperiod = 128\nsample_rate = 44100\n")
    let user = try folder.write("user.toml", "\n[audio]\n# mine\nperiod = 256\n")
    let files = [machine, user]
    let byFile = try Settings.load(folder.sources(files))
    #expect(byFile.period == 256)
    #expect(byFile[.period].origin == .file(path: user, line: 4))
    #expect(byFile.sampleRate == 44_100)
    #expect(byFile[.sampleRate].origin == .file(path: machine, line: 3))
    let byEnvironment = try Settings.load(folder.sources(files, environment: ["GARDEN_PERIOD": "1024"]))
    #expect(byEnvironment.period == 1024)
    #expect(byEnvironment[.period].origin == .environment("GARDEN_PERIOD"))
    let byFlag = try Settings.load(
      folder.sources(files, environment: ["GARDEN_PERIOD": "1024"], flags: [(.period, "2048")]))
    #expect(byFlag.period == 2048)
    #expect(byFlag[.period].origin.shown == "--period")
  }

  @Test func hootenannysSocketDirectoryHoldsUntilOneOfOursIsNamed() throws {
    let other = try folder.write("hootenanny.toml", "[paths]\nsocket_dir = \"$XDG_RUNTIME_DIR/hootenanny\"\n")
    let environment = ["XDG_RUNTIME_DIR": "/run/user/1000"]
    let byFile = try Settings.load(folder.sources(hootenanny: [other], environment: environment))
    #expect(byFile.socketDir == "/run/user/1000/hootenanny")
    #expect(byFile[.socketDir].origin == .hootenannyFile(path: other, line: 2))
    let both = environment.merging(["HOOTENANNY_SOCKET_DIR": "/run/hoot"]) { $1 }
    #expect(
      try Settings.load(folder.sources(hootenanny: [other], environment: both)).socketDir == "/run/hoot")
    let ours = try folder.write("ours.toml", "[paths]\nsocket_dir = \"~/sockets\"\n")
    let home = both.merging(["HOME": "/home/me"]) { $1 }
    #expect(
      try Settings.load(folder.sources([ours], hootenanny: [other], environment: home)).socketDir
        == "/home/me/sockets")
  }

  @Test func aBrokenFileOfHootenannysIsPassedOverWithAWarning() throws {
    let broken = try folder.write("hootenanny.toml", "[paths\n")
    let settings = try Settings.load(folder.sources(hootenanny: [broken]))
    #expect(settings.socketDir == "/tmp/chaosgarden-1000")
    #expect(settings.warnings.count == 1)
  }

  @Test func anEmptyJackServerIsTheDefaultOne() throws {
    #expect(try Settings.load(folder.sources()).jackServer == nil)
    #expect(try Settings.load(folder.sources(flags: [(.jackServer, "studio")])).jackServer == "studio")
  }

  @Test func aMistypedVariableIsWarnedOf() throws {
    let settings = try Settings.load(folder.sources(environment: ["GARDEN_PEROID": "64"]))
    #expect(settings.warnings == ["GARDEN_PEROID is not a setting. Did you mean GARDEN_PERIOD?"])
  }
}
