import Glibc
import Tools

extension Garden {
  /// Does it; where a locked stage refuses it, asks the person at the terminal and does it after a yes. With
  /// `--yes` nobody is asked.
  func asking<Result>(
    _ arguments: Arguments, _ work: (Arguments) throws(ToolError) -> Result
  ) throws(ToolError) -> Result {
    do {
      return try work(invocation.options.isSet(.yes) ? arguments.confirmed : arguments)
    } catch {
      guard error.code == "locked", isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { throw error }
      Console.write("\(Console.clean(error.what)).\nType yes to do it all the same: ", to: STDERR_FILENO)
      guard readLine() == "yes" else { throw error }
      return try work(arguments.confirmed)
    }
  }
}
