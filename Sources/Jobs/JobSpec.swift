/// What somebody asks for. It does not change any more, but for its deadline.
package struct JobSpec: Sendable, Equatable {
  package var id: JobID
  package var tool: String
  /// One JSON object in UTF-8, with sorted keys, so that the same request has the same bytes.
  package var parameters: [UInt8]
  package var inputs: [HostCall.Input] = []
  /// 0 is critical, 3 is low.
  package var priority = 2
  /// When its content is needed; nil when nothing waits for it. Among jobs of a priority the earlier goes first.
  package var deadline: JobTime?
  /// Not before.
  package var notBefore: JobTime = 0
  /// Jobs that must have succeeded.
  package var parents: [JobID] = []
  /// The only host it may go to.
  package var host: String?
  /// What a host must have, all of it.
  package var labels: Set<String> = []
  package var limits = Limits()
  /// It may be stopped and begun anew for the sake of a critical one.
  package var isRestartable = false
  /// The same parameters give the same result, so a finished job's serves again.
  package var isDeterministic = false
  /// Neither a job in flight nor a finished one answers for it.
  package var isFresh = false
  /// How much it is, in whatever unit the tool's time grows with: seconds of sound, tokens. Estimates go by it.
  package var size = 1.0
  /// The latent region that its result goes to.
  package var region: String?
  /// The finished job that this one tries anew.
  package var retryOf: JobID?
  /// Who asked.
  package var client = ""
  package var traceparent: String?
  /// Where its end is posted to, in every final state.
  package var webhookURL: String?

  /// Bounds of its life.
  package struct Limits: Sendable, Equatable, Codable {
    /// Milliseconds from its submission until a host runs it; nil: as long as it takes.
    package var queueToStart: Int64?
    /// From a call's start to its end.
    package var startToFinish: Int64 = 1_800_000
    /// Without a word from a host of a kind that speaks while it works. nil: its kind's own.
    package var silence: Int64?
    /// Of being turned away by busy hosts, from the first time on.
    package var busy: Int64 = 86_400_000
    /// Calls that may fail.
    package var attempts = 4

    package init() {}
  }

  package init(id: JobID, tool: String, parameters: [UInt8] = Array("{}".utf8)) {
    self.id = id
    self.tool = tool
    self.parameters = parameters
  }

  /// Whether both ask for the same: whoever asks, however soon, for whichever region.
  package func asksTheSame(as other: JobSpec) -> Bool {
    tool == other.tool && parameters == other.parameters && inputs == other.inputs && host == other.host
      && labels == other.labels
  }
}

/// What tells requests apart: FNV-1a of 64 bits over all that `JobSpec.asksTheSame` compares. Equal ones are compared.
package struct Fingerprint: Sendable, Hashable {
  package let value: UInt64

  package init(value: UInt64) { self.value = value }

  package init(of spec: JobSpec) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func take(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      // No byte of UTF-8, so neighbours do not run together.
      hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }
    take(spec.tool.utf8)
    take(spec.parameters)
    for input in spec.inputs {
      take(input.parameter.utf8)
      take(input.hash.utf8)
    }
    take((spec.host ?? "").utf8)
    for label in spec.labels.sorted() { take(label.utf8) }
    value = hash
  }
}

/// Why something was not taken on. Nothing was changed.
package struct JobRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    case badJob = "bad_job"
    case badHost = "bad_host"
    case unknownJob = "unknown_job"
    case unknownHost = "unknown_host"
    case finished = "already_finished"
    case notFinished = "not_finished"
    case conflict = "id_conflict"
    case cycle = "dependency_cycle"
    case full = "queue_full"
    case busy
    case storage = "storage_failed"
  }

  package let kind: Kind
  /// What failed, why (the value seen and the value allowed), what to do next.
  package let lines: [String]

  package init(_ kind: Kind, _ what: String, why: String, next: String) {
    self.kind = kind
    lines = [what, why, next]
  }

  package var description: String { lines.joined(separator: "\n") }
}

extension JobSpec {
  /// Why it cannot be taken on whatever else there is; nil when it can.
  package var refusal: JobRefusal? {
    func refused(_ why: String, _ next: String) -> JobRefusal {
      JobRefusal(.badJob, "The job \(id) was not taken on.", why: why, next: next)
    }
    for (what, name) in [("tool", tool), ("host", host ?? "any"), ("client", client)] {
      if name.utf8.count > JobsLimits.nameBytes || (name.isEmpty && what != "client") {
        return refused(
          "Its \(what)'s name has \(name.utf8.count) bytes; 1 to \(JobsLimits.nameBytes) are allowed.",
          "Give a shorter name.")
      }
    }
    if !JobsLimits.priorities.contains(priority) {
      return refused(
        "Its priority is \(priority); 0 (critical) to 3 (low) are allowed.", "Give one of 0, 1, 2, 3.")
    }
    if parameters.count > JobsLimits.parameterBytes {
      return refused(
        "Its parameters have \(parameters.count) bytes; \(JobsLimits.parameterBytes) are allowed.",
        "Shorten the prompt, or hand long material in as an artifact.")
    }
    if String(validating: parameters, as: UTF8.self) == nil {
      return refused("Its parameters are not UTF-8.", "Write them as JSON in UTF-8.")
    }
    if inputs.count > JobsLimits.inputs || parents.count > JobsLimits.parents
      || labels.count > JobsLimits.labelsPerHost
    {
      return refused(
        "It names \(inputs.count) inputs, \(parents.count) jobs to wait for and \(labels.count) labels; "
          + "\(JobsLimits.inputs), \(JobsLimits.parents) and \(JobsLimits.labelsPerHost) are allowed.",
        "Name fewer.")
    }
    return timeRefusal(refused)
  }

  private func timeRefusal(_ refused: (String, String) -> JobRefusal) -> JobRefusal? {
    for time in [deadline ?? 0, notBefore] where !JobsLimits.times.contains(time) {
      return refused(
        "It names the time \(time) ms; \(JobsLimits.times) are allowed.", "Give a time since 1970.")
    }
    let spans = [limits.queueToStart, limits.startToFinish, limits.silence, limits.busy]
    for span in spans.compactMap({ $0 }) where !JobsLimits.timeLimit.contains(span) {
      return refused(
        "A time limit of it is \(span) ms; \(JobsLimits.timeLimit) are allowed.",
        "Give a limit of up to 7 days.")
    }
    guard JobsLimits.attempts.contains(limits.attempts) else {
      return refused(
        "It may fail \(limits.attempts) times; \(JobsLimits.attempts) are allowed.", "Give 1 to 16 attempts.")
    }
    guard size.isFinite, size > 0, size < 1e12 else {
      return refused(
        "Its size is \(size); a number above 0 and below 1e12 is allowed.", "Leave it out: it is 1.")
    }
    return nil
  }
}
