extension Catalogue {
  private static let marker = Parameter(.name, .marker, "the marker").positional().required()

  /// Markers, and going to them.
  static let cueTools: [Tool] = [
    Tool(
      .markerAdd, .acknowledge, .edit,
      Usage(
        "marker add", "name a place on the timeline",
        discussion: "Markers are cue points: `garden cue`, `garden next` and `garden previous` go to them.",
        examples: ["garden marker add chorus --at 33:1"],
        parameters: [
          Parameter(
            .name, .text(maxLength: ToolLimits.nameLength), "the marker's name", default: "cue-1, cue-2, …"
          ).positional(),
          Parameter(.at, .position, "where", default: "the playhead"),
        ]),
      result: landed + ["marker: {name, beat, position}"]),
    Tool(
      .markerLs, .immediate, .query,
      Usage(
        "marker ls", "list the markers, and which of them is next",
        examples: ["garden marker ls"]),
      result: ["markers: [{name, beat, position, cue: previous, here, next or null}]"]),
    Tool(
      .markerMv, .acknowledge, .edit,
      Usage(
        "marker mv", "move a marker", examples: ["garden marker mv chorus --at 37:1"],
        parameters: [marker, Parameter(.at, .position, "where to", default: "the playhead")]),
      result: landed + ["marker: {name, beat, position}"]),
    Tool(
      .markerRename, .acknowledge, .edit,
      Usage(
        "marker rename", "give a marker another name", examples: ["garden marker rename chorus refrain"],
        parameters: [
          marker,
          Parameter(.newName, .text(maxLength: ToolLimits.nameLength), "its new name").positional()
            .required(),
        ]),
      result: landed + ["marker: {name, beat, position}"]),
    Tool(
      .markerRm, .acknowledge, .edit,
      Usage(
        "marker rm", "remove a marker", examples: ["garden marker rm chorus"], parameters: [marker]),
      result: landed),
    Tool(
      .cue, .acknowledge, .transport,
      Usage(
        "cue", "go to a marker", examples: ["garden cue chorus", "garden cue chorus --at @next-bar"],
        parameters: [marker, when]),
      result: landed),
    Tool(
      .next, .acknowledge, .transport,
      Usage(
        "next", "go to the next marker", examples: ["garden next", "garden next --at @next-bar"],
        parameters: [when]),
      result: landed),
    Tool(
      .previous, .acknowledge, .transport,
      Usage(
        "previous", "go to the marker before",
        discussion: "While it rolls, a marker passed by less than a beat does not count.",
        examples: ["garden previous", "garden previous --at @next-bar"], parameters: [when]),
      result: landed),
  ]
}
