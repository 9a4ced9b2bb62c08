extension Catalogue {
  private static let delivery = """
    {id, event, url, state: pending, delivered or failed, tries, next_at, created, ended, \
    attempts: [{at, status, ms, error}]}
    """

  static let webhookTools: [Tool] = [
    Tool(
      .webhookLs, .immediate, .query,
      Usage(
        "webhook ls", "list the URLs that jobs' ends are posted to", examples: ["garden webhook ls"]),
      result: [
        """
        webhooks: [{url, every_job: whether it hears of all, enabled, disabled_at, reason, pending, delivered, \
        failed, next_at}]
        """
      ]),
    Tool(
      .webhookHistory, .immediate, .query,
      Usage(
        "webhook history", "show what was posted of a job's end, and each try",
        discussion: """
          A delivery comes at least once: one that was received and could not be marked comes again, under the same \
          webhook-id, by which the receiver knows it. What is not answered by 2xx within 20 s is tried again after \
          5 s, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours, or later where the answer says Retry-After.
          """,
        examples: ["garden webhook history 0198"], parameters: [job.required()]),
      result: ["job_id", "deliveries: [\(delivery)]"]),
    Tool(
      .webhookReplay, .acknowledge, .query,
      Usage(
        "webhook replay", "post a delivery once more, under its id",
        examples: ["garden webhook replay msg_a"],
        parameters: [
          Parameter(.delivery, .text(maxLength: ToolLimits.nameLength), "its id, of garden webhook history")
            .positional().required()
        ]),
      result: ["delivery: its id", "job_id"]),
    Tool(
      .webhookEnable, .acknowledge, .query,
      Usage(
        "webhook enable", "post again to a URL that answered 410",
        examples: ["garden webhook enable https://example.org/hook"],
        parameters: [
          Parameter(.url, .text(maxLength: ToolLimits.urlLength), "the URL").positional().required()
        ]),
      result: ["enabled: the URL"]),
  ]

  static let webhookCommands: [ClientCommand] = [
    ClientCommand(
      .webhookSecret,
      Usage(
        "webhook secret", "show the secret that signs webhooks, or make another",
        discussion: """
          Receivers check webhook-signature with it, as Standard Webhooks says. With --rotate a new one comes first and \
          the one before signs too, so that receivers can change one after the other; --forget ends that. Its file is \
          the owner's alone, and the daemon reads it before every post.
          """,
        examples: [
          "garden webhook secret", "garden webhook secret --rotate", "garden webhook secret --forget",
        ],
        parameters: [
          Parameter(.rotate, .flag, "a new one, beside those there are"),
          Parameter(.forget, .flag, "only the newest is left"),
        ]))
  ]
}
