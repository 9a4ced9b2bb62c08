extension Catalogue {
  /// Where the result goes, when it enters and how the job is done: the same for every tool.
  static let placing: [Parameter] = [
    Parameter(.track, .track, "where it sounds; made when there is none", default: "called like the tool"),
    Parameter(.at, .position, "where the region starts", default: "the next bar"),
    Parameter(
      .forBeats, .beats(ToolLimits.lengthBeats), "how long the region is", default: "as long as what comes"),
    Parameter(.name, .text(maxLength: ToolLimits.nameLength), "the region's name", default: "as the tool"),
    Parameter(.noRegion, .flag, "make the artifact, and no region for it"),
    Parameter(
      .enter, .choice(entries), "when it enters where its region is already being played",
      default: "next-bar"),
    Parameter(
      .crossfade, .beats(ToolLimits.crossfadeBeats), "from what played there before", default: "0: a cut"),
    Parameter(
      .fallback, .choice(fallbacks), "what sounds there as long as nothing has come", default: "silence"),
    Parameter(
      .approve, .choice(["auto", "manual"]), "manual waits for garden approve",
      default: "the setting jobs.approve"),
    Parameter(
      .fit, .choice(fits), "stretch it to the region's length, adopt its tempo, or leave it as it is",
      default: "keep"),
    Parameter(
      .tolerance, .number(0...10, unit: ""),
      "how far its length may be off --for, as a share; beyond that it waits for garden approve",
      default: "0.5"),
    Parameter(.priority, .integer(0...3), "0 is critical, 3 is low", default: "2"),
    Parameter(.host, .text(maxLength: ToolLimits.nameLength), "the only host it may go to")
      .completed(from: "host"),
    Parameter(.label, .text(maxLength: ToolLimits.nameLength), "what a host must have").repeated(),
    Parameter(.fresh, .flag, "neither a job in flight nor a finished one answers for it"),
    Parameter(
      .timeLimit, .number(ToolLimits.jobSeconds, unit: "seconds"), "from a call's start to its end",
      default: "1800"),
    Parameter(
      .startLimit, .number(ToolLimits.jobSeconds, unit: "seconds"), "from now until a host runs it",
      default: "none"),
    Parameter(
      .busyLimit, .number(ToolLimits.jobSeconds, unit: "seconds"), "of being turned away by busy hosts",
      default: "86400"),
    Parameter(.attempts, .integer(1...16), "calls that may fail", default: "4"),
    Parameter(
      .wait, .number(0...45, unit: "seconds"),
      "how long the reply may wait for the end, of a tool that is not long", default: "0"),
    Parameter(.dryRun, .flag, "say what it would take, and ask for nothing"),
    Parameter(.client, .text(maxLength: ToolLimits.nameLength), "who asks", default: "nobody"),
    Parameter(.jobID, .text(maxLength: 36), "the job's id: a UUID that was never used", default: "a new one"),
    Parameter(
      .idempotencyKey, .text(maxLength: ToolLimits.nameLength), "the same key again is the same job"),
    Parameter(
      .webhookURL, .text(maxLength: ToolLimits.urlLength),
      "where its end is posted to, at least once; the job is then shared with nobody else's request"),
    Parameter(
      .traceparent, .text(maxLength: 256), "W3C trace context of whoever asks", default: "TRACEPARENT"),
    detail,
  ]

  package static let entries = ["now", "next-beat", "next-bar", "next-pass", "at-start"]
  package static let fallbacks = ["silence", "extend", "loop", "previous-take"]
  package static let fits = ["keep", "stretch", "adopt"]

  private static let placed = [
    "job_id, region_id: region_id is null of a job without a region",
    "job: {id, tool, state, host, position, starts_in, ends_in, …}",
    "region: {id, track, position, status, enters: {at, in_bars, in_seconds}, …}",
    "shared: the id of the job that answers",
    "command: {id, due_frame}; an event `landed` follows",
  ]

  private static let temperature = Parameter(
    .temperature, .number(0...4, unit: ""), "how far it strays from the likely", default: "the host's, 1.0")
  private static let topP = Parameter(
    .topP, .number(0...1, unit: ""), "the share of likelihood it chooses from", default: "the host's, 0.95")
  private static let tokens = Parameter(
    .maxTokens, .integer(1...65_536), "the length, in the model's tokens", default: "the host's, 1024")
  private static let variations = Parameter(
    .numVariations, .integer(1...64), "the first is played, the others are takes", default: "1")
  private static let model = Parameter(
    .model, .text(maxLength: ToolLimits.nameLength), "of several that a host has", default: "the host's")
  private static let sampling = [temperature, topP, tokens, variations, model]

  private static func input(_ name: ParameterName, _ help: String, isRequired: Bool = true) -> Parameter {
    let parameter = Parameter(name, .content, help)
    return isRequired ? parameter.required() : parameter
  }

  private static func generator(
    _ name: ToolName, _ timing: Tool.Timing, _ summary: String, _ job: JobShape, _ example: String = "",
    discussion: String = "", _ parameters: [Parameter]
  ) -> Tool {
    Tool(
      name, timing, .edit,
      Usage(
        "generate \(job.tool)", summary, discussion: discussion,
        examples: ["garden generate \(job.tool)" + (example.isEmpty ? "" : " " + example)],
        parameters: parameters + placing), result: placed, job: job)
  }

  /// Everything that hosts are asked for by name.
  package static let jobTools: [Tool] = orpheusTools + soundTools + analysisTools + builtinTools + textTools

  private static let orpheusTools: [Tool] = [
    generator(
      .orpheusGenerate, .medium, "have Orpheus write MIDI",
      JobShape("orpheus_generate", .midi, size: .maxTokens),
      "--track lead --at 17:1 --for 16", sampling),
    generator(
      .orpheusGenerateSeeded, .medium, "have Orpheus write MIDI after a seed",
      JobShape("orpheus_generate_seeded", .midi, required: [.seedHash], size: .maxTokens),
      "--seed-hash artifact_a",
      [input(.seedHash, "the MIDI it begins with")] + sampling),
    generator(
      .orpheusContinue, .medium, "have Orpheus go on with MIDI",
      JobShape("orpheus_continue", .midi, required: [.inputHash], size: .maxTokens),
      "--input-hash artifact_a --at @end",
      [input(.inputHash, "the MIDI that is continued")] + sampling),
    generator(
      .orpheusBridge, .medium, "have Orpheus bridge two sections",
      JobShape(
        "orpheus_bridge", .midi, required: [.sectionAHash], optional: [.sectionBHash], size: .maxTokens),
      "--section-a-hash artifact_a",
      [
        input(.sectionAHash, "the section before"),
        input(.sectionBHash, "the section after", isRequired: false),
      ] + sampling),
    generator(
      .orpheusLoops, .medium, "have Orpheus write a loop",
      JobShape("orpheus_loops", .midi, optional: [.seedHash], size: .maxTokens),
      "--num-variations 3 --track drums --at @next-bar",
      [input(.seedHash, "MIDI it is to be like", isRequired: false)] + sampling),
    generator(
      .orpheusClassify, .short(seconds: 1), "ask who or what wrote MIDI",
      JobShape("orpheus_classify", .value, required: [.midiHash], isDeterministic: true),
      "--midi-hash artifact_a", [input(.midiHash, "the MIDI")]),
  ]

  private static let soundTools: [Tool] = [
    generator(
      .musicgenGenerate, .long, "have MusicGen make sound from words",
      JobShape("musicgen_generate", .audio, size: .duration),
      "--prompt rain --duration 12",
      [
        Parameter(.prompt, .document(ToolLimits.promptBytes), "what it is to sound like"),
        Parameter(
          .duration, .number(0.5...600, unit: "seconds"), "how long", default: "the host's, 10"),
        temperature, Parameter(.topK, .integer(0...100_000), "of how many it chooses", default: "the host's"),
        topP,
        Parameter(
          .guidanceScale, .number(0...100, unit: ""), "how close to the words", default: "the host's, 3.0"),
        Parameter(.doSample, .boolean, "choose by chance", default: "the host's, true"), variations,
      ]),
    generator(
      .yueGenerate, .long, "have YuE sing",
      JobShape("yue_generate", .audio, size: .maxNewTokens),
      "--lyrics rain --at 9:1",
      [
        Parameter(.lyrics, .document(ToolLimits.lyricsBytes), "with [verse] and [chorus] marks").required(),
        Parameter(.genre, .text(maxLength: 256), "the style", default: "the host's, Pop"),
        Parameter(.maxNewTokens, .integer(1...100_000), "the length", default: "the host's, 3000"),
        Parameter(.runNSegments, .integer(1...64), "sections that are sung", default: "the host's, 2"), seed,
      ]),
    generator(
      .renderMIDI, .short(seconds: 60), "render MIDI to a WAV by the offline renderer",
      JobShape(
        "convert_midi_to_wav", .audio, required: [.inputHash], optional: [.soundfontHash],
        isDeterministic: true, isRestartable: true),
      "--input-hash artifact_a --no-region",
      [
        input(.inputHash, "the MIDI"), input(.soundfontHash, "the font it is played with", isRequired: false),
        Parameter(.sampleRate, .integer(ToolLimits.sampleRate), "frames a second", default: "48000"),
      ]),
  ]

  private static let analysisTools: [Tool] = [
    generator(
      .clapAnalyze, .long, "have CLAP say what sound is like",
      JobShape(
        "clap_analyze", .value, required: [.audioHash], optional: [.audioBHash], isDeterministic: true),
      "--audio-hash artifact_a --tasks genre",
      [
        input(.audioHash, "the sound"),
        input(.audioBHash, "the sound it is compared with", isRequired: false),
        Parameter(.tasks, .text(maxLength: 64), "genre, mood, embeddings, similarity, zero_shot").repeated(),
        Parameter(.textCandidates, .text(maxLength: 256), "words it chooses from").repeated(),
      ]),
    generator(
      .beatthisAnalyze, .long, "have Beat This find the beats of sound",
      JobShape("beatthis_analyze", .value, required: [.audioHash], isDeterministic: true),
      "--audio-hash artifact_a", [input(.audioHash, "WAV, 22050 Hz, mono, 30 s at most")]),
  ]

  private static let seed = Parameter(
    .seed, .integer(0...(1 << 53)), "the same seed gives the same music", default: "another each time")

  private static let music: [Parameter] = [
    Parameter(.beats, .beats(1...1024), "its length", default: "16, or as long as what it is made from"),
    Parameter(.bars, .integer(1...1024), "its length, in place of beats"),
    Parameter(.velocity, .integer(ToolLimits.velocity), "how loud", default: "88"),
    Parameter(
      .temperature, .number(0...2, unit: ""), "how far it strays from the likely", default: "1"), seed,
    variations,
  ]

  private static let scaleOf: [Parameter] =
    music + [
      Parameter(.key, .text(maxLength: 3), "the tonic: C, F#, Bb", default: "C"),
      Parameter(.scale, .choice(scales), "the scale", default: "major"),
      Parameter(
        .density, .number(0...1, unit: ""), "the share of steps on which notes begin", default: "0.5"),
      Parameter(.signature, .text(maxLength: 5), "4/4, 6/8", default: "4/4"),
      Parameter(.low, .integer(ToolLimits.midiData), "the lowest key", default: "60"),
      Parameter(.high, .integer(ToolLimits.midiData), "the highest key", default: "84"),
      Parameter(.channel, .integer(ToolLimits.channel), "of its notes", default: "1"),
      Parameter(.program, .integer(ToolLimits.program), "of its channel", default: "the track's"),
      Parameter(.tempo, .number(ToolLimits.tempo, unit: "bpm"), "written into the file", default: "120"),
    ]

  package static let scales = [
    "major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian", "harmonic-minor",
    "major-pentatonic", "minor-pentatonic", "blues", "whole-tone", "chromatic",
  ]

  private static let builtinTools: [Tool] = [
    generator(
      .phraseGenerate, .short(), "make a phrase, here",
      JobShape("phrase_generate", .midi, size: .beats, isRestartable: true),
      "--key A --scale minor --track lead", scaleOf),
    generator(
      .phraseLoops, .short(), "make a loop, here",
      JobShape("phrase_loops", .midi, optional: [.seedHash], size: .beats, isRestartable: true),
      "--density 0.6 --bars 2 --track bass",
      [input(.seedHash, "MIDI it is to be like", isRequired: false)] + scaleOf),
    generator(
      .phraseContinue, .short(), "go on with MIDI, here",
      JobShape("phrase_continue", .midi, required: [.inputHash], size: .beats, isRestartable: true),
      "--input-hash artifact_a --at @end",
      [input(.inputHash, "the MIDI that is continued")] + music),
    generator(
      .phraseBridge, .short(), "bridge two sections, here",
      JobShape(
        "phrase_bridge", .midi, required: [.sectionAHash, .sectionBHash], size: .beats, isRestartable: true),
      "--section-a-hash artifact_a --section-b-hash artifact_b",
      [input(.sectionAHash, "the section before"), input(.sectionBHash, "the section after")] + music),
    generator(
      .abcGenerate, .short(), "make MIDI of ABC notation, and play it",
      JobShape("abc_to_midi", .midi, isDeterministic: true, isRestartable: true),
      "--abc CDEF --track lead",
      [
        Parameter(.abc, .document(ToolLimits.abcBytes), "the notation").required(),
        Parameter(.tune, .integer(ToolLimits.tune), "the number of its X: field", default: "the first"),
        Parameter(.tempo, .number(ToolLimits.tempo, unit: "bpm"), "in place of the tune's"),
        Parameter(.transpose, .integer(ToolLimits.transpose), "semitones", default: "0"),
        Parameter(.velocity, .integer(ToolLimits.velocity), "of notes without a dynamic", default: "80"),
        Parameter(.channel, .integer(ToolLimits.channel), "of all voices", default: "each has its own"),
        Parameter(.program, .integer(ToolLimits.program), "where the tune names none", default: "0"),
      ]),
    generator(
      .bounce, .medium, "render the session as it is, here",
      JobShape("bounce", .audio, optional: [.sessionHash], isRestartable: true, isPlaced: false),
      "--output song.wav",
      discussion: """
        What becomes of the session meanwhile changes nothing: it is rendered as it was when it was asked for. The result \
        is an artifact, and a file where --output says so.
        """,
      [
        input(.sessionHash, "a session in the store, in place of the one that plays", isRequired: false),
        Parameter(
          .output, .path(extensions: ["wav", "flac"]), "the file to write", default: "none: an artifact"
        )
        .short("o"),
        Parameter(.from, .position, "start here", default: "0"),
        Parameter(.to, .position, "end here", default: "the end, tails included"),
        Parameter(.sampleRate, .integer(ToolLimits.sampleRate), "frames a second", default: "the session's"),
        Parameter(
          .bits, .choice(["16", "24", "float"]), "bits of a sample", default: "float, or 24 for FLAC"),
        Parameter(.lufs, .number(ToolLimits.lufs, unit: "LUFS"), "bring it to this loudness"),
      ]),
  ]

  /// What agents' hosts do: words for words.
  private static let textTools: [Tool] = [
    (ToolName.codeTask, "code", "have code written"), (.textTask, "text", "have a text written"),
    (.reasoningTask, "reasoning", "have something thought through"),
    (.summarizeTask, "summarize", "have a text made shorter"),
    (.generalTask, "general", "have an agent do a task"),
  ].map { name, tool, summary in
    generator(
      name, .long, summary, JobShape(tool, .value), "--prompt hello --no-region",
      [Parameter(.prompt, .document(ToolLimits.promptBytes), "the task").required()])
  }
}
