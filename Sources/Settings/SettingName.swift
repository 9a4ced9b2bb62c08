/// Every setting. The raw value is its place in a configuration file: table, dot, key.
package enum SettingName: String, CaseIterable, Sendable {
  case socketDir = "paths.socket_dir"
  case casDir = "paths.cas_dir"
  case stateDir = "paths.state_dir"
  case tcp = "control.tcp"
  case insecure = "control.insecure"
  case casReadOnly = "cas.read_only"
  case driver = "audio.driver"
  case sampleRate = "audio.sample_rate"
  case period = "audio.period"
  case device = "audio.device"
  case priority = "audio.priority"
  case autoconnect = "audio.autoconnect"
  case timing = "audio.timing"
  case jackClientName = "jack.client_name"
  case jackServer = "jack.server"
  case midiDevice = "midi.device"
  case midiPorts = "midi.ports"
  case soundfont = "synth.soundfont"
  case voices = "synth.voices"
  case effects = "synth.effects"
  case limiter = "mixer.limiter"
  case ceiling = "mixer.ceiling"
  case clipMegabytes = "memory.clip_megabytes"
  case residentMegabytes = "memory.resident_megabytes"
  case headMegabytes = "memory.head_megabytes"
  case chaseNotes = "transport.chase_notes"
  case logLevel = "log.level"

  package var table: String { String(rawValue.prefix { $0 != "." }) }
  package var key: String { String(rawValue.drop { $0 != "." }.dropFirst()) }
}
