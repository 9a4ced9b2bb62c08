extension Catalogue {
  private static let host = Parameter(.host, .text(maxLength: ToolLimits.nameLength), "its name").positional()
    .required()
  private static let shown =
    "host: {name, kind, slots, slots_now, used, labels, services, up, breaker, busy_until, waiting, gpu_load, …}"

  private static let address = Parameter(
    .url, .text(maxLength: ToolLimits.addressLength),
    "http://HOST:PORT, ipc:// or tcp:// for hoot01 and hootenanny, or a program's path and arguments")
  private static let tools = Parameter(
    .tools, .text(maxLength: ToolLimits.addressLength), "what it can do there: a,b or *")
  private static let slots = Parameter(
    .slots, .integer(ToolLimits.hostSlots), "calls at a time, over all its services")
  private static let wishes = [
    Parameter(.label, .text(maxLength: ToolLimits.nameLength), "what it has, for generate --label")
      .repeated(),
    Parameter(
      .slotsMax, .integer(ToolLimits.hostSlots), "the slots follow the load it reports, up to so many"),
    Parameter(.follow, .boolean, "whether the slots follow the load it reports"),
    Parameter(.perMinute, .integer(1...60_000), "calls begun within a minute at most"),
    Parameter(.fact, .text(maxLength: 256), "NAME=VALUE to be shown").repeated(),
  ]

  static let hostTools: [Tool] = [
    Tool(
      .hostLs, .immediate, .query,
      Usage("host ls", "list the machines that make things", examples: ["garden host ls"]),
      result: ["hosts: [host]"]),
    Tool(
      .hostAdd, .acknowledge, .query,
      Usage(
        "host add", "take on a machine, or one more service of it",
        examples: [
          "garden host add gpu --kind http --url http://gpu --preset usual",
          "garden host add gpu --kind http --url http://gpu:2000 --tools orpheus_loops",
          "garden host add cpu --kind command --url /opt/sum --tools summarize",
        ],
        parameters: [
          host,
          Parameter(
            .kind, .choice(["http", "hoot01", "hootenanny", "command", "builtin"]), "how it is spoken to"
          ).required(), address, tools,
          Parameter(
            .preset, .choice(["usual"]),
            "with --url http://HOST: each service at its usual port, from 2000 on"),
          slots,
        ] + wishes),
      result: [shown]),
    Tool(
      .hostSet, .acknowledge, .query,
      Usage(
        "host set", "change a machine while it works",
        discussion: "With --url and --tools a service of it: new, changed, or with --off gone.",
        examples: ["garden host set gpu1 --slots 2"],
        parameters: [host, slots, address, tools, Parameter(.off, .flag, "the service at --url is gone")]
          + wishes),
      result: [shown]),
    Tool(
      .hostDrain, .acknowledge, .query,
      Usage(
        "host drain", "let a machine end its work and give it no more",
        examples: ["garden host drain gpu1", "garden host drain gpu1 --off"],
        parameters: [host, Parameter(.off, .flag, "give it work again")]),
      result: [shown]),
    Tool(
      .hostRm, .acknowledge, .query,
      Usage(
        "host rm", "forget a machine that has no work", examples: ["garden host rm gpu1"], parameters: [host]),
      result: ["removed: its name"]),
    Tool(
      .hostProbe, .short(seconds: 10), .query,
      Usage(
        "host probe", "ask a machine how it does", examples: ["garden host probe gpu1"], parameters: [host]),
      result: [shown]),
  ]

  static let artifactTools: [Tool] = [
    Tool(
      .artifactLs, .immediate, .query,
      Usage(
        "artifact ls", "list what jobs have made, the newest first", examples: ["garden artifact ls"],
        parameters: [
          Parameter(.limit, .integer(ToolLimits.listed), "so many at most", default: "100"),
          Parameter(
            .before, .text(maxLength: ToolLimits.cursorLength),
            "the next page: what the last one gave as next"),
          Parameter(.kind, .text(maxLength: 64), "only of this type: audio/midi"),
        ]),
      result: ["artifacts: [{hash, type, bytes, label, job, at}]", "next: for --before, null at the end"]),
    Tool(
      .artifactShow, .immediate, .query,
      Usage(
        "artifact show", "show what is known of an artifact", examples: ["garden artifact show 0123"],
        parameters: [
          Parameter(.hash, .text(maxLength: 64), "its hash, or the beginning").positional().required()
        ]),
      result: ["artifact: {hash, type, bytes, label, job, at, tool, parameters, regions}"]),
    Tool(
      .artifactAdd, .short(), .query,
      Usage(
        "artifact add", "put a file among the artifacts", examples: ["garden artifact add riff.mid"],
        parameters: [
          Parameter(.file, .path(extensions: ["mid", "wav", "flac", "ogg"]), "the file").positional()
            .required(),
          Parameter(.label, .text(maxLength: ToolLimits.nameLength), "what it is"),
        ]),
      result: [
        "artifact: {hash, type, bytes, label}",
        "job_id, done: instead, where it takes longer than a client waits; the job goes on with it",
      ]),
    Tool(
      .artifactGC, .short(), .query,
      Usage(
        "artifact gc", "forget artifacts that no region and no job uses",
        discussion: "Their files go with them. Without --force it is only said what would go.",
        examples: ["garden artifact gc", "garden artifact gc --older 30 --force"],
        parameters: [
          Parameter(.older, .number(0...36_500, unit: "days"), "only those that are older", default: "1"),
          Parameter(.force, .flag, "do it"),
        ]),
      result: ["count, bytes: what goes", "artifacts: [{hash, type, bytes, at}]: the first hundred"]),
  ]
}
