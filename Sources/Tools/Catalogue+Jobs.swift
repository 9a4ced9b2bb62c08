extension Catalogue {
  static let job = Parameter(.job, .text(maxLength: 36), "the job's id, or its beginning").positional()
    .completed(from: "job")
  private static let jobs = Parameter(.job, .text(maxLength: 36), "the jobs' ids, or their beginnings")
    .positional().repeated().completed(from: "job")
  static let detail = Parameter(
    .detail, .choice(["minimal", "standard", "full"]),
    "how much of a job is told; full also says what its result will be", default: "standard")
  private static let jobFields = """
    job: {id, tool, state, host, priority, attempt, busy_answers, progress, message, position, starts_in, \
    ends_in, region_id, error, artifacts, value, …}
    """
  private static let pages = [
    Parameter(.limit, .integer(ToolLimits.listed), "so many at most", default: "100"),
    Parameter(.before, .integer(0...Int.max), "only those submitted before this number: the next page"),
  ]

  static let jobControlTools: [Tool] = [
    Tool(
      .generate, .acknowledge, .edit,
      Usage(
        "generate", "ask a host for music that enters when it is there",
        discussion: """
          The reply comes as soon as the job cannot be lost any more; the region is on the timeline, and the music plays \
          on. Each tool that is declared has a command and parameters of its own: garden help generate phrase_generate. \
          What only a host knows is asked for by its name, with --param.
          """,
        examples: ["garden generate my_tool --param seed=7 --track lead --at @next-bar"],
        parameters: [
          Parameter(.tool, .text(maxLength: ToolLimits.nameLength), "what hosts call it").positional()
            .required(),
          Parameter(
            .param, .document(ToolLimits.promptBytes), "NAME=VALUE for the host; VALUE as JSON, else as text"
          )
          .repeated(),
        ] + placing),
      result: [
        "job_id, region_id", jobFields, "command: {id, due_frame}; an event `landed` follows",
      ]),
    Tool(
      .jobLs, .immediate, .query,
      Usage(
        "job ls", "list jobs, the newest first", examples: ["garden job ls", "garden job ls live"],
        parameters: [
          Parameter(.status, .choice(jobStates), "only those", default: "all of them").positional(),
          Parameter(.tool, .text(maxLength: ToolLimits.nameLength), "only of this tool"),
          Parameter(.host, .text(maxLength: ToolLimits.nameLength), "only on this host")
            .completed(from: "host"),
        ] + pages),
      result: ["jobs: [job]", "total: how many are live", "next: for --before, null at the end"]
    ).alsoNamed("list_jobs"),
    Tool(
      .jobShow, .immediate, .query,
      Usage(
        "job show", "show a job, its calls and what it waits for", examples: ["garden job show 0198"],
        parameters: [job.required(), detail]),
      result: [jobFields, "attempts: [{epoch, attempt, host, began, ended, outcome}]"]
    ).alsoNamed("get_job_status"),
    Tool(
      .jobPoll, .short(seconds: 25), .query,
      Usage(
        "job poll", "wait until jobs end, or something of them changes",
        discussion: "After --wait the jobs are shown as they are; nothing is lost by that.",
        examples: ["garden job poll 0198 --wait 20"],
        parameters: [
          jobs.required(), Parameter(.any, .flag, "one of them is enough"),
          Parameter(.all, .flag, "all of them, as it is without --any"),
          Parameter(
            .since, .integer(0...Int.max), "until one's revision is beyond this, in place of its end"),
          Parameter(.wait, .number(0...24, unit: "seconds"), "how long at most", default: "20"), detail,
        ]),
      result: ["jobs: [job]", "done: whether what was waited for has come"]
    ).alsoNamed("poll", "wait_for_job"),
    Tool(
      .sleep, .short(seconds: 25), .query,
      Usage(
        "sleep", "wait for a time, or until garden wake",
        examples: ["garden sleep 5", "garden sleep 20 --name verse"],
        parameters: [
          Parameter(.seconds, .number(0...24, unit: "seconds"), "how long").positional().required(),
          Parameter(.name, .text(maxLength: ToolLimits.nameLength), "what garden wake knows it by"),
        ]),
      result: ["slept: seconds", "woken: whether somebody ended it", "name"]),
    Tool(
      .wake, .immediate, .query,
      Usage(
        "wake", "end garden sleep before its time", examples: ["garden wake", "garden wake verse"],
        parameters: [
          Parameter(.name, .text(maxLength: ToolLimits.nameLength), "only those of this name").positional()
        ]),
      result: ["woken: how many"]),
    Tool(
      .jobCancel, .acknowledge, .query,
      Usage(
        "job cancel", "end jobs at once, here and where they run",
        examples: ["garden job cancel 0198", "garden job cancel --all"],
        parameters: [
          jobs, Parameter(.all, .flag, "every job that has not ended"),
          Parameter(.client, .text(maxLength: ToolLimits.nameLength), "with --all: of this client alone"),
        ]),
      result: ["cancelled: how many"]),
    Tool(
      .jobRetry, .acknowledge, .query,
      Usage(
        "job retry", "ask anew for what a job did not bring", examples: ["garden job retry 0198"],
        parameters: [job.required()]),
      result: ["job_id: of the new job, which the region follows", jobFields]),
    Tool(
      .jobLogs, .immediate, .query,
      Usage(
        "job logs", "show what happened to a job", examples: ["garden job logs 0198"],
        parameters: [
          job.required(), Parameter(.limit, .integer(1...1000), "so many at most", default: "1000"),
          Parameter(.after, .integer(0...Int.max), "only what came after this number", default: "0"),
        ]),
      result: ["events: [{n, at, state, note}]"]),
    Tool(
      .jobParts, .immediate, .query,
      Usage(
        "job parts", "show the parts of a result that have come so far",
        examples: ["garden job parts 0198"],
        parameters: [
          job.required(), Parameter(.limit, .integer(1...1000), "so many at most", default: "1000"),
          Parameter(.after, .integer(0...Int.max), "only what came after this number", default: "0"),
        ]),
      result: [
        "job_id, stream: {parts, bytes, used, repeated, lost, unused, late, stale, refused, beats or seconds}",
        "parts: [{n, sequence, mime_type, bytes, offset, beats or seconds, ignored}], the oldest first",
      ]),
    Tool(
      .jobSet, .acknowledge, .query,
      Usage(
        "job set", "change a waiting job's priority, or hold it",
        examples: ["garden job set 0198 --priority 0", "garden job set 0198 --state paused"],
        parameters: [
          job.required(), Parameter(.priority, .integer(0...3), "0 is critical, 3 is low"),
          Parameter(.state, .choice(["paused", "queued"]), "hold it, or let it go on"),
        ]),
      result: [jobFields]),
  ]

  package static let jobStates = [
    "live", "queued", "parked", "leased", "running", "succeeded", "failed", "cancelled", "timed_out", "dead",
  ]

  static let decisionTools: [Tool] = [
    Tool(
      .approve, .acknowledge, .edit,
      Usage(
        "approve", "let a region sound that waits for it",
        discussion:
          "Without a region: all that wait. A take that was kept back enters in place of the one that plays.",
        examples: ["garden approve", "garden approve lead --take 2"],
        parameters: [
          Parameter(.region, .region, "the region").positional(),
          Parameter(.take, .integer(1...1000), "which of its takes", default: "the newest"),
        ]),
      result: landed + ["approved: [region_id]"]),
    Tool(
      .reject, .acknowledge, .edit,
      Usage(
        "reject", "keep from sounding what has come for a region",
        examples: ["garden reject lead --reason busy"],
        parameters: [
          Parameter(.region, .region, "the region").positional().required(),
          Parameter(.reason, .text(maxLength: 256), "why"),
        ]),
      result: landed + ["region_id"]),
    Tool(
      .vary, .acknowledge, .edit,
      Usage(
        "vary", "ask once more for what made a region",
        discussion:
          "What plays there plays on until the new take enters. Parameters may differ: --param seed=7.",
        examples: ["garden vary lead", "garden vary lead --param temperature=1.2 --enter next-pass"],
        parameters: [
          Parameter(.region, .region, "the region").positional().required(),
          Parameter(.param, .document(ToolLimits.promptBytes), "NAME=VALUE in place of what it was")
            .repeated(),
          Parameter(.enter, .choice(entries), "when it enters", default: "as the region says"),
          Parameter(.crossfade, .beats(ToolLimits.crossfadeBeats), "from the take before"),
          Parameter(.priority, .integer(0...3), "0 is critical, 3 is low", default: "as before"),
        ]),
      result: landed + ["job_id, region_id"]),
  ]
}
