import ControlSocket
import HootWire
import Tools

extension Garden {
  private var keys: KeyFolder { KeyFolder(environment: environment) }

  /// The daemon's pair, or a client's with what that needs to come in. Needs no daemon.
  func newKey() throws(ToolError) -> Int32 {
    guard let name = invocation.arguments.text(.name) else {
      let open = try refusing { () throws(KeyError) in
        try keys.makeServer(overwrites: invocation.arguments.isSet(.force))
      }
      tell(["public": .string(open.text), "folder": .string(keys.path)]) {
        ["the daemon's public key is \(open.text)", "Next: garden key new NAME, for each client"]
      }
      return ExitCode.done.rawValue
    }
    let server = try refusing { () throws(KeyError) in try keys.serverKey() }
    let pair = try refusing { () throws(KeyError) in try keys.makeClient(name) }
    tell([
      "name": .string(name), "public": .string(pair.public.text), "secret": .string(pair.secret.text),
      "server": .string(server.text),
    ]) {
      [
        "\(name) is let in when the daemon starts next; its secret key is shown this once:",
        "CURVE_PUBLICKEY  \(pair.public.text)", "CURVE_SECRETKEY  \(pair.secret.text)",
        "CURVE_SERVERKEY  \(server.text)",
      ]
    }
    return ExitCode.done.rawValue
  }

  func listKeys() throws(ToolError) -> Int32 {
    let server = try refusing { () throws(KeyError) in try keys.serverKey() }
    let clients = try refusing { () throws(KeyError) in try keys.clients() }
    let list = clients.map { client -> JSONValue in
      ["name": .string(client.name), "public": .string(client.key.text)]
    }
    tell(["server": .string(server.text), "clients": .array(list), "folder": .string(keys.path)]) {
      ["the daemon  \(server.text)"] + clients.map { "\($0.name)  \($0.key.text)" }
    }
    return ExitCode.done.rawValue
  }

  private func tell(_ result: JSONValue, _ lines: () -> [String]) {
    if invocation.wantsJSON { printJSON(result) } else { lines().forEach(console.print) }
  }

  private func refusing<Value>(_ work: () throws(KeyError) -> Value) throws(ToolError) -> Value {
    do { return try work() } catch {
      let exit: ExitCode =
        switch error.kind {
        case .missing: .fileMissing
        case .badName: .usage
        case .badKey: .badData
        case .unsafe: .notAllowed
        case .exists: .refused
        case .cannotWrite: .cannotWrite
        }
      throw ToolError(
        code: exit.word, exit: exit, what: HelpText.capitalized(error.lines[0]),
        why: HelpText.capitalized(error.lines[1]) + ".", next: error.lines[2])
    }
  }
}
