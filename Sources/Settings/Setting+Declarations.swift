extension Setting {
  /// Every setting, in the order of the example file.
  package static let all: [Setting] = [
    Setting(
      name: .socketDir, kind: .path(maxBytes: SettingLimits.socketDirBytes),
      builtIn: .text("$XDG_RUNTIME_DIR/chaosgarden"), word: "socket-dir",
      help: "where the control sockets are; /tmp/chaosgarden-UID when XDG_RUNTIME_DIR is not set"),
    Setting(
      name: .casDir, kind: .path(maxBytes: SettingLimits.pathBytes), builtIn: .text("~/.hootenanny/cas"),
      word: "cas-dir", help: "the content store, shared with hootenanny"),
    Setting(
      name: .stateDir, kind: .path(maxBytes: SettingLimits.pathBytes), builtIn: .text("~/.hootenanny"),
      word: "state-dir", help: "where hootenanny keeps artifacts.json, its list of artifacts"),
    Setting(
      name: .ledger, kind: .path(maxBytes: SettingLimits.pathBytes),
      builtIn: .text("$XDG_STATE_HOME/chaosgarden"), word: "ledger",
      help: "the folder of ledger.db, which keeps sessions and jobs; memory keeps nothing"),
    Setting(
      name: .tcp, kind: .text(maxLength: 80), builtIn: .text(""), word: "tcp",
      help: "HOST:PORT to listen on by TCP too, the first of six ports; empty is not at all"),
    Setting(
      name: .insecure, kind: .boolean, builtIn: .bool(false), word: "insecure",
      help: "beyond this machine without keys: whoever gets there may do everything"),
    Setting(
      name: .http, kind: .boolean, builtIn: .bool(true), word: "http",
      help: "serve HTTP by TCP; the socket chaosgarden-http serves it in any case"),
    Setting(
      name: .httpAddress, kind: .text(maxLength: SettingLimits.textLength), builtIn: .text("127.0.0.1"),
      word: "http-address",
      help: "the address that HTTP listens at, as numbers; every request needs the token"),
    Setting(
      name: .httpPort, kind: .integer(SettingLimits.port), builtIn: .integer(7766), word: "http-port",
      help: "the port that HTTP listens at; 0 is any free one"),
    Setting(
      name: .httpNames, kind: .text(maxLength: 256), builtIn: .text(""), word: "http-names",
      help: "names by which HTTP is asked for beside localhost, with commas in between"),
    Setting(
      name: .casReadOnly, kind: .boolean, builtIn: .bool(false), word: "cas-readonly",
      help: "nothing is written into the content store"),
    Setting(
      name: .driver, kind: .choice(["auto", "jack", "pipewire", "alsa", "virtual", "timer"]),
      builtIn: .text("auto"),
      word: "audio",
      help: "auto takes a running JACK or PipeWire, else a card, else timer: paced by the clock"),
    Setting(
      name: .sampleRate, kind: .integer(SettingLimits.sampleRate), builtIn: .integer(48_000), word: "rate",
      help: "frames a second of the timer or a card; JACK says its own"),
    Setting(
      name: .period, kind: .integer(SettingLimits.period), builtIn: .integer(512), word: "period",
      help: "frames of a block of the timer or a card; JACK says its own"),
    Setting(
      name: .device, kind: .text(maxLength: SettingLimits.textLength), builtIn: .text(""), word: "device",
      help: "the sound card by its name in garden device ls; empty is the first"),
    Setting(
      name: .audioDevices, kind: .text(maxLength: SettingLimits.textLength), builtIn: .text(""),
      word: "audio-devices",
      help:
        "a file of lines `out NUMBER NAME` and `in NUMBER PATH NAME`: devices in place of this machine's; empty is none"
    ),
    Setting(
      name: .priority, kind: .integer(SettingLimits.priority), builtIn: .integer(70), word: "priority",
      help: "SCHED_FIFO priority of the card's and the timer's thread"),
    Setting(
      name: .autoconnect, kind: .boolean, builtIn: .bool(true), word: "autoconnect",
      help: "connect to the physical outputs of JACK"),
    Setting(
      name: .timing, kind: .choice(["normal", "sharp"]), builtIn: .text("normal"), word: "timing",
      help: "how near a note is to its frame: normal 32 frames, sharp 8, for more of the processor"),
    Setting(
      name: .jackClientName, kind: .text(maxLength: 32), builtIn: .text("chaosgarden"), word: "jack-name",
      help: "the client name shown in JACK"),
    Setting(
      name: .jackServer, kind: .text(maxLength: SettingLimits.textLength), builtIn: .text(""),
      word: "jack-server", help: "the name of the JACK server; empty is JACK's default"),
    Setting(
      name: .midiDevice, kind: .text(maxLength: SettingLimits.textLength), builtIn: .text(""), word: "midi",
      help: "a raw MIDI device such as /dev/snd/midiC1D0 for footswitches; empty is none"),
    Setting(
      name: .midiPorts, kind: .text(maxLength: SettingLimits.textLength), builtIn: .text(""),
      word: "midi-ports",
      help:
        "a file of lines `in PATH NAME` and `out PATH NAME`: raw devices and FIFOs as MIDI ports; empty is none"
    ),
    Setting(
      name: .soundfont, kind: .path(maxBytes: SettingLimits.pathBytes), builtIn: .text("auto"),
      word: "soundfont",
      help: "a path, embedded, or auto: the first General MIDI font found, else the embedded one"),
    Setting(
      name: .voices, kind: .integer(SettingLimits.voices), builtIn: .integer(512), word: "voices",
      help: "voices that may sound at once; beyond it the oldest released ones end first"),
    Setting(
      name: .effects, kind: .boolean, builtIn: .bool(true), word: "effects",
      help: "reverb and chorus of the synths"),
    Setting(
      name: .limiter, kind: .boolean, builtIn: .bool(true), word: "limiter",
      help: "the limiter on the master"),
    Setting(
      name: .ceiling, kind: .number(SettingLimits.ceiling), builtIn: .number(-1), word: "ceiling",
      help: "what the limiter keeps the master's true peak under, in dB"),
    Setting(
      name: .clipMegabytes, kind: .integer(SettingLimits.clipMegabytes), builtIn: .integer(1024),
      word: "clip-memory", help: "megabytes that loaded audio may take; a file beyond it is refused"),
    Setting(
      name: .residentMegabytes, kind: .integer(SettingLimits.residentMegabytes), builtIn: .integer(32),
      word: "resident-memory",
      help: "megabytes of decoded sound up to which a file is kept in memory; a longer one streams"),
    Setting(
      name: .headMegabytes, kind: .integer(SettingLimits.headMegabytes), builtIn: .integer(64),
      word: "head-memory",
      help: "megabytes for what streamed files play where a jump may land, until their streams come"),
    Setting(
      name: .chaseNotes, kind: .boolean, builtIn: .bool(false), word: "chase-notes",
      help: "a jump starts the notes that sound where it lands"),
    Setting(
      name: .resume, kind: .boolean, builtIn: .bool(false), word: "resume",
      help: "a daemon that was killed while it played plays on when it is started again"),
    Setting(
      name: .session, kind: .text(maxLength: SettingLimits.pathBytes), builtIn: .text(""), word: "session",
      help: "the session to start with: a file, or a name that is kept; empty is the last one"),
    Setting(
      name: .captureMinutes, kind: .integer(SettingLimits.captureMinutes), builtIn: .integer(5),
      word: "capture-minutes",
      help: "minutes of the mix that are always kept on disk for garden capture --last; 0 keeps none"),
    Setting(
      name: .captureFolder, kind: .path(maxBytes: SettingLimits.pathBytes),
      builtIn: .text("$XDG_DATA_HOME/chaosgarden/captures"), word: "capture-folder",
      help: "where captures go that are given no name, and where the last minutes are kept"),
    Setting(
      name: .approve, kind: .choice(["auto", "manual"]), builtIn: .text("auto"), word: "approve",
      help: "whether what a job made sounds once it was found sound, or after garden approve"),
    Setting(
      name: .preempts, kind: .boolean, builtIn: .bool(false), word: "preempt",
      help: "a critical job may stop one that can be begun anew"),
    Setting(
      name: .workers, kind: .integer(SettingLimits.workers), builtIn: .integer(0), word: "workers",
      help: "jobs that are with hosts at once, over all hosts; 0 is as many as those have slots"),
    Setting(
      name: .artifactMegabytes, kind: .integer(SettingLimits.artifactMegabytes), builtIn: .integer(4096),
      word: "artifact-size", help: "megabytes of one thing that a job makes; with a larger one the job fails"),
    Setting(
      name: .webhookURLs, kind: .text(maxLength: SettingLimits.webhooksLength), builtIn: .text(""),
      word: "webhooks", help: "URLs that hear of every job's end, with commas in between; empty is none"),
    Setting(
      name: .webhooksPrivate, kind: .boolean, builtIn: .bool(false), word: "webhook-private",
      help: "webhooks may lead to this machine and to private networks"),
    Setting(
      name: .webhooksAllow, kind: .text(maxLength: SettingLimits.webhooksLength), builtIn: .text(""),
      word: "webhook-allow",
      help: "such addresses alone as webhooks may lead to, 127.0.0.1,10.1.0.0/16; empty is none"),
    Setting(
      name: .otlpURL, kind: .text(maxLength: SettingLimits.addressLength), builtIn: .text(""), word: "otlp",
      help: "a collector of OpenTelemetry, http://HOST:4318, that is told of jobs; empty is none"),
    Setting(
      name: .logLevel, kind: .choice(["error", "warning", "info", "debug"]), builtIn: .text("info"),
      word: "log", help: "the least severe message that is logged"),
    Setting(
      name: .logFormat, kind: .choice(["auto", "terminal", "logfmt", "json", "journald"]),
      builtIn: .text("auto"), word: "log-format",
      help: "how a line of the log is written; auto: journald under systemd, else terminal"),
  ]

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  package static func declaration(_ name: SettingName) -> Setting {
    guard let setting = byName[name] else { preconditionFailure("\(name.rawValue) is not declared") }
    return setting
  }
}
