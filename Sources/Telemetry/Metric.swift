/// Everything that is measured, declared once: `garden status --metrics`, JSON, Prometheus text and OTLP read it here.
package struct Metric: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// Only grows, as long as the daemon runs.
    case counter
    case gauge
    /// How often a value was at most each of the bounds.
    case histogram
  }

  package let name: MetricName
  package let kind: Kind
  /// `s`, `frames`, `1` of a share, else what is counted in braces: `{jobs}` (UCUM).
  package let unit: String
  /// One line, no full stop.
  package let help: String
  /// The names of its labels.
  package let labels: [String]

  private init(_ name: MetricName, _ kind: Kind, _ unit: String, _ help: String, _ labels: [String]) {
    (self.name, self.kind, self.unit, self.help, self.labels) = (name, kind, unit, help, labels)
  }

  private static func counter(_ name: MetricName, _ unit: String, _ help: String, _ labels: String...)
    -> Metric
  { Metric(name, .counter, unit, help, labels) }
  private static func gauge(_ name: MetricName, _ unit: String, _ help: String, _ labels: String...) -> Metric
  { Metric(name, .gauge, unit, help, labels) }
  private static func histogram(_ name: MetricName, _ unit: String, _ help: String, _ labels: String...)
    -> Metric
  { Metric(name, .histogram, unit, help, labels) }

  /// In the order they are shown in.
  package static let all: [Metric] = [
    gauge(.jobs, "{jobs}", "jobs that have not ended, by state", "state"),
    gauge(.queueLength, "{jobs}", "jobs that no host has"),
    gauge(.queueAge, "s", "since the oldest of them was submitted"),
    counter(.jobsSubmitted, "{jobs}", "jobs made durable, by tool", "tool"),
    counter(.jobsShared, "{jobs}", "requests that a job in flight answers for"),
    counter(.jobsFinished, "{jobs}", "jobs that have ended, by their last state", "state"),
    counter(.jobsLate, "{jobs}", "jobs said not to be there when their region begins"),
    counter(.jobsResent, "{jobs}", "jobs sent once more because nobody knew what had become of them"),
    counter(.jobsPreempted, "{jobs}", "jobs stopped for a critical one"),
    counter(.jobLooks, "{looks}", "looks at jobs for whoever asked or waited"),
    histogram(.jobWait, "s", "from submission until a host runs it"),
    histogram(.jobService, "s", "from its start on a host to its success, by tool", "tool"),
    histogram(.jobAttempts, "{calls}", "attempts of a job that has ended"),
    counter(.retries, "{calls}", "calls that failed and are tried again"),
    counter(.staleReports, "{reports}", "reports that came after the end of their call or job"),
    counter(.calls, "{calls}", "calls that have ended, by host and outcome", "host", "outcome"),
    histogram(.callTime, "s", "length of a call, by host", "host"),
    counter(.busy, "{answers}", "busy answers of HTTP hosts (429 and 503)", "host"),
    counter(.hostBusy, "s", "time a host was left alone because it was busy", "host"),
    gauge(.hostSlots, "{calls}", "calls that a host takes at a time", "host"),
    gauge(.hostUsed, "{calls}", "slots of a host that are taken", "host"),
    counter(.attachments, "{regions}", "results that were given to regions"),
    counter(.attachFailures, "{regions}", "results that a region could not take"),
    histogram(.attachTime, "s", "from a result's arrival until its region has it"),
    counter(.xruns, "{xruns}", "blocks that came too late for the device"),
    counter(.lateBlocks, "{blocks}", "blocks that took longer than their own length"),
    counter(.callbacks, "{blocks}", "blocks asked of the renderer by the device"),
    counter(.lostFrames, "frames", "frames left out after a device was away"),
    gauge(.load, "1", "share of a block's length that rendering it takes"),
    gauge(.worstLoad, "1", "the greatest such share so far"),
    gauge(.voices, "{voices}", "voices that sound"),
    counter(.commands, "{commands}", "commands the renderer has taken"),
    counter(.edits, "{edits}", "edits of the session"),
    gauge(.editsWaiting, "{edits}", "edits that are not durable yet"),
    gauge(.uptime, "s", "since the daemon's start"),
    counter(.telemetrySent, "{records}", "records that the collector has taken, by signal", "signal"),
    counter(.telemetryDropped, "{records}", "records that the collector did not get", "signal"),
  ]

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  package static func declaration(_ name: MetricName) -> Metric {
    guard let metric = byName[name] else { preconditionFailure("\(name.rawValue) is not declared") }
    return metric
  }
}

