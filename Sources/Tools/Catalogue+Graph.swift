extension Catalogue {
  package static let nodeKinds = ["track", "bus", "master", "output", "midi-in", "midi-out"]

  /// What the daemon knows of itself without asking anybody: its settings, and what stands between a note and the ear.
  static let graphTools: [Tool] = [
    Tool(
      .configGet, .immediate, .query,
      Usage(
        "config get", "show a setting of the running daemon, and its origin",
        discussion: """
          The value it works with, which may be older than what stands in the files now: garden config show reads \
          those. An origin is built in, a file with its line, a variable, or a flag; later ones win.
          """,
        examples: ["garden config get audio.period", "garden config get --section jobs"],
        parameters: [
          Parameter(
            .name, .text(maxLength: ToolLimits.nameLength), "the setting, as audio.period",
            default: "all of them"
          ).positional(),
          Parameter(.section, .text(maxLength: ToolLimits.nameLength), "only those of this table"),
          Parameter(.key, .text(maxLength: ToolLimits.nameLength), "only the one called so in its table"),
        ]),
      result: ["settings: [{name, value, origin, default, environment, flag}]"]),
    Tool(
      .graphFind, .immediate, .query,
      Usage(
        "graph find", "find tracks, buses, ports and outputs by name or kind",
        examples: ["garden graph find lead", "garden graph find --kind bus"],
        parameters: [
          Parameter(.name, .text(maxLength: ToolLimits.nameLength), "what their name holds", default: "all")
            .positional(),
          Parameter(.kind, .choice(nodeKinds), "only these"),
        ]),
      result: ["nodes: [{id, name, kind, to, regions}]: to names what it sounds through"]),
    Tool(
      .graphContext, .immediate, .query,
      Usage(
        "graph context", "say in words what is there and what leads where",
        discussion: "As a language model is best told, and short enough for one.",
        examples: ["garden graph context"]),
      result: ["context: lines of text", "nodes: how many there are"]),
  ]
}
