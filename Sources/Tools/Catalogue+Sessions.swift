extension Catalogue {
  private static let file = Parameter(.file, .session, "a file, or a name to keep a copy under").positional()
    .required()
  private static let known = Parameter(.file, .session, "a file, a name that is kept, or content")
    .positional()
    .required()
  private static let times = Parameter(.times, .integer(ToolLimits.undos), "edits", default: "1").positional()
  private static let allowMissing = Parameter(
    .allowMissing, .flag, "regions whose files are not there stay silent")
  private static let enterAt = Parameter(
    .at, .position, "enter it when the playhead gets there, as @next-bar or @end",
    default: "in the next block")

  static let sessionTools: [Tool] = [
    Tool(
      .sessionSave, .short(seconds: 20), .query,
      Usage(
        "session save", "write the session to a file, or keep a copy of it",
        discussion: """
          A file is there whole or not at all; clips are named by their files, not copied. Every edit of the running \
          session is kept in any case; a name without .json and without a slash keeps a copy beside it.
          """,
        examples: ["garden session save set1.json", "garden session save before-the-break"],
        parameters: [
          file, Parameter(.force, .flag, "overwrite a file that the session does not come from"),
        ]),
      result: ["file: its path", "name: or the name it is kept under"]),
    Tool(
      .sessionNew, .short(seconds: 25), .transport,
      Usage(
        "session new", "go into an empty session",
        discussion: "The present one stays kept under its name: garden session load NAME goes back.",
        examples: ["garden session new", "garden session new encore"],
        parameters: [
          Parameter(.name, .text(maxLength: ToolLimits.referenceLength), "its name").positional(), confirm,
        ]),
      result: landed + ["session: the session entered"]),
    Tool(
      .undo, .acknowledge, .edit,
      Usage(
        "undo", "take back your last edits",
        discussion: """
          Your own, the last first; what others have changed since stays. Where somebody has changed the same thing, \
          nothing is taken back, and you are told who.
          """,
        examples: ["garden undo", "garden undo 3"], parameters: [times]),
      result: landed + ["edits: [{tool, serial}], the last first"]),
    Tool(
      .redo, .acknowledge, .edit,
      Usage(
        "redo", "make again what was undone", examples: ["garden redo", "garden redo 3"], parameters: [times]),
      result: landed + ["edits: [{tool, serial}], the first first"]),
    Tool(
      .sessionNext, .short(seconds: 25), .query,
      Usage(
        "session next", "prepare the next session while this one plays",
        discussion: """
          Clips are loaded and synths are made and warmed; nothing is heard of it. `garden session enter` then \
          takes no time. Events of the topic session tell how far it is.
          """,
        examples: ["garden session next set2.json", "garden session next set2.json --allow-missing"],
        parameters: [known, allowMissing]),
      result: ["session: {state, file, tracks, regions, seconds, warnings}"]),
    Tool(
      .sessionEnter, .acknowledge, .transport,
      Usage(
        "session enter", "go into the next session without a gap",
        discussion: """
          In one grid block of 64 frames its clips, synths, mixer and playhead take the place of this session's, \
          whose notes ring out and whose files fade out over 5 ms. A rolling transport rolls on, from the marker \
          start or the start of the timeline.
          """,
        examples: ["garden session enter", "garden session enter --at @end"], parameters: [enterAt]),
      result: landed + ["session: the session entered"]),
    Tool(
      .sessionLoad, .short(seconds: 25), .transport,
      Usage(
        "session load", "prepare a session and go into it",
        examples: [
          "garden session load set1.json", "garden session load set2.json --at @next-bar",
          "garden session load main",
        ],
        parameters: [known, enterAt, allowMissing, confirm]),
      result: landed + ["session: the session entered"]),
    Tool(
      .sessionLs, .immediate, .query,
      Usage(
        "session ls", "show this session, the next, and those that are kept", examples: ["garden session ls"]),
      result: [
        "sessions: [{state: playing, next, entering, preparing or kept, name, file, tracks, regions, seconds}]"
      ]),
    Tool(
      .sessionRm, .immediate, .query,
      Usage(
        "session rm", "forget a session that is kept",
        discussion:
          "With all its edits, for good; the files and what jobs have made stay. Not the one that plays.",
        examples: ["garden session rm before-the-break"],
        parameters: [
          Parameter(.name, .text(maxLength: ToolLimits.referenceLength), "its name").positional().required()
            .completed(from: "kept-session")
        ]),
      result: ["removed: its name"]),
    Tool(
      .sessionDrop, .immediate, .query,
      Usage("session drop", "let go of the next session", examples: ["garden session drop"]),
      result: ["session: null"]),
  ]
}
