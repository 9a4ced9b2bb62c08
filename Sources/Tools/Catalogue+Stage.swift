extension Catalogue {
  /// Tools that have it are asked for twice while the stage is locked.
  static let confirm = Parameter(.confirm, .flag, "do it although the stage is locked")

  static let stageTools: [Tool] = [
    Tool(
      .lock, .immediate, .query,
      Usage(
        "lock", "show, set or lift the stage lock",
        discussion: """
          While the stage is locked, what would end the sound or the session asks first: region clear, down, \
          device use, and track rm of a track that sounds. On a terminal type yes, in a script give --yes. \
          Panic, pause and stop never ask, and neither do signals: a service manager may end the daemon.
          """,
        examples: ["garden lock on", "garden lock off", "garden lock"],
        parameters: [
          Parameter(.on, .flag, "ask from now on").positional(),
          Parameter(.off, .flag, "ask no more").positional(),
        ]),
      result: ["locked: whether the stage is locked"])
  ]
}
