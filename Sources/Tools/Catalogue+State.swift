extension Catalogue {
  static let stateTools: [Tool] = [
    Tool(
      .peers, .immediate, .query,
      Usage(
        "peers", "list the programs that have asked something of the daemon", examples: ["garden peers"]),
      result: ["peers: [{name, socket, requests, seconds_since}]", "tcp: where it listens by TCP, or null"]),
    Tool(
      .status, .immediate, .query,
      Usage(
        "status", "show the transport, the device and what is sounding",
        discussion: "Bare `garden` is the same. With --watch it is one live screen; q leaves it.",
        examples: ["garden status", "garden status --watch", "garden status --metrics"],
        parameters: [
          Parameter(.watch, .flag, "keep showing it, ten times a second").clientOnly(),
          Parameter(.limits, .flag, "show the limits instead: what is refused and at which value")
            .clientOnly(),
          Parameter(.metrics, .flag, "show what is counted and measured instead").clientOnly(),
          Parameter(.prometheus, .flag, "with --metrics: as Prometheus reads it").clientOnly(),
        ]),
      result: [
        "transport: {state, frame, beat, bar, position, seconds, tempo_bpm, signature, loop}",
        "audio: {driver, device, sample_rate, period, callbacks, xruns, xruns_by_cause, lost_frames, keeper, load}",
        "regions, tracks, voices, voices_stolen: counts", "end_beat: the timeline's end in beats",
        "master: {gain_db, peak_db, rms_db}", "soundfont: the default font",
        "next_regions: the regions around the playhead", "uptime_seconds, version, pid",
      ]),
    Tool(
      .limits, .immediate, .query,
      Usage("", "every limit with its value and the refusal it gives"),
      result: ["limits: [{target, name, value, unit, refusal}]"]),
    Tool(
      .metrics, .immediate, .query,
      Usage("", "everything that is counted and measured since the daemon's start"),
      result: [
        "metrics: [{name, kind, unit, help, samples: [{labels, value}]}]; of a histogram {labels, count, sum, buckets}",
        "history: [{at, queue_length, out}], every ten seconds, an hour at most",
        "prometheus: the same as Prometheus reads it", "prometheus_type",
      ]),
    Tool(
      .meter, .immediate, .query,
      Usage(
        "meter", "show the levels of tracks and buses, and the loudness",
        discussion: """
          On a terminal the bars live until q is typed; in a pipe it prints them once, or with --watch the \
          loudness once a second. Loudness is that of EBU R 128, the true peak that of BS.1770-4.
          """,
        examples: ["garden meter", "garden meter --json", "garden meter --watch | tee loudness.log"],
        parameters: [
          Parameter(.watch, .flag, "in a pipe: the loudness, once a second").clientOnly()
        ]),
      result: [
        "tracks, buses: [{name, peak_db, rms_db}]", "master, cue: {peak_db, rms_db}",
        "loudness: {momentary_lufs, short_term_lufs, integrated_lufs, range_lu, true_peak_db, max_true_peak_db, "
          + "seconds, missed_blocks}",
      ]),
    Tool(
      .meterReset, .immediate, .query,
      Usage(
        "meter reset", "begin loudness and highest peak anew",
        examples: ["garden meter reset"]),
      result: ["reset: true"]),
    Tool(
      .doctor, .immediate, .query,
      Usage(
        "doctor", "check the machine, the configuration and the daemon",
        discussion: """
          Each line: ok, warn or fail, the value seen and the fix. The exit status is 0; 1 with --strict when \
          something warns; 69 when something fails. --fix shows what would give this machine realtime limits, \
          asks, and writes it; it needs root, and does nothing that is done already.
          """,
        examples: ["garden doctor", "garden doctor --strict --json", "garden doctor --fix"],
        parameters: [
          Parameter(.strict, .flag, "warnings count: exit status 1").clientOnly(),
          Parameter(.fix, .flag, "give the machine what it lacks").clientOnly(),
        ]),
      result: ["checks: [{name, state, seen, fix}]"]),
  ]

  /// What goes over the control socket.
  static let controlTools: [Tool] = [
    Tool(
      .emergencyPause, .immediate, .transport,
      Usage("", "silence within two blocks, beside the command ring"), result: ["command: {id, due_frame}"]),
    Tool(
      .shutdown, .immediate, .query, Usage("", "end the daemon", parameters: [confirm]),
      result: ["stopping: true"]),
  ]
}
