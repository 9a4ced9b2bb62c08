import ControlSocket
import HootWire
import MusicalTime
import Settings
import Tools

/// The names a shell completes from the running daemon. Quiet and quick: a prompt waits for it.
enum LiveNames {
  /// The whole of it, connecting included, stays below what a person notices.
  private static let limit: Duration = .milliseconds(150)

  /// Prints the names of a kind, one a line; nothing when the daemon is not there or too slow.
  static func print(_ kind: String, _ environment: [String: String]) {
    if kind == "position" { for place in Place.names { Console.write("@\(place)\n", to: 1) } }
    let deadline = ContinuousClock.now + limit
    // A prompt must not be filled with errors: without a daemon or with a broken configuration there are no
    // names.
    guard let settings = try? Settings.load(.system(environment: environment)),
      let link = try? DaemonLink(socketDir: settings.socketDir, hello: limit),
      let request = request(kind)
    else { return }
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero, let result = try? link.query(request.tool, timeout: left / .seconds(1)) else {
      return
    }
    var list = result[request.member]?.array ?? []
    // Regions that wait are named like those that play.
    if kind == "region" { list += result["latent"]?.array ?? [] }
    // The one that plays can be loaded anew, and not be forgotten.
    if kind == "kept-session" { list = list.filter { $0["state"]?.string == "kept" } }
    let mark = kind == "position" ? "@" : ""
    for name in names(list, request.fields) { Console.write("\(mark)\(name)\n", to: 1) }
    if kind == "track" { Console.write("master\n", to: 1) }
  }

  private static func request(_ kind: String) -> (tool: ToolName, member: String, fields: [String])? {
    switch kind {
    case "region": (.regionLs, "regions", ["name", "id"])
    case "track": (.trackLs, "tracks", ["name", "id"])
    case "bus": (.busLs, "buses", ["name", "id"])
    case "marker": (.markerLs, "markers", ["name"])
    case "position": (.markerLs, "markers", ["name"])
    case "clip": (.clipLs, "clips", ["id"])
    case "job": (.jobLs, "jobs", ["id"])
    case "workflow": (.workflowLs, "workflows", ["id"])
    case "host": (.hostLs, "hosts", ["name"])
    case "artifact": (.artifactLs, "artifacts", ["hash"])
    case "session", "kept-session": (.sessionLs, "sessions", ["name"])
    case "soundfont": (.soundfontLs, "fonts", ["name"])
    default: nil
    }
  }

  /// Of each element the first field that a shell can take as it is; shells expand what they are given.
  static func names(_ list: [JSONValue], _ fields: [String]) -> [String] {
    list.compactMap { element in fields.lazy.compactMap { element[$0]?.string }.first(where: isSafe) }
  }

  static func isSafe(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("-")
      && name.allSatisfy { $0.isLetter || $0.isNumber || "_-.+:/".contains($0) }
  }
}
