import Testing

@testable import Settings

@Suite struct PrecedenceTests {
  private let folder: SettingsFolder

  init() throws { folder = try SettingsFolder() }

  @Test func withoutAnySourceTheBuiltInValuesHold() throws {
    let settings = try Settings.load(folder.sources())
    for setting in Setting.all where ![.socketDir, .captureFolder].contains(setting.name) {
      #expect(settings[setting.name] == Settings.Entry(value: setting.builtIn, origin: .builtIn))
    }
    #expect(settings.socketDir == "/tmp/chaosgarden-1000")
    #expect(settings.captureFolder == "/tmp/chaosgarden-1000/captures")
  }

  @Test(arguments: [
    (["HOME": "/home/ada"], "/home/ada/.local/share/chaosgarden/captures"),
    (["HOME": "/home/ada", "XDG_DATA_HOME": "/data"], "/data/chaosgarden/captures"),
    (["HOME": "/home/ada", "XDG_DATA_HOME": "data"], "/home/ada/.local/share/chaosgarden/captures"),
  ])
  func capturesGoWhereTheUsersDataIs(environment: [String: String], expected: String) throws {
    #expect(try Settings.load(folder.sources(environment: environment)).captureFolder == expected)
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
