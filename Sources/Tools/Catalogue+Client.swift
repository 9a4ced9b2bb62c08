extension Catalogue {
  private static let soundfont = Parameter(
    .soundfont, .soundfont, "the soundfont to play with", default: "the setting's, or the embedded one")
  private static let rate = Parameter(.rate, .integer(ToolLimits.sampleRate), "sample rate", default: "48000")

  /// What `garden` answers by itself.
  package static let clientCommands: [ClientCommand] =
    daemonCommands + jobCommands + workflowCommands + webhookCommands + serviceCommands
    + fileCommands + selfCommands

  private static let daemonCommands: [ClientCommand] = [
    ClientCommand(
      .up,
      Usage(
        "up", "start the daemon in the background",
        examples: ["garden up", "garden up --audio timer --period 256"],
        parameters: [
          Parameter(
            .audio, .choice(["auto", "jack", "pipewire", "alsa", "virtual", "timer"]), "the driver",
            default: "auto"),
          soundfont,
          rate, Parameter(.period, .integer(ToolLimits.period), "frames of a block (timer)", default: "512"),
          Parameter(
            .timing, .choice(timings), "notes within 32 frames of their time, or within 8", default: "normal"),
          Parameter(.log, .choice(["error", "warning", "info", "debug"]), "log level", default: "info"),
        ])),
    ClientCommand(
      .mcp,
      Usage(
        "mcp", "serve an agent by the Model Context Protocol, on its pipes",
        discussion: """
          An MCP client starts this. It speaks both dialects of the protocol, 2025-11-25 and 2026-07-28, starts the daemon \
          when none runs, and ends with its input; the daemon, the music and the jobs go on.
          """,
        examples: ["garden mcp", "garden mcp --audio timer"],
        parameters: [
          Parameter(
            .audio, .choice(["auto", "jack", "pipewire", "alsa", "virtual", "timer"]),
            "the driver of a daemon that is started", default: "auto"),
          soundfont,
          Parameter(
            .scale, .number(ToolLimits.demoScale, unit: ""), "of the times that jobs are waited for",
            default: "1"),
        ])),
    ClientCommand(
      .tryOut,
      Usage(
        "try", "play files, watch, and check what was played",
        discussion: """
          Starts a daemon, puts each file on a track of its own, plays them from start to end, shows the live \
          screen (q ends it), and ends the daemon. Without a sound card it ends with a WAV of what would have \
          been heard. It checks itself: not silent, the right length, every note started; else the exit status \
          is 1.
          """,
        examples: ["garden try song.mid", "garden try lead.mid drums.mid texture.wav"],
        parameters: [
          Parameter(.files, .material(extensions: clipExtensions), "MIDI and audio files, or content")
            .positional().repeated()
            .required(),
          Parameter(
            .output, .path(extensions: ["wav"]), "the WAV file to write", default: "in the cache folder"
          )
          .short("o"),
          Parameter(
            .audio, .choice(["auto", "jack", "pipewire", "alsa", "virtual", "timer"]), "the driver",
            default: "auto"),
          soundfont,
        ])),
    ClientCommand(
      .down,
      Usage(
        "down", "end the daemon", discussion: "While the stage is locked it asks first; --yes answers.",
        examples: ["garden down", "garden down --yes"])),
    ClientCommand(
      .watch,
      Usage(
        "watch", "print the daemon's events, one a line",
        examples: ["garden watch", "garden watch transport xrun --json"],
        parameters: [
          Parameter(.topics, .text(maxLength: ToolLimits.nameLength), "only these", default: "all")
            .positional().repeated()
        ])),
  ]

  private static let fileCommands: [ClientCommand] = [
    ClientCommand(
      .render,
      Usage(
        "render", "render files, or the running session, to WAV or FLAC",
        discussion: """
          With files no daemon is needed. Without one the running session is rendered. --stems writes one file for \
          each track and bus that feeds the main bus, behind its fader and the master's, all of one length: their \
          sum is the mix before the limiter. A track that feeds a bus is in that bus's file. --lufs measures first \
          and then brings the mix to that loudness, as far as the true peak stays below --ceiling.
          """,
        examples: [
          "garden render -o song.wav song.mid", "garden render -o mix.flac --from 5:1 --to 9:1",
          "garden render --stems stems --format flac", "garden render -o cd.wav --bits 16 --lufs -14",
        ],
        parameters: [
          Parameter(.output, .path(extensions: ["wav", "flac"]), "the file to write").short("o"),
          Parameter(.files, .material(extensions: clipExtensions), "MIDI and audio files, or content")
            .positional()
            .repeated(),
          Parameter(.stems, .path(extensions: []), "the folder for one file a track or bus of the mix"),
          Parameter(.format, .choice(["wav", "flac"]), "the stems' format", default: "wav"),
          Parameter(
            .bits, .choice(["16", "24", "float"]), "bits of a sample", default: "float, or 24 for FLAC"),
          Parameter(.noDither, .flag, "round 16 and 24 bits without dither"),
          Parameter(.force, .flag, "stems may overwrite files"),
          Parameter(.lufs, .number(ToolLimits.lufs, unit: "LUFS"), "bring the mix to this loudness"),
          Parameter(
            .ceiling, .decibels(ToolLimits.ceilingDecibels), "true peak that --lufs stays below",
            default: "-1"),
          soundfont, rate,
          Parameter(
            .block, .integer(ToolLimits.block), "frames of a block; the result does not change",
            default: "1024"),
          Parameter(.noEffects, .flag, "without reverb and chorus"),
          Parameter(.noLimiter, .flag, "without the limiter"),
          Parameter(
            .timing, .choice(timings), "notes within 32 frames of their time, or within 8",
            default: "the setting audio.timing"),
          Parameter(
            .threads, .integer(ToolLimits.threads), "threads that render; the result does not change",
            default: "as many as there are cores"),
          Parameter(.click, .flag, "with the metronome's click in the mix"),
          Parameter(.from, .position, "start here", default: "0"),
          Parameter(.to, .position, "end here", default: "the end, tails included"),
        ])),
    ClientCommand(
      .soundfontInstall,
      Usage(
        "soundfont install", "install a soundfont with apt", examples: ["garden soundfont install fluid"],
        parameters: [
          Parameter(.name, .choice(["fluid", "timgm", "musescore"]), "which").positional().required()
        ])),
  ]

  private static let selfCommands: [ClientCommand] = [
    ClientCommand(
      .bench,
      Usage(
        "bench rt", "measure how late this machine wakes a realtime thread",
        discussion: """
          A thread with the daemon's priority sleeps from period to period, as a sound card's would wake it, and \
          keeps how late it was each time. What is said was measured in these seconds; a machine under load, on \
          battery or with other drivers needs its own measurement. No daemon is needed.
          """,
        examples: ["garden bench rt", "garden bench rt --period 64 --seconds 60 --json"],
        parameters: [
          Parameter(.seconds, .number(ToolLimits.benchSeconds, unit: "seconds"), "how long", default: "5"),
          Parameter(.period, .integer(ToolLimits.benchPeriod), "frames from one to the next", default: "128"),
          rate,
          Parameter(.priority, .integer(ToolLimits.priority), "of SCHED_FIFO", default: "70"),
        ])),
    ClientCommand(
      .keyNew,
      Usage(
        "key new", "make a key pair for the daemon, or for a client",
        discussion: """
          Beyond this machine the daemon takes TCP only from clients whose public key it has. Without a name the \
          daemon's own pair is made; with one a client's, whose secret half is printed once and kept nowhere. The \
          daemon reads the keys when it starts.
          """,
        examples: ["garden key new", "garden key new laptop"],
        parameters: [
          Parameter(.name, .text(maxLength: ToolLimits.nameLength), "the client", default: "the daemon")
            .positional(),
          Parameter(.force, .flag, "in place of the daemon's present pair"),
        ])),
    ClientCommand(
      .keyLs,
      Usage("key ls", "list the daemon's public key and those it lets in", examples: ["garden key ls"])),
    ClientCommand(
      .token,
      Usage(
        "token", "show the token that HTTP asks for",
        discussion: "It is made when the daemon first starts, and its file is the owner's alone.",
        examples: ["garden token"])),
    ClientCommand(
      .configShow,
      Usage(
        "config show", "show every setting", examples: ["garden config show --origin"],
        parameters: [Parameter(.origin, .flag, "and where its value comes from")])),
    ClientCommand(
      .configCheck,
      Usage(
        "config check", "check the configuration",
        examples: ["garden config check", "garden config check my.toml"],
        parameters: [
          Parameter(.file, .path(extensions: ["toml"]), "a file", default: "those that are read").positional()
        ])),
    ClientCommand(
      .completion,
      Usage(
        "completion", "print a completion script", examples: ["source <(garden completion bash)"],
        parameters: [
          Parameter(.shell, .choice(["bash", "zsh", "fish"]), "the shell").positional().required()
        ])),
    ClientCommand(
      .man,
      Usage(
        "man", "print a manual page in roff", examples: ["garden man region add | man -l -"],
        parameters: [
          Parameter(
            .command, .text(maxLength: ToolLimits.nameLength), "the command", default: "garden itself"
          )
          .positional().repeated()
        ])),
    ClientCommand(
      .help,
      Usage(
        "help", "explain a command or a topic",
        examples: ["garden help region add", "garden help exit-codes"],
        parameters: [
          Parameter(.topic, .text(maxLength: ToolLimits.nameLength), "a command, exit-codes or positions")
            .positional().repeated()
        ])),
    ClientCommand(.version, Usage("version", "print the version", examples: ["garden version --json"])),
  ]

  /// What stands with every command.
  package static let globalOptions: [Parameter] = [
    Parameter(.json, .flag, "print the reply as JSON: one object, or one a line"),
    Parameter(.quiet, .flag, "print ids only").short("q"),
    Parameter(.socketDir, .path(extensions: []), "where the control sockets are", default: "the setting's"),
    Parameter(
      .timeout, .number(ToolLimits.timeoutSeconds, unit: "seconds"), "give up after this long", default: "5"),
    Parameter(.yes, .flag, "yes to what a locked stage asks"),
    Parameter(.noWait, .flag, "do not wait until the command has landed; print its id"),
    Parameter(.color, .choice(["auto", "always", "never"]), "colours", default: "auto"),
    Parameter(.help, .flag, "explain the command").short("h"),
    Parameter(.version, .flag, "print the version"),
  ]
}
