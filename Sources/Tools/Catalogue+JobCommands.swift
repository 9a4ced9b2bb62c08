extension Catalogue {
  private static let jobs = Parameter(.job, .text(maxLength: 36), "the jobs' ids, or their beginnings")
    .positional().repeated()

  /// What `garden` makes of several requests about jobs.
  static let jobCommands: [ClientCommand] = [
    ClientCommand(
      .jobWait,
      Usage(
        "job wait", "wait for jobs, and show how far they are",
        discussion: """
          On a terminal a bar each, with what is left; elsewhere a line for each change. The exit status is 0 when all \
          succeeded and 3 when one did not. Whoever stops waiting, by --timeout or Ctrl-C, loses nothing: the jobs go on, \
          unless --cancel-on-exit says otherwise.
          """,
        examples: [
          "garden job wait 0198", "garden job wait 0198 0199 --any --timeout 60",
          "garden job wait 0198 --timeout 30 --cancel-on-exit",
        ],
        parameters: [
          jobs.required(), Parameter(.any, .flag, "one of them is enough"),
          Parameter(.cancelOnExit, .flag, "whoever stops waiting cancels what has not ended"),
        ])),
    ClientCommand(
      .jobWatch,
      Usage(
        "job watch", "print what becomes of jobs, regions and hosts, one a line",
        discussion: "Of one job alone: until it has ended.",
        examples: ["garden job watch", "garden job watch 0198 --json"],
        parameters: [job])),
    ClientCommand(
      .jobTop,
      Usage(
        "job top", "show hosts, running jobs and the queue, live",
        discussion: "q ends it. In a pipe it is printed once.", examples: ["garden job top"])),
    ClientCommand(
      .jobDemo,
      Usage(
        "job demo", "give hosts the usual load, and measure it",
        discussion: """
          Code of 30 s, text of 20 s and reasoning of 40 s, scaled, one after the other, on the usual hosts: \
          surtr-reasoning with 2 slots, fenrir-chat with 3 and skadi-code with 2. The hosts are added for it, sleep as \
          long as each task takes, and are forgotten at the end.
          """,
        examples: ["garden job demo 30", "garden job demo 30 --scale 0.1"],
        parameters: [
          Parameter(.count, .integer(ToolLimits.demoJobs), "how many jobs", default: "30").positional(),
          Parameter(.scale, .number(ToolLimits.demoScale, unit: ""), "of their times", default: "0.01"),
        ])),
    ClientCommand(
      .jobBeads,
      Usage(
        "job beads", "have the ready tasks of a Beads issues.jsonl done",
        discussion: """
          A task is ready when it is open, what it depends on is closed and its run_at has passed. Its kind, or what its \
          words are about, says what is asked of hosts; its state is written back as the job goes on: in_progress, \
          closed, blocked or cancelled. Nothing else of the file is changed, whoever else writes it. A task that \
          somebody else closes or cancels is cancelled. Started anew, it goes on with the same jobs.
          """,
        examples: ["garden job beads .beads/issues.jsonl", "garden job beads issues.jsonl --once"],
        parameters: [
          Parameter(.file, .path(extensions: ["jsonl"]), "the list of tasks").positional().required(),
          Parameter(.once, .flag, "until nothing is ready any more, in place of for ever"),
          Parameter(
            .interval, .number(ToolLimits.beadsInterval, unit: "seconds"),
            "between two looks, where nothing was told", default: "2"),
        ])),
    ClientCommand(
      .artifactFetch,
      Usage(
        "artifact get", "write what a job has made to a file",
        discussion: "Without --output to standard output, when that is no terminal or the content is text.",
        examples: ["garden artifact get 0123456789ab -o riff.mid"],
        parameters: [
          Parameter(.hash, .text(maxLength: 64), "its hash, or the beginning").positional().required(),
          Parameter(.output, .path(extensions: []), "the file").short("o"),
          Parameter(.force, .flag, "it may be there already"),
        ])),
    ClientCommand(
      .benchJobs,
      Usage(
        "bench jobs", "measure how fast this machine hands jobs to hosts",
        discussion: """
          Decisions a second, whole jobs a second with the ledger on this disk, the usual load beside its bound. No \
          daemon is needed; the program job-bench is, beside garden or on PATH.
          """,
        examples: ["garden bench jobs", "garden bench jobs --size 10000 --json"],
        parameters: [
          Parameter(
            .size, .integer(ToolLimits.benchRows), "how many rows the ledger grows to", default: "100000")
        ])),
  ]
}
