/// What a program of this project says by its exit status: the values of sysexits(3), where it has one.
package enum ExitCode: Int32, CaseIterable, Sendable {
  case done = 0
  case refused = 1
  case jobFailed = 3
  case usage = 64
  case badData = 65
  case fileMissing = 66
  case unreachable = 69
  case internalError = 70
  case cannotWrite = 73
  case tryLater = 75
  case notAllowed = 77
  case configuration = 78
  case timedOut = 124
  case interrupted = 130

  /// One line for `garden help exit-codes` and the man page.
  package var meaning: String {
    switch self {
    case .done: "done"
    case .refused: "the daemon said no: the request was understood and cannot be done"
    case .jobFailed: "a job that was waited for did not succeed"
    case .usage: "the command line is wrong: unknown command, flag or value"
    case .badData: "a file's content is wrong (MIDI, audio, ABC, soundfont, session)"
    case .fileMissing: "a file is missing or cannot be read"
    case .unreachable: "the daemon cannot be reached, or a check of the doctor failed"
    case .internalError: "a fault in chaosgarden itself: please report it"
    case .cannotWrite: "an output file cannot be written"
    case .tryLater: "busy: the same command may work in a moment"
    case .notAllowed: "permission denied"
    case .configuration: "a setting is wrong: in a file, a variable or a flag of the daemon"
    case .timedOut: "the time limit of --timeout ran out"
    case .interrupted: "stopped by Ctrl-C"
    }
  }

  /// The word a reply carries in `detail.code` when nothing more exact is known.
  package var word: String {
    switch self {
    case .done: "done"
    case .refused: "refused"
    case .jobFailed: "job_failed"
    case .usage: "usage"
    case .badData: "bad_data"
    case .fileMissing: "file_missing"
    case .unreachable: "unreachable"
    case .internalError: "internal_error"
    case .cannotWrite: "cannot_write"
    case .tryLater: "busy"
    case .notAllowed: "not_allowed"
    case .configuration: "configuration"
    case .timedOut: "timed_out"
    case .interrupted: "interrupted"
    }
  }
}
