import Glibc
import Tools

extension Settings {
  /// Reads every source, lowest rank first.
  ///
  /// Throws all problems at once; nothing is taken over from a configuration that has one.
  package static func load(_ sources: SettingsSources = .system()) throws(SettingsError) -> Settings {
    var loading = Loading(sources: sources)
    loading.takeBuiltIn()
    for file in sources.hootenannyFiles { loading.takeHootenanny(file) }
    loading.takeHootenannyEnvironment()
    loading.takeOpenTelemetryEnvironment()
    for file in sources.files { loading.take(file) }
    loading.takeOtherEnvironment()
    loading.takeEnvironment()
    for flag in sources.flags {
      loading.take(flag.name, flag.text, from: .flag(Setting.declaration(flag.name).flag))
    }
    loading.settings.serviceCasDir = loading.serviceFolder
    if !loading.problems.isEmpty { throw SettingsError(problems: loading.problems) }
    return loading.settings
  }

  /// What is wrong with one file, by itself; nil means the file is missing.
  package static func check(
    file: String, environment: [String: String] = SettingsSources.processEnvironment()
  ) -> [SettingsProblem]? {
    let nothing = SettingsSources(hootenannyFiles: [], files: [], environment: environment, userID: 0)
    var loading = Loading(sources: nothing)
    return loading.take(file) ? loading.problems : nil
  }
}

/// The settings so far and what was wrong on the way.
private struct Loading {
  let sources: SettingsSources
  var settings = Settings(entries: [:])
  var problems: [SettingsProblem] = []

  init(sources: SettingsSources) { self.sources = sources }

