import Arrangement
import AudioDrivers
import HootWire
import Ledger
import MIDI
import Media
import MusicalTime
import RealtimeEngine
import Threading
import Tools

/// Any refusal on its way to a client: a word for programs, an exit status, and three lines for people.
/// Nothing was changed when one is thrown.
package struct Refusal: Error, Sendable, Equatable {
  package let code: String
  package let exit: ExitCode
  /// What failed, why, and what to type next.
  package let lines: [String]
  /// There is no room for it now, and will be in a moment: whoever asked may wait for that.
  package private(set) var passes = false

  package init(_ code: String, _ exit: ExitCode, _ what: String, _ why: String, _ next: String) {
    self.code = code
    self.exit = exit
    // Whatever somebody's text in it holds, a line is one line.
    lines = [what.onOneLine, why.onOneLine, next.onOneLine]
  }

  /// What the renderer has no room for until its next block.
  static func passing(_ what: String, _ why: String) -> Refusal {
    var refusal = Refusal("busy", .tryLater, what, why, "try again in a moment")
    refusal.passes = true
    return refusal
  }

  init(_ error: ToolError) {
    self.init(error.code, error.exit, error.what, error.why, error.next)
  }

  init(_ error: ArrangementError) {
    self.init(error.kind.rawValue, .refused, error.lines[0], error.lines[1], error.lines[2])
  }

  init(_ error: PositionError) {
    let exit: ExitCode = if case .unreadable = error { .usage } else { .refused }
    self.init("bad_position", exit, error.lines[0], error.lines[1], error.lines[2])
  }

  init(_ error: TempoMapError) {
    self.init("bad_tempo", .refused, error.lines[0], error.lines[1], "garden help tempo")
  }

  init(_ error: EngineError) {
    let exit: ExitCode = if case .soundfontRefused = error { .badData } else { .configuration }
    self.init("engine", exit, error.lines[0], error.lines[1], error.lines[2])
  }

  package init(_ error: LedgerError) {
    let exit: ExitCode =
      switch error.kind {
      case .newer, .foreign, .cannotOpen: .configuration
      case .readOnly: .notAllowed
      case .diskFull, .tooLarge: .cannotWrite
      case .damaged: .badData
      case .locked: .refused
      case .busy, .closed: .tryLater
      case .failed: .internalError
      }
    self.init(error.kind.rawValue, exit, error.lines[0], error.lines[1], error.lines[2])
  }

  init(_ error: DriverError) {
    self.init("driver", .unreachable, error.lines[0], error.lines[1], error.lines[2])
  }

  init(_ error: SMFError, path: String) {
    self.init(
      "bad_midi", .badData, "\(path): \(error.what)", error.why,
      error.next.split(separator: " ").map { $0 == "FILE" ? path : String($0) }.joined(separator: " "))
  }

  /// Of the file that is written, whatever is wrong with it.
  init(writing error: MediaError) {
    let exit: ExitCode = error.kind == .noMemory ? .tryLater : .cannotWrite
    self.init(error.kind.rawValue, exit, error.lines[0], error.lines[1], error.lines[2])
  }

  init(_ error: MediaError) {
    let exit: ExitCode =
      switch error.kind {
      case .missing, .unreadable: .fileMissing
      case .cannotWrite, .diskFull: .cannotWrite
      case .noMemory: .tryLater
      default: .badData
      }
    self.init(error.kind.rawValue, exit, error.lines[0], error.lines[1], error.lines[2])
  }
}