/// The raw value is the name everywhere.
package enum MetricName: String, Sendable, CaseIterable {
  case jobs
  case queueLength = "job_queue_length"
  case queueAge = "job_queue_age_seconds"
  case jobsSubmitted = "jobs_submitted_total"
  case jobsShared = "jobs_shared_total"
  case jobsFinished = "jobs_finished_total"
  case jobsLate = "jobs_late_total"
  case jobsResent = "jobs_resent_total"
  case jobsPreempted = "jobs_preempted_total"
  case jobLooks = "job_looks_total"
  case jobWait = "job_wait_seconds"
  case jobService = "job_service_seconds"
  case jobAttempts = "job_attempts"
  case retries = "job_retries_total"
  case staleReports = "stale_reports_total"
  case calls = "host_calls_total"
  case callTime = "host_call_seconds"
  case busy = "http_429_total"
  case hostBusy = "host_busy_seconds"
  case hostSlots = "host_slots"
  case hostUsed = "host_slots_used"
  case attachments = "attachments_total"
  case attachFailures = "attachment_failures_total"
  case attachTime = "attachment_seconds"
  case xruns = "audio_xruns_total"
  case lateBlocks = "audio_late_blocks_total"
  case callbacks = "audio_callbacks_total"
  case lostFrames = "audio_lost_frames_total"
  case load = "audio_load"
  case worstLoad = "audio_worst_load"
  case voices
  case commands = "commands_total"
  case edits = "edits_total"
  case editsWaiting = "edits_not_durable"
  case uptime = "uptime_seconds"
  case telemetrySent = "telemetry_sent_total"
  case telemetryDropped = "telemetry_dropped_total"
}

/// How often values were at most each of some bounds.
package struct Histogram: Sendable, Equatable {
  /// Rising; above the last one there is one more bucket.
  package let bounds: [Double]
  /// One more than there are bounds; each value stands in one.
  package private(set) var counts: [UInt64]
  package private(set) var sum = 0.0
  package var count: UInt64 { counts.reduce(0, +) }

  package init(_ bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  /// Seconds, from a millisecond to an hour.
  package static let seconds = Histogram([
    0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600,
  ])
  package static let attempts = Histogram([1, 2, 3, 4, 8, 16])

  /// What is no number, or below zero, counts as nothing.
  package mutating func take(_ value: Double) {
    guard value.isFinite, value >= 0 else { return }
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
  }
}

/// A metric with what was measured.
package struct Measured: Sendable, Equatable {
  package enum Value: Sendable, Equatable {
    case number(Double)
    case histogram(Histogram)
  }

  package struct Sample: Sendable, Equatable {
    /// In the order of the metric's labels.
    package var labels: [String]
    package var value: Value
  }

  package let metric: Metric
  package private(set) var samples: [Sample] = []

  package init(_ name: MetricName) { metric = Metric.declaration(name) }

  package init(_ name: MetricName, _ value: Double) {
    self.init(name)
    add([], .number(value))
  }

  /// - Parameter values: by the one label that the metric has.
  package init(_ name: MetricName, by values: [String: Double]) {
    self.init(name)
    for (label, value) in values.sorted(by: { $0.key < $1.key }) { add([label], .number(value)) }
  }

  package init(_ name: MetricName, _ histogram: Histogram) {
    self.init(name)
    add([], .histogram(histogram))
  }

  package init(_ name: MetricName, by histograms: [String: Histogram]) {
    self.init(name)
    for (label, value) in histograms.sorted(by: { $0.key < $1.key }) { add([label], .histogram(value)) }
  }

  package mutating func add(_ labels: [String], _ value: Value) {
    precondition(labels.count == metric.labels.count, "\(metric.name.rawValue) has other labels")
    samples.append(Sample(labels: labels, value: value))
  }
}
