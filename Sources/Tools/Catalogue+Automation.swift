extension Catalogue {
  static let automationParameters = ["gain", "pan"]
  /// The first is the one that holds when none is given.
  static let automationShapes = ["linear", "exponential", "s", "hold"]

  private static let track = Parameter(.track, .track, "a track's lane: places on the timeline")
  private static let region = Parameter(.region, .region, "a region's lane: beats after its start")

  static let automationTools: [Tool] = [
    Tool(
      .automationSet, .acknowledge, .edit,
      Usage(
        "automation set", "draw a lane of gain or pan for a track or a region",
        discussion: """
          The points take the place of the lane there was. A point is POS=VALUE, or POS=VALUE:SHAPE with the \
          shape of the way to the next point: linear, exponential (a straight line in dB), s, or hold. Gain is \
          in dB, -inf is silence, and it multiplies the fader; pan is -1 to 1 and is added to it. Before the \
          first point and behind the last the value stays.
          """,
        examples: [
          "garden automation set gain 1:1=-inf 5:1=0:exponential 9:1=-6 --track lead",
          "garden automation set pan 0=-1:s 4=1 --region chorus",
        ],
        parameters: [
          Parameter(.parameter, .choice(automationParameters), "what it moves").positional().required(),
          Parameter(.points, .point(shapes: automationShapes), "the points").positional().repeated()
            .required(),
          track, region,
        ]),
      result: landed + ["automation: [{track or region, parameter, beat, position, value, shape}]"]),
    Tool(
      .automationLs, .immediate, .query,
      Usage(
        "automation ls", "list the points of every lane",
        examples: ["garden automation ls", "garden automation ls --track lead"], parameters: [track, region]),
      result: ["automation: [{track or region, parameter, beat, position, value, shape}]"]),
    Tool(
      .automationClear, .acknowledge, .edit,
      Usage(
        "automation clear", "take lanes away",
        examples: ["garden automation clear --track lead", "garden automation clear pan --region chorus"],
        parameters: [
          Parameter(.parameter, .choice(automationParameters), "only this lane", default: "both")
            .positional(),
          track, region,
        ]),
      result: landed + ["removed: lanes"]),
  ]
}
