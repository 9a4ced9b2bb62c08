extension Catalogue {
  private static let workflow = Parameter(
    .workflowID, .text(maxLength: 36), "the workflow's id, or its beginning"
  ).positional().required().completed(from: "workflow")
  private static let newID = Parameter(
    .workflowID, .text(maxLength: 36), "a UUID that was never used; the same again is the same workflow",
    default: "a new one")
  private static let part = [
    Parameter(.phase, .text(maxLength: 64), "this phase alone", default: "all of it"),
    Parameter(.task, .text(maxLength: 64), "this task alone", default: "all of it"),
  ]
  private static let title = Parameter(.name, .text(maxLength: ToolLimits.nameLength), "what it is called")
  private static let about = Parameter(.description, .document(ToolLimits.promptBytes), "what it is for")

  private static let status = """
    workflow: {id, name, state, progress, counts: {waiting, queued, running, succeeded, failed, cancelled, blocked}, \
    phases: [{id, name, depends_on, state, counts}], failures: [{task, error}], …}
    """
  private static let tasks = """
    tasks: [{name, phase, tool, state, job_id, progress, message, host, artifacts, value, region_id, error, …}]
    """

  static let workflowTools: [Tool] = draftTools + runTools + lookTools

  private static let draftTools: [Tool] = [
    Tool(
      .workflowCreate, .acknowledge, .query,
      Usage(
        "workflow create", "make a workflow, to be filled with phases and tasks",
        discussion: "It is a draft until garden workflow start.",
        examples: ["garden workflow create song"],
        parameters: [title.positional().required(), about, newID]),
      result: ["workflow_id", "how: created or known", status]),
    Tool(
      .workflowAddPhase, .acknowledge, .query,
      Usage(
        "workflow add-phase", "add a phase to a draft",
        discussion: """
          A phase begins when every task of the phases that it depends on has succeeded. One that is there already is \
          changed. A phase that would wait for itself is refused.
          """,
        examples: ["garden workflow add-phase 0198 join --depends-on sections"],
        parameters: [
          workflow, Parameter(.phaseID, .text(maxLength: 64), "its id").positional().required(),
          Parameter(.name, .text(maxLength: ToolLimits.nameLength), "what it is called", default: "its id"),
          Parameter(.dependsOn, .text(maxLength: 64), "a phase that comes first").repeated(),
        ]),
      result: ["phase_id", status]),
    Tool(
      .workflowAddTask, .acknowledge, .query,
      Usage(
        "workflow add-task", "add a task to a phase of a draft",
        discussion: """
          A task is a tool of jobs with its parameters, those that place it on the timeline among them. It may wait for \
          tasks of its own phase and of the phases before it, and use what they make: ${verse.artifact}, \
          ${loop.artifact.2}, ${idea.value.text}. One that is there already is changed.
          """,
        examples: [
          "garden workflow add-task 0198 sections verse --tool phrase_generate --param seed=1 --param track=lead"
        ],
        parameters: [
          workflow, Parameter(.phaseID, .text(maxLength: 64), "the phase").positional().required(),
          Parameter(.name, .text(maxLength: 64), "its name: letters, digits, - and _").positional()
            .required(),
          Parameter(.tool, .text(maxLength: ToolLimits.nameLength), "what is asked for"),
          Parameter(.agentName, .text(maxLength: ToolLimits.nameLength), "the same by another name"),
          Parameter(
            .agentInstructions, .document(ToolLimits.promptBytes),
            "words for the tool's prompt, or a JSON object of parameters"),
          Parameter(.params, .object(ToolLimits.promptBytes), "the tool's parameters"),
          Parameter(
            .param, .document(ToolLimits.promptBytes), "NAME=VALUE; VALUE as JSON, else as text"
          ).repeated(),
          Parameter(
            .priority, .choice(WorkflowDraft.priorityWords), "among waiting jobs", default: "normal"),
          Parameter(.dependencies, .text(maxLength: 64), "a task that must have succeeded").repeated(),
          Parameter(.webhookURL, .text(maxLength: 2048), "who is told of its end"),
          Parameter(
            .timeoutSeconds, .number(ToolLimits.jobSeconds, unit: "seconds"), "from its start to its end",
            default: "1800"),
        ]),
      result: ["task: its name", status]),
  ]

  private static let runTools: [Tool] = [
    Tool(
      .workflowRun, .acknowledge, .query,
      Usage(
        "workflow submit", "make and start a workflow of a whole definition",
        discussion: """
          The definition is {name, description, phases: [{id, name, depends_on, tasks: [{name, tool, dependencies, …}]}]}, \
          in any order. The same id again is the same run. garden workflow run reads one from a file.
          """,
        examples: ["garden workflow submit --definition JSON"],
        parameters: [
          Parameter(.definition, .object(ToolLimits.workflowBytes), "the workflow").required(), newID,
        ]),
      result: ["workflow_id", "how: created or known", status]),
    Tool(
      .workflowStart, .acknowledge, .query,
      Usage(
        "workflow start", "run a workflow; from then on it is fixed",
        discussion: "A second start changes nothing: it is the same run.",
        examples: ["garden workflow start 0198"], parameters: [workflow]),
      result: ["workflow_id", "how: started or known", status]),
    Tool(
      .workflowCancel, .acknowledge, .query,
      Usage(
        "workflow cancel", "end a workflow, or a part of it, at once",
        discussion: "What waits for a part that is cancelled is blocked until that is tried anew.",
        examples: ["garden workflow cancel 0198", "garden workflow cancel 0198 --phase sections"],
        parameters: [workflow] + part),
      result: ["cancelled: [task]", status]),
    Tool(
      .workflowRetry, .acknowledge, .query,
      Usage(
        "workflow retry", "try anew what failed or was cancelled",
        examples: ["garden workflow retry 0198", "garden workflow retry 0198 --task verse"],
        parameters: [workflow] + part),
      result: ["retried: [task]", status]),
    Tool(
      .workflowPause, .acknowledge, .query,
      Usage(
        "workflow pause", "begin nothing further of a workflow",
        examples: ["garden workflow pause 0198"], parameters: [workflow]), result: [status]),
    Tool(
      .workflowResume, .acknowledge, .query,
      Usage(
        "workflow resume", "let a paused workflow go on", examples: ["garden workflow resume 0198"],
        parameters: [workflow]), result: [status]),
    Tool(
      .workflowRm, .acknowledge, .query,
      Usage(
        "workflow rm", "forget a workflow that does not run",
        examples: ["garden workflow rm 0198"], parameters: [workflow]), result: ["workflow_id"]),
  ]

  private static let lookTools: [Tool] = [
    Tool(
      .workflowStatus, .immediate, .query,
      Usage(
        "workflow status", "show how far a workflow is", examples: ["garden workflow status 0198"],
        parameters: [workflow]), result: [status]),
    Tool(
      .workflowShow, .immediate, .query,
      Usage(
        "workflow show", "show what a workflow is made of", examples: ["garden workflow show 0198"],
        parameters: [workflow]),
      result: [
        status,
        "definition: {name, description, phases: [{id, name, depends_on, tasks: [{name, tool, params, dependencies}]}]}",
      ]),
    Tool(
      .workflowTasks, .immediate, .query,
      Usage(
        "workflow tasks", "list a workflow's tasks", examples: ["garden workflow tasks 0198"],
        parameters: [workflow] + part), result: ["workflow_id", tasks]),
    Tool(
      .workflowLs, .immediate, .query,
      Usage(
        "workflow ls", "list workflows, the newest first", examples: ["garden workflow ls"],
        parameters: [
          Parameter(
            .status, .choice(["draft", "running", "paused", "succeeded", "failed", "cancelled"]),
            "only those",
            default: "all of them"
          ).positional(),
          Parameter(.limit, .integer(1...1000), "so many at most", default: "100"),
          Parameter(.before, .integer(0...Int.max), "only those made before this number: the next page"),
        ]),
      result: ["workflows: [workflow]", "next: for --before, null at the end"]),
  ]

  static let workflowCommands: [ClientCommand] = [
    ClientCommand(
      .workflowRunFile,
      Usage(
        "workflow run", "run the workflow of a file, and show how far it is",
        discussion: """
          The daemon does it: Ctrl-C leaves it running, and garden workflow status tells the rest. A TOML file has name, \
          description and [[phase]] tables with id, name and depends_on; each has [[phase.task]] tables with name, tool \
          and dependencies, and beside them the tool's parameters. A file that is to be written is relative to the \
          folder that the command is run in.
          """,
        examples: ["garden workflow run song.toml", "garden workflow run song.toml --detach"],
        parameters: [
          Parameter(.file, .path(extensions: ["toml"]), "the file").positional().required(),
          Parameter(.detach, .flag, "do not wait for its end: print its id"), newID,
        ]))
  ]
}