  mutating func takeBuiltIn() {
    for setting in Setting.all {
      settings.entries[setting.name] = Settings.Entry(value: setting.builtIn, origin: .builtIn)
    }
    // A default that depends on the session: no runtime directory means a folder of one's own in /tmp.
    let runtime = sources.expand("$XDG_RUNTIME_DIR/chaosgarden")
    let directory =
      runtime.flatMap { $0.hasPrefix("/") && $0.utf8.count <= SettingLimits.socketDirBytes ? $0 : nil }
      ?? "/tmp/chaosgarden-\(sources.userID)"
    settings.entries[.socketDir] = Settings.Entry(value: .text(directory), origin: .builtIn)
    // And the one that depends on the user.
    let data = sources.expand("$XDG_DATA_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    let captures = (data ?? sources.expand("~/.local/share")).map { $0 + "/chaosgarden/captures" }
    settings.entries[.captureFolder] = Settings.Entry(
      value: .text(captures ?? directory + "/captures"), origin: .builtIn)
    let state = sources.expand("$XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    let ledger = (state ?? sources.expand("~/.local/state")).map { $0 + "/chaosgarden" }
    settings.entries[.ledger] = Settings.Entry(value: .text(ledger ?? directory + "/state"), origin: .builtIn)
    let home = sources.environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/"
    for name in [SettingName.casDir, .stateDir] {
      guard case .text(let text) = Setting.declaration(name).builtIn else { continue }
      settings.entries[name] = Settings.Entry(value: .text(home + text.dropFirst()), origin: .builtIn)
    }
  }

  /// A broken file of another program must not keep this one from starting.
  mutating func takeHootenanny(_ path: String) {
    guard isTrusted(path) else {
      settings.warnings.append("\(path) belongs to somebody else, passed over")
      return
    }
    do {
      let entries = try SettingsFile.read(path)?.entries ?? []
      takeConnections(
        entries.filter { $0.path.count == 3 && $0.path.starts(with: Self.connections) }, of: path)
      for entry in entries {
        guard let name = Self.aliases[entry.path], case .text(let text)? = entry.value else { continue }
        takeAlias(name, text, from: .hootenannyFile(path: path, line: entry.line))
      }
    } catch {
      settings.warnings.append("\(path): \(error.what), passed over. \(error.why)")
    }
  }

  /// What lies in the folder that a program is started in may have been laid there.
  private func isTrusted(_ path: String) -> Bool {
    var info = stat()
    guard path.hasPrefix("./"), stat(path, &info) == 0 else { return true }
    return info.st_uid == sources.userID || info.st_uid == 0
  }

  private static let connections = ["bootstrap", "connections"]

  /// Where hootenanny looks for its peers. A file that says anything of it replaces what the one before said.
  private mutating func takeConnections(_ entries: [SettingsFile.Entry], of path: String) {
    guard !entries.isEmpty else { return }
    settings.entries[.tcp] = Settings.Entry(value: .text(""), origin: .builtIn)
    for entry in entries where entry.path.last == "chaosgarden" {
      let origin = SettingOrigin.hootenannyFile(path: path, line: entry.line)
      guard case .text(let text)? = entry.value, text == "local" || text.hasPrefix("tcp://"),
        let value = try? Setting.declaration(.tcp).fit(
          .text(text == "local" ? "" : String(text.dropFirst(6))))
      else {  // What does not fit is theirs to correct.
        settings.warnings.append(
          "\(origin.shown): bootstrap.connections.chaosgarden cannot be used, passed over")
        continue
      }
      settings.entries[.tcp] = Settings.Entry(value: value, origin: origin)
    }
  }

  /// What hootenanny's files say, by what it is called there.
  private static let aliases: [[String]: SettingName] = [
    ["paths", "socket_dir"]: .socketDir, ["paths", "cas_dir"]: .casDir, ["paths", "state_dir"]: .stateDir,
  ]

  /// The older name of the store's folder wins where both are set.
  private static let variables: [(String, SettingName)] = [
    ("HOOTENANNY_SOCKET_DIR", .socketDir), ("HOOTENANNY_STATE_DIR", .stateDir),
    ("HOOTENANNY_CAS_DIR", .casDir), ("HOOTENANNY_CAS_PATH", .casDir),
  ]

  mutating func takeHootenannyEnvironment() {
    for (variable, name) in Self.variables {
      guard let text = sources.environment[variable], !text.isEmpty else { continue }
      takeAlias(name, text, from: .hootenannyEnvironment(variable))
    }
    let variable = "HOOTENANNY_CAS_READONLY"
    switch sources.environment[variable] {
    case "true", "1":
      settings.entries[.casReadOnly] = Settings.Entry(
        value: .bool(true), origin: .hootenannyEnvironment(variable))
    case nil, "", "false", "0": break
    case let text?:
      settings.warnings.append("\(variable): \(shownText(text)) is neither true nor 1, passed over")
    }
  }

  /// The variable that every exporter of OpenTelemetry reads; one for another protocol is not ours.
  mutating func takeOpenTelemetryEnvironment() {
    let variable = "OTEL_EXPORTER_OTLP_ENDPOINT"
    guard let text = sources.environment[variable], !text.isEmpty else { return }
    guard text.hasPrefix("http://") || text.hasPrefix("https://"),
      let value = try? Setting.declaration(.otlpURL).fit(.text(text))
    else {  // It is meant for other programs too, and must not keep this one from starting.
      settings.warnings.append("\(variable): \(shownText(text)) cannot be used, passed over")
      return
    }
    settings.entries[.otlpURL] = Settings.Entry(value: value, origin: .environment(variable))
  }

  private mutating func takeAlias(_ name: SettingName, _ text: String, from origin: SettingOrigin) {
    guard let path = sources.expand(text), path.hasPrefix("/"), path.utf8.count <= Self.pathBytes(name),
      !path.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
    else {
      settings.warnings.append("\(origin.shown): \(name.key) \(shownText(text)) cannot be used, passed over")
      return
    }
    settings.entries[name] = Settings.Entry(value: .text(path), origin: origin)
  }

  private static func pathBytes(_ name: SettingName) -> Int {
    if case .path(let bytes) = Setting.declaration(name).kind { bytes } else { 0 }
  }

  /// The services read one variable, and no file. Where the store's place is said in our own words, it is the only one.
  var serviceFolder: String? {
    switch settings[.casDir].origin {
    case .file, .otherEnvironment, .environment, .flag: return nil
    case .builtIn, .hootenannyFile, .hootenannyEnvironment: break
    }
    let named = sources.environment["HOOTENANNY_CAS_DIR"].flatMap { $0.isEmpty ? nil : $0 }
    return sources.expand(named ?? "~/.hootenanny/cas").flatMap { $0.hasPrefix("/") ? $0 : nil }
  }

  /// False when there is no such file.
  @discardableResult
  mutating func take(_ path: String) -> Bool {
    do {
      guard let file = try SettingsFile.read(path) else { return false }
      for entry in file.entries { take(entry, of: path) }
    } catch {
      problems.append(
        SettingsProblem(origin: .file(path: path, line: error.line), what: error.what, why: error.why))
    }
    return true
  }

  private mutating func take(_ entry: SettingsFile.Entry, of path: String) {
    let origin = SettingOrigin.file(path: path, line: entry.line)
    let key = entry.path.joined(separator: ".")
    guard let name = SettingName(rawValue: key), entry.path.count == 2 else {
      let why = Suggestion.sentence(for: key, in: SettingName.allCases.map(\.rawValue), noun: "setting")
      problems.append(SettingsProblem(origin: origin, what: "unknown setting \(shownText(key))", why: why))
      return
    }
    let setting = Setting.declaration(name)
    guard let value = entry.value else {
      problems.append(
        SettingsProblem(
          origin: origin, what: "\(key) has the wrong type", why: "Allowed: \(setting.allowed)."))
      return
    }
    do {
      store(name, try setting.fit(value), from: origin)
    } catch {
      problems.append(SettingsProblem(origin: origin, what: "\(key) does not fit", why: error.reason))
    }
  }

  /// What task runners before this one called these settings: a machine that is set up for them needs no new names. Ours
  /// win. A database that is named by its file is kept in that file's folder, under our name for it.
  mutating func takeOtherEnvironment() {
    let others: [(String, SettingName)] = [
      ("ORCHESTR8_DB_PATH", .ledger), ("ORCHESTR8_WORKERS", .workers), ("ORCHESTR8_MODE", .http),
      ("ORCHESTR8_HOST", .httpAddress), ("ORCHESTR8_PORT", .httpPort),
    ]
    for (variable, name) in others {
      guard var text = sources.environment[variable], !text.isEmpty else { continue }
      if name == .ledger, let slash = text.lastIndex(of: "/"), text[slash...].contains(".") {
        text = slash == text.startIndex ? "/" : String(text[..<slash])
      }
      // Agents are served either way; the word says whether HTTP is served beside them.
      if name == .http { text = ["api": "true", "both": "true", "mcp": "false"][text] ?? text }
      take(name, text, from: .otherEnvironment(variable))
    }
  }

  mutating func takeEnvironment() {
    let known = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.environment, $0.name) })
    for (variable, text) in sources.environment.sorted(by: { $0.key < $1.key })
    where variable.hasPrefix("GARDEN_") {
      if let name = known[variable] {
        take(name, text, from: .environment(variable))
      } else if let near = Suggestion.nearest(to: variable, in: known.keys.sorted()) {
        settings.warnings.append("\(variable) is not a setting. Did you mean \(near)?")
      }
    }
  }

  mutating func take(_ name: SettingName, _ text: String, from origin: SettingOrigin) {
    do {
      store(name, try Setting.declaration(name).parse(text), from: origin)
    } catch {
      problems.append(
        SettingsProblem(origin: origin, what: "\(name.rawValue) does not fit", why: error.reason))
    }
  }

  private mutating func store(_ name: SettingName, _ value: SettingValue, from origin: SettingOrigin) {
    guard case .path(let maxBytes) = Setting.declaration(name).kind, case .text(let text) = value else {
      settings.entries[name] = Settings.Entry(value: value, origin: origin)
      return
    }
    guard let path = sources.expand(text) else {
      problems.append(
        SettingsProblem(
          origin: origin, what: "\(name.rawValue) cannot be expanded",
          why: "Seen \(shownText(text)): that variable is not set."))
      return
    }
    let isFolder = [.socketDir, .casDir, .stateDir, .captureFolder, .ledger].contains(name)
    guard !isFolder || path.hasPrefix("/") || (name == .ledger && path == "memory") else {
      problems.append(
        SettingsProblem(
          origin: origin, what: "\(name.rawValue) is not an absolute path",
          why: "Seen \(shownText(path)): the daemon and garden run in different folders."))
      return
    }
    guard path.utf8.count <= maxBytes else {
      problems.append(
        SettingsProblem(
          origin: origin, what: "\(name.rawValue) does not fit",
          why: "Seen \(path.utf8.count) bytes after expansion, allowed \(maxBytes)."))
      return
    }
    settings.entries[name] = Settings.Entry(value: .text(path), origin: origin)
  }
}
