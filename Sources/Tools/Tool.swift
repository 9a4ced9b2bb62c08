import Jobs

/// A request the daemon answers, declared once.
package struct Tool: Sendable {
  package var name: ToolName
  package var usage: Usage
  package var timing: Timing
  package var effect: Effect
  /// The fields of the reply's `result`, one line each: `transport: {state, frame, …}`.
  package var result: [String]
  /// nil of what the daemon does by itself.
  package var job: JobShape?
  /// Further names it goes by on the wire.
  package var aliases: [String] = []

  /// How long an answer may take: a class, and what it may take in place of that.
  package struct Timing: Equatable, Sendable {
    package var timingClass: TimingClass
    /// Seconds, where the class's own do not fit.
    package var ownSeconds: Double?

    private init(_ timingClass: TimingClass, _ ownSeconds: Double? = nil) {
      self.timingClass = timingClass
      self.ownSeconds = ownSeconds
    }

    /// From what the daemon holds in memory.
    package static let immediate = Timing(.immediate)
    /// A file is read first, or a job is done that is waited for.
    package static func short(seconds: Double? = nil) -> Timing { Timing(.short, seconds) }
    package static let medium = Timing(.medium)
    /// A job's handle, at once.
    package static let long = Timing(.long)
    /// The reply means "understood"; the effect is told by a later event.
    package static let acknowledge = Timing(.acknowledge)

    /// Seconds that an answer is waited for; 0 where it comes at once.
    package var seconds: Double { ownSeconds ?? Double(timingClass.budget) / 1_000 }

    /// Milliseconds that a client is kept until it gets the job's handle.
    ///
    /// - Parameter clientLimit: milliseconds that it will wait, if it said so.
    package func wait(clientLimit: Int64?) -> Int64 {
      timingClass.wait(toolBudget: ownSeconds.map { Int64($0 * 1_000) }, clientLimit: clientLimit)
    }
  }

  /// What a request changes.
  package enum Effect: Equatable, Sendable {
    case query
    /// The timeline or the mixer: answered with a command id, later an event says where it landed.
    case edit
    /// The transport: likewise.
    case transport
  }

  package init(
    _ name: ToolName, _ timing: Timing, _ effect: Effect, _ usage: Usage, result: [String] = [],
    job: JobShape? = nil
  ) {
    self.job = job
    self.name = name
    self.timing = timing
    self.effect = effect
    self.usage = usage
    self.result = result
  }

  func alsoNamed(_ names: String...) -> Tool {
    var tool = self
    tool.aliases = names
    return tool
  }

  /// Whether the reply carries `command {id, due_frame}` and an event follows.
  package var isCommand: Bool { effect != .query }

  /// See `Usage.validate`. Errors have exit status 64.
  package func validate(_ values: [(String, ToolValue)]) throws(ToolError) -> Arguments {
    try usage.validate(values)
  }
}
