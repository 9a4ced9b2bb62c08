/// A request the daemon answers, declared once.
package struct Tool: Sendable {
  package var name: ToolName
  package var usage: Usage
  package var timing: TimingClass
  package var effect: Effect
  /// The fields of the reply's `result`, one line each: `transport: {state, frame, …}`.
  package var result: [String]

  /// How long an answer may take.
  package enum TimingClass: Equatable, Sendable {
    /// From what the daemon holds in memory.
    case immediate
    /// A file is read first; at most this many seconds.
    case short(seconds: Double)
    /// The reply means "understood"; the effect is told by a later event.
    case acknowledge
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
    _ name: ToolName, _ timing: TimingClass, _ effect: Effect, _ usage: Usage, result: [String] = []
  ) {
    self.name = name
    self.timing = timing
    self.effect = effect
    self.usage = usage
    self.result = result
  }

  /// Whether the reply carries `command {id, due_frame}` and an event follows.
  package var isCommand: Bool { effect != .query }

  /// See `Usage.validate`. Errors have exit status 64.
  package func validate(_ values: [(String, ToolValue)]) throws(ToolError) -> Arguments {
    try usage.validate(values)
  }
}
