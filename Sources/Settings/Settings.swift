/// The settings in force, each with the place it comes from.
package struct Settings: Sendable {
  package struct Entry: Equatable, Sendable {
    package var value: SettingValue
    package var origin: SettingOrigin
  }

  var entries: [SettingName: Entry]
  /// What was passed over and may surprise: an unknown `GARDEN_` variable, a broken file of hootenanny's.
  package internal(set) var warnings: [String] = []
  /// Where hootenanny's services in Python keep their blobs, who know of no configuration file; nil where the store is
  /// one of our own.
  package internal(set) var serviceCasDir: String?

  package subscript(_ name: SettingName) -> Entry {
    guard let entry = entries[name] else { preconditionFailure("\(name.rawValue) was not filled in") }
    return entry
  }

  package var socketDir: String { text(.socketDir) }
  /// The content store's folder.
  package var casDir: String { text(.casDir) }
  /// hootenanny's folder of state, with `artifacts.json`.
  package var stateDir: String { text(.stateDir) }
  /// The folder of `ledger.db`; `memory`: nothing outlives the daemon.
  package var ledger: String { text(.ledger) }
  /// `HOST:PORT`; empty: not by TCP.
  package var tcp: String { text(.tcp) }
  package var isInsecure: Bool { bool(.insecure) }
  /// Whether HTTP is served by TCP.
  package var servesHTTP: Bool { bool(.http) }
  package var httpAddress: String { text(.httpAddress) }
  /// 0: any that is free.
  package var httpPort: UInt16 { UInt16(clamping: integer(.httpPort)) }
  /// Further names of this machine, in lower case.
  package var httpNames: Set<String> {
    Set(text(.httpNames).lowercased().split(separator: ",").map { $0.filter { $0 != " " } })
  }
  /// Where files are kept while they come over HTTP: beside the ledger, or beside the sockets when there is none on disk.
  package var uploadFolder: String { ledger == "memory" ? socketDir : ledger }
  /// Where the token of HTTP is kept.
  package var tokenFile: String { uploadFolder + "/http-token" }
  package var isCasReadOnly: Bool { bool(.casReadOnly) }
  /// `auto`, `jack`, `pipewire`, `alsa` or `timer`.
  package var driver: String { text(.driver) }
  package var sampleRate: Int { integer(.sampleRate) }
  package var period: Int { integer(.period) }
  /// A sound card's name; empty is the first card.
  package var device: String { text(.device) }
  package var priority: Int { integer(.priority) }
  package var autoconnect: Bool { bool(.autoconnect) }
  package var jackClientName: String { text(.jackClientName) }
  /// nil: JACK's default server.
  package var jackServer: String? { text(.jackServer).isEmpty ? nil : text(.jackServer) }
  /// Empty: none.
  package var midiDevice: String { text(.midiDevice) }
  /// A file that lists MIDI ports; empty: none.
  package var audioDevices: String { text(.audioDevices) }
  package var midiPorts: String { text(.midiPorts) }
  /// A path, `embedded` or `auto`.
  package var soundfont: String { text(.soundfont) }
  package var voices: Int { integer(.voices) }
  /// `normal` or `sharp`.
  package var timing: String { text(.timing) }
  package var effects: Bool { bool(.effects) }
  package var limiter: Bool { bool(.limiter) }
  /// dB of true peak.
  package var ceiling: Double { number(.ceiling) }
  package var clipMegabytes: Int { integer(.clipMegabytes) }
  package var residentMegabytes: Int { integer(.residentMegabytes) }
  package var headMegabytes: Int { integer(.headMegabytes) }
  package var chaseNotes: Bool { bool(.chaseNotes) }
  /// Whether it rolls on after a kill.
  package var resumes: Bool { bool(.resume) }
  /// A name or a file to start with; empty: the one that played last.
  package var session: String { text(.session) }
  package var captureMinutes: Int { integer(.captureMinutes) }
  package var captureFolder: String { text(.captureFolder) }
  /// `auto` or `manual`.
  package var approve: String { text(.approve) }
  package var preempts: Bool { bool(.preempts) }
  /// Jobs with hosts at once; nil: as many as there are slots.
  package var workers: Int? { integer(.workers) == 0 ? nil : integer(.workers) }
  /// Of one artifact.
  package var artifactMegabytes: Int { integer(.artifactMegabytes) }
  /// Where every job's end is posted to.
  package var webhookURLs: [String] { Self.list(text(.webhookURLs)) }
  package var webhooksPrivate: Bool { bool(.webhooksPrivate) }
  /// Addresses and networks that webhooks may lead to though they are private.
  package var webhooksAllowed: [String] { Self.list(text(.webhooksAllow)) }
  /// The secrets that sign webhooks, beside the token of HTTP.
  package var webhookSecretFile: String { (ledger == "memory" ? socketDir : ledger) + "/webhook-secret" }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
  }

  /// `auto`, `terminal`, `logfmt`, `json` or `journald`.
  package var logFormat: String { text(.logFormat) }
  package var logLevel: String { text(.logLevel) }
  /// A collector's address; empty: none.
  package var otlpURL: String { text(.otlpURL) }

  // `fit` has held every value against its declared kind, so another case here is a fault in this target.
  private func text(_ name: SettingName) -> String {
    guard case .text(let value) = self[name].value else { preconditionFailure(name.rawValue) }
    return value
  }

  private func integer(_ name: SettingName) -> Int {
    guard case .integer(let value) = self[name].value else { preconditionFailure(name.rawValue) }
    return value
  }

  private func number(_ name: SettingName) -> Double {
    guard case .number(let value) = self[name].value else { preconditionFailure(name.rawValue) }
    return value
  }

  private func bool(_ name: SettingName) -> Bool {
    guard case .bool(let value) = self[name].value else { preconditionFailure(name.rawValue) }
    return value
  }
}
