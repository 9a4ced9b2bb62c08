import ControlSocket
import Foundation
import HootWire

/// A daemon of a scene's own, and one client of it.
package final class SceneDaemon {
  package let folder: SceneFolder
  package let client: ControlClient
  private let program: Program

  /// - Parameters:
  ///   - program: the path of `chaosgarden`.
  ///   - folder: of one that was killed; nil: a new one.
  package init(
    _ program: String, _ flags: [String], in folder: SceneFolder? = nil, seconds: Int = 900
  ) throws {
    let folder = try folder ?? SceneFolder()
    self.folder = folder
    let home = ["HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"]
    var environment = Dictionary(uniqueKeysWithValues: home.map { ($0, folder.path) })
    environment["GARDEN_HTTP_PORT"] = "0"
    let words = [program, "--socket-dir", folder.path, "--log", "error"] + flags
    self.program = try Program(words, environment: environment, log: folder.file("log"), seconds: seconds)
    client = try Self.connect(folder.path, self.program)
    try client.subscribe(topics: ["command"])
  }

  private static func connect(_ folder: String, _ program: Program) throws -> ControlClient {
    let deadline = ContinuousClock.now + .seconds(30)
    while true {
      do { return try ControlClient(directory: folder) } catch {
        guard program.isRunning, ContinuousClock.now < deadline else {
          throw SceneFailure("the daemon does not answer: \(program.said) \(error)")
        }
        usleep(5000)
      }
    }
  }

  package var processID: pid_t { program.processID }
  package var isRunning: Bool { program.isRunning }
  /// Kills it.
  package func end() { program.end() }

  /// The result of a request that must not be refused.
  @discardableResult
  package func ask(_ type: String, _ arguments: JSONValue = [:]) throws -> JSONValue {
    let reply = try request(type, arguments)
    guard reply["type"] == "ok" else { throw SceneFailure("\(type): \(reply.text)") }
    return reply["result"] ?? nil
  }

  package func request(_ type: String, _ arguments: JSONValue = [:]) throws -> JSONValue {
    var members = JSONObject([("type", .string(type))])
    for member in arguments.object?.members ?? [] { members[member.key] = member.value }
    return try client.request(.object(members), timeout: .seconds(30))
  }

  /// A command that must land; gives the event that says where.
  @discardableResult
  package func act(_ type: String, _ arguments: JSONValue = [:]) throws -> JSONValue {
    let id = try ask(type, arguments)["command"]?["id"]?.int
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
      guard let event = client.nextEvent(timeout: .seconds(5)) else { continue }
      if event.content["type"] == "landed", event.content["command"]?.int == id { return event.content }
    }
    throw SceneFailure("\(type) has not landed")
  }

  /// A figure of the device.
  package func audio(_ name: String) throws -> Int64 {
    guard let value = try ask("status")["audio"]?[name]?.int else {
      throw SceneFailure("status has no \(name)")
    }
    return value
  }
}
