/// Where the metronome is heard.
package enum ClickOutput: String, Sendable, CaseIterable {
  /// The channel of its own.
  case click
  /// The pair that the performer alone hears.
  case cue
  /// The audience too.
  case main

  /// What `Command.Kind.metronomeOutput` carries: the first `OutputChannel` of it.
  package var channel: Int {
    switch self {
    case .main: 0
    case .cue: 2
    case .click: 4
    }
  }

  static var clickChannel: Int32 { @_noLocks get { 4 } }
  static var cueChannel: Int32 { @_noLocks get { 2 } }
  static var mainChannel: Int32 { @_noLocks get { 0 } }
}

/// A time signature as the renderer reads it.
package struct ScheduledSignature: BitwiseCopyable, Sendable {
  package var tick: Int64
  package var beatTicks: Int64
  package var barTicks: Int64

  package init(tick: Int64, beatTicks: Int64, barTicks: Int64) {
    self.tick = tick
    self.beatTicks = beatTicks
    self.barTicks = barTicks
  }
}
