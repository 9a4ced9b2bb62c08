import Foundation
import Glibc
import HootWire
import Testing

@testable import ControlSocket

/// A running `chaosgarden`.
final class Daemon {
  let stage: Stage
  private let keeper: Process
  private(set) var processID: pid_t = 0
  private let log: String

  init(_ stage: Stage, _ flags: [String], seconds: Int) throws {
    self.stage = stage
    log = "\(stage.folder)/daemon-\(UUID().uuidString.prefix(8)).log"
    keeper = stage.started("chaosgarden", flags, out: log, error: log, seconds: seconds)
    try keeper.run()
    guard eventually(20, { (try? ControlClient(directory: stage.socketDir)) != nil || !keeper.isRunning }),
      keeper.isRunning
    else {
      let said = said
      end()
      throw StageError("the daemon does not start: \(said)")
    }
    processID = pid_t(try peer().query("status")["pid"]?.int ?? 0)
  }

  var said: String { (try? Stage.text(log)) ?? "" }
  var isRunning: Bool { keeper.isRunning }

  /// A new client of it.
  func peer() throws -> Peer { try Peer(stage.socketDir) }

  /// As a crash would end it.
  func kill9() {
    kill(processID, SIGKILL)
    keeper.waitUntilExit()
  }

  /// As a person would end it; answers its exit status.
  func quit() -> Int32 {
    kill(processID, SIGTERM)
    keeper.waitUntilExit()
    return keeper.terminationStatus
  }

  func end() {
    guard keeper.isRunning else { return }
    if processID > 0 { kill(processID, SIGKILL) }
    // Passed on to the daemon while that has not said its number yet.
    keeper.terminate()
    keeper.waitUntilExit()
  }
}

/// A client in this process, that speaks JSON and fails the test when it is refused.
final class Peer {
  let client: ControlClient

  /// What a refusal says.
  struct Refusal {
    let code: String
    let exit: Int64
    let lines: [String]
  }

  init(_ directory: String) throws {
    var timeouts = ClientTimeouts()
    timeouts.hello = .seconds(10)
    timeouts.reply = .seconds(30)
    client = try ControlClient(directory: directory, timeouts: timeouts)
  }

  /// The result of a request that must not be refused.
  @discardableResult
  func query(
    _ type: String, _ arguments: JSONValue = [:], source: SourceLocation = #_sourceLocation
  ) throws -> JSONValue {
    let reply = try request(type, arguments)
    try #require(reply["type"] == "ok", "\(type): \(reply.text)", sourceLocation: source)
    return reply["result"] ?? nil
  }

  func request(
    _ type: String, _ arguments: JSONValue = [:], on socket: ControlClient.Socket = .shell
  ) throws -> JSONValue {
    var members = JSONObject([("type", .string(type))])
    for member in arguments.object?.members ?? [] { members[member.key] = member.value }
    return try client.request(.object(members), on: socket)
  }

  /// The refusal of a request that must be refused, with its three lines.
  func refusal(
    of type: String, _ arguments: JSONValue = [:], source: SourceLocation = #_sourceLocation
  ) throws -> Refusal {
    let reply = try request(type, arguments)
    try #require(reply["type"] == "error", "\(type): \(reply.text)", sourceLocation: source)
    let detail = reply["detail"]
    let lines = (detail?["lines"]?.array ?? []).compactMap(\.string)
    #expect(lines.count == 3 && !lines.contains(""), "\(type): \(reply.text)", sourceLocation: source)
    #expect(
      !lines.joined().unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "\(type)",
      sourceLocation: source)
    return Refusal(
      code: try #require(detail?["code"]?.string, sourceLocation: source),
      exit: try #require(detail?["exit"]?.int, sourceLocation: source), lines: lines)
  }

  /// Subscribes to what lands; call it before the first `act`.
  func listen(_ topics: String...) throws {
    try client.subscribe(topics: topics.isEmpty ? ["command"] : topics)
  }

  /// A command that must land; answers its result and its event. The peer must listen.
  @discardableResult
  func act(
    _ type: String, _ arguments: JSONValue = [:], source: SourceLocation = #_sourceLocation
  ) throws -> (result: JSONValue, landed: JSONValue) {
    let result = try query(type, arguments, source: source)
    let id = try #require(result["command"]?["id"]?.int, "\(type)", sourceLocation: source)
    return (result, try #require(landing(of: id), "\(type) has not landed", sourceLocation: source))
  }

  /// The event with which a command landed. What came before it is dropped.
  func landing(of id: Int64) -> JSONValue? {
    event { $0.content["type"] == "landed" && $0.content["command"]?.int == id }
  }

  func event(within seconds: Double = 20, _ wanted: (TopicEvent) -> Bool) -> JSONValue? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      guard let event = client.nextEvent(timeout: deadline - ContinuousClock.now) else { return nil }
      if wanted(event) { return event.content }
    }
    return nil
  }

  // MARK: What is true now

  func transport() throws -> JSONValue { try query("status")["transport"] ?? nil }
  func state() throws -> String? { try transport()["state"]?.string }
  func deviceFrame() throws -> Int64 { try transport()["device_frame"]?.int ?? -1 }
  func regions() throws -> [JSONValue] {
    try query("region_ls", ["limit": 5000])["regions"]?.array ?? []
  }

  /// Everything a refused request must leave as it was.
  func picture() throws -> JSONValue {
    [
      "regions": try query("region_ls"),
      "tracks": .array(try query("track_ls")["tracks"]?.array?.map(stable) ?? []),
      // Which of them is next changes with the playhead.
      "markers": .array(try query("marker_ls")["markers"]?.array?.map(place) ?? []),
      "tempo": try query("tempo")["segments"] ?? nil,
      "clips": try query("clip_ls"),
      "loop": try query("loop"),
    ]
  }

  private func place(_ marker: JSONValue) -> JSONValue {
    ["name": marker["name"] ?? nil, "beat": marker["beat"] ?? nil]
  }

  /// A track without its meters.
  private func stable(_ track: JSONValue) -> JSONValue {
    var object = JSONObject([])
    for member in track.object?.members ?? [] where !["voices", "peak_db", "rms_db"].contains(member.key) {
      object[member.key] = member.value
    }
    return .object(object)
  }
}
