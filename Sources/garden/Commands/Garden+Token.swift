import HootWire
import Settings
import Tools

extension Garden {
  /// Shows the token that HTTP asks for. Needs no daemon.
  func showToken() throws(ToolError) -> Int32 {
    let path = try settings().tokenFile
    let token = try AccessToken.read(path)
    if invocation.wantsJSON {
      printJSON(["token": .string(token), "file": .string(path)])
    } else {
      console.print(token)
    }
    return ExitCode.done.rawValue
  }
}
