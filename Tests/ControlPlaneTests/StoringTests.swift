import AudioDrivers
import Foundation
import HootWire
import Jobs
import Ledger
import Settings
import Testing
import Threading

@testable import ControlPlane
@testable import ControlSocket

/// What is put into the store while its disk stalls.
@Suite struct StoringTests {
  /// A conductor with a dispatcher on a thread of its own, whose storekeeper is held up until `letGo`.
  private final class Stalled {
    let folder: String
    private let state = Locked(State())
    private var thread: OwnedThread?

    private struct State: Sendable {
      var isHeld = true
      var isOver = false
      var problem: String?
    }

    struct Failure: Error { let description: String }

    init(replySeconds: Double) throws {
      let folder = "/tmp/cg-stall-\(UUID().uuidString.prefix(8))"
      self.folder = folder
      mkdir(folder, 0o700)
      let state = state
      thread = try OwnedThread(name: "conductor", stackBytes: 4 << 20) {
        do {
          let settings = try Settings.load(
            SettingsSources(
              hootenannyFiles: [], files: [], environment: ["HOME": folder],
              flags: [(.socketDir, folder), (.driver, "timer"), (.captureMinutes, "0")], userID: getuid()))
          let ledger = try Ledger(clock: { 0 }, open: { () throws(LedgerError) in MemoryLedger() })
          let conductor = try Conductor(
            settings: settings, server: ControlServer(directory: SocketDirectory(path: folder)),
            keeper: ClockKeeper("timer", DriverWishes(settings)), font: "embedded", ledger: ledger)
          conductor.midi.file = nil
          conductor.replySeconds = replySeconds
          try conductor.openJobs(
            hosts: [
              HostSpec(
                name: "here", kind: .builtin, slots: 2,
                services: [.init(address: "", tools: ["artifact_upload", "cas_upload_file", "cas_store"])])
            ], makeClient: { _ in Copies() }, clock: { 1_000 })
          try conductor.start()
          let stall: @Sendable () -> Loaded = {
            while state.withLock({ $0.isHeld }) { usleep(1_000) }
            return .names([])
          }
          try conductor.load(on: conductor.storekeeper, stall, then: { _ in })
          while !state.withLock({ $0.isOver }) { _ = conductor.step() }
          conductor.stop()
          ledger.close()
        } catch {
          let text = "\(error)"
          state.withLock { $0.problem = text }
        }
      }
    }

    func client() throws -> ControlClient {
      let deadline = ContinuousClock.now + .seconds(30)
      while true {
        do { return try ControlClient(directory: folder) } catch {
          if let text = state.withLock({ $0.problem }) { throw Failure(description: text) }
          guard ContinuousClock.now < deadline else { throw error }
          usleep(2_000)
        }
      }
    }

    func letGo() { state.withLock { $0.isHeld = false } }

    func end() {
      letGo()
      state.withLock { $0.isOver = true }
      thread?.join()
      try? FileManager.default.removeItem(atPath: folder)  // What stays is a temporary folder.
    }
  }

  /// The built-in host as far as these tools go.
  private struct Copies: HostClient {
    let kind = HostKind.builtin

    struct Handle: HostCallHandle { func cancel() {} }

    func start(_ call: HostCall, report: @escaping @Sendable (HostReport) -> Void) -> any HostCallHandle {
      let fields = try? JSONValue.parse(call.parameters)  // The test's own.
      let path = fields?["file"]?.string ?? fields?["file_path"]?.string
      let data = (fields?["data"]?.string).flatMap { Data(base64Encoded: $0) }.map { Array($0) }
      report(.accepted(remote: nil))
      let content = path.map { HostArtifact.Content.original(path: $0) } ?? .bytes(data ?? [])
      report(
        .finished(
          .succeeded(HostResult(artifacts: [HostArtifact(content, type: "application/octet-stream")]))))
      return Handle()
    }

    func probe(_ answer: @escaping @Sendable (HostHealth) -> Void) { answer(HostHealth(isUp: true)) }

    func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void) {
      answer(.released)
    }
  }

  private static let hash = "5c735d76fe3537a0f35cf4a4eb14a532"

  private static let requests: [(String, JSONValue)] = [
    ("artifact_upload", ["file": "data.mid", "label": "mine"]),
    ("cas_upload_file", ["file_path": "data.mid"]),
    ("cas_store", ["data": .string(Data("Concurrent Data".utf8).base64EncodedString())]),
  ]

  @Test(arguments: requests)
  func
    `[D06] [D25] [D26] [D27] What a slow disk keeps is waited for, then goes on behind a handle, and is kept`(
      type: String, arguments: JSONValue
    ) throws
  {
    let stalled = try Stalled(replySeconds: 0.3)
    defer { stalled.end() }
    let client = try stalled.client()
    let path = stalled.folder + "/data.mid"
    try Data("Concurrent Data".utf8).write(to: URL(fileURLWithPath: path))
    var request = JSONObject([("type", .string(type))])
    for member in arguments.object?.members ?? [] {
      request[member.key] = member.value == "data.mid" ? .string(path) : member.value
    }
    let id = try client.send(.object(request))
    // Nobody else waits for that disk.
    let other = try stalled.client()
    #expect(try other.request(["type": "track_ls"], timeout: .seconds(30))["type"] == "ok")
    let reply = try #require(try client.nextReply(timeout: .seconds(30)))
    #expect(reply.id == id && reply.content["type"] == "ok", "\(reply.content.text)")
    let result = reply.content["result"]
    #expect(result?["done"] == false && result?["hash"] == nil)
    let job = try #require(result?["job_id"]?.string)
    stalled.letGo()
    let deadline = ContinuousClock.now + .seconds(30)
    var shown: JSONValue = nil
    while ContinuousClock.now < deadline {
      let wish: JSONValue = ["type": "job_poll", "job": [.string(job)], "wait": 0.1]
      shown = try other.request(wish, timeout: .seconds(30))["result"]?["jobs"]?.array?.first ?? nil
      if shown["is_final"] == true { break }
    }
    #expect(shown["state"] == "succeeded" && shown["tool"]?.string == type, "\(shown.text)")
    #expect(shown["artifacts"] == [.string(Self.hash)])
    let artifact = try other.request(
      ["type": "artifact_get", "hash": .string(Self.hash)], timeout: .seconds(30))
    #expect(artifact["result"]?["artifact"]?["bytes"] == 15)
    // The file is its owner's still.
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test func `[D25] [D27] A disk that answers in time gives the value, and makes no job`() throws {
    let stalled = try Stalled(replySeconds: 30)
    defer { stalled.end() }
    let client = try stalled.client()
    let data = Data("Concurrent Data".utf8).base64EncodedString()
    let id = try client.send(["type": "cas_store", "data": .string(data), "mime_type": "text/plain"])
    usleep(50_000)
    stalled.letGo()
    let reply = try #require(try client.nextReply(timeout: .seconds(30)))
    #expect(reply.id == id && reply.content["result"]?["hash"]?.string == Self.hash)
    #expect(reply.content["result"]?["mime_type"] == "text/plain")
    let jobs = try client.request(["type": "job_list"], timeout: .seconds(30))["result"]?["jobs"]
    #expect(jobs?.array?.isEmpty == true)
    for bad in ["%%%", "A"] {
      let refused = try client.request(["type": "cas_store", "data": .string(bad)], timeout: .seconds(30))
      #expect(refused["detail"]?["code"] == "bad_data")
    }
  }
}
