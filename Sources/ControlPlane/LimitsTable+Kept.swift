import Jobs
import Ledger
import Telemetry
import Tools

/// What is kept: sessions, jobs, and what is counted of them.
extension LimitsTable {
  static let kept: [Row] = [
    row("ControlPlane", "edits that are not durable yet", ControlLimits.journalWaiting, "edits", "refused"),
    row(
      "ControlPlane", "edits between two whole sessions", ControlLimits.journalEntries, "edits",
      "the whole session is kept"),
    row(
      "ControlPlane", "tries of a session that could not be kept", ControlLimits.journalRetrySeconds, "s",
      "edits are refused in between"),
    row("ControlPlane", "notes of the playhead's place", ControlLimits.positionSeconds, "s", "none: fixed"),
    row(
      "ControlPlane", "edits that can be undone", ControlLimits.undoDepth, "edits", "the oldest are forgotten"
    ),
    row(
      "ControlPlane", "things that those touch", ControlLimits.undoItems, "things", "the oldest are forgotten"
    ),
    row("ControlPlane", "parts of results waiting", GrowthLimits.waiting, "parts", "counted, not used"),
    row("ControlPlane", "bytes of those", GrowthLimits.waitingBytes, "bytes", "counted, not used"),
    row("ControlPlane", "parts that wait for one before", GrowthLimits.reordered, "parts", "taken as lost"),
    row("ControlPlane", "number of a part", GrowthLimits.numbers, "parts", "counted, not used"),
    row("ControlPlane", "events of a part", GrowthLimits.eventsOfPart, "events", "counted, not used"),
    row("ControlPlane", "events that grow", GrowthLimits.events, "events", "grows no further"),
    row("ControlPlane", "notes that grow", GrowthLimits.beats, "beats", "grows no further"),
    row("ControlPlane", "sound that grows", GrowthLimits.seconds, "s", "grows no further"),
    row("ControlPlane", "jobs whose regions grow", GrowthLimits.jobs, "jobs", "its parts are counted only"),
    row(
      "ControlPlane", "finished streams shown", GrowthLimits.remembered, "jobs", "the oldest are forgotten"),
    row("ControlPlane", "parts of a job told again", GrowthLimits.told, "parts", "the oldest are forgotten"),
    row(
      "ControlPlane", "requests that wait for jobs", ControlLimits.jobPolls, "requests", "answered at once"),
    row("ControlPlane", "requests that sleep", ControlLimits.naps, "requests", "refused"),
    row(
      "Telemetry", "records that wait for the collector", TelemetryLimits.waiting, "records",
      "dropped, counted: telemetry_dropped_total"),
    row(
      "Telemetry", "records of a request to the collector", TelemetryLimits.batch, "records",
      "the rest in the next"),
    row(
      "Telemetry", "time for a request to the collector", TelemetryLimits.requestSeconds, "s",
      "sent again later"),
    row(
      "Telemetry", "hosts or tools counted apart", TelemetryLimits.labels, "labels",
      "counted together as other"),
    row(
      "Telemetry", "looks at the queue that are kept", TelemetryLimits.history, "looks",
      "the oldest are forgotten"),
    row("Telemetry", "collector's address", TelemetryLimits.addressBytes, "bytes", "refused"),
    row("Ledger", "writes and questions waiting", LedgerLimits.waiting, "requests", "refused"),
    row("Ledger", "writes of one commit", LedgerLimits.group, "writes", "the rest in the next"),
    row("Ledger", "rows of an answer", LedgerLimits.page, "rows", "the rest in the next"),
    row("Ledger", "one edit", LedgerLimits.entryBytes, "bytes", "kept as a whole session"),
    row("Ledger", "one session", LedgerLimits.sessionBytes, "bytes", "not kept, said in the status"),
    row("Ledger", "finished jobs forgotten at once", LedgerLimits.pruned, "jobs", "the rest later"),
    row("Ledger", "finished jobs are kept", LedgerLimits.retention / 1000, "s", "forgotten"),
    row("Jobs", "live jobs", JobsLimits.liveJobs, "jobs", "refused: queue_full"),
    row("Jobs", "live jobs of a client", JobsLimits.liveJobsPerClient, "jobs", "refused: queue_full"),
    row("Jobs", "hosts", JobsLimits.hosts, "hosts", "refused"),
    row("Jobs", "slots of a host", JobsLimits.slotsPerHost.upperBound, "slots", "refused"),
    row("Jobs", "services of a host", JobsLimits.servicesPerHost, "services", "refused"),
    row("Jobs", "labels of a host", JobsLimits.labelsPerHost, "labels", "refused"),
    row("Jobs", "name", JobsLimits.nameBytes, "bytes", "refused"),
    row("Jobs", "parameters of a job", JobsLimits.parameterBytes, "bytes", "refused"),
    row("Jobs", "inputs of a job", JobsLimits.inputs, "artifacts", "refused"),
    row("Jobs", "value of a result", JobsLimits.valueBytes, "bytes", "the job fails"),
    row("Jobs", "artifacts of a result", JobsLimits.artifacts, "artifacts", "the job fails"),
    row(
      "Jobs", "workflows", JobsLimits.workflows, "workflows",
      "the oldest that has ended goes; refused where none has"),
    row("Jobs", "phases of a workflow", JobsLimits.workflowPhases, "phases", "refused"),
    row("Jobs", "tasks of a workflow", JobsLimits.workflowTasks, "tasks", "refused"),
    row("Jobs", "one workflow", JobsLimits.workflowBytes, "bytes", "refused"),
    row(
      "ControlPlane", "a workflow's task waits for room", ControlLimits.workflowAgainMilliseconds, "ms",
      "tried again"),
    row(
      "ControlPlane", "a bounce waits for regions that do not come", ControlLimits.workflowSettleSeconds, "s",
      "rendered without them"),
    row(
      "ControlPlane", "tries of a task that are looked at for its region", ControlLimits.workflowTriesSeen,
      "tries",
      "a new region"),
    row("Jobs", "parents of a job", JobsLimits.parents, "jobs", "refused"),
    row("Jobs", "jobs of one order", JobsLimits.batch, "jobs", "refused"),
    row("Jobs", "attempts of a job", JobsLimits.attempts.upperBound, "attempts", "refused"),
    row("Jobs", "message of a host", JobsLimits.messageBytes, "bytes", "cut there"),
    row("Jobs", "time limit of a job", JobsLimits.timeLimit.upperBound / 1000, "s", "refused"),
    row("Jobs", "time to leave a host alone", JobsLimits.retryAfter.upperBound, "s", "cut there"),
  ]
}
