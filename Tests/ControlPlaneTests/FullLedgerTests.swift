import AudioDrivers
import Foundation
import HootWire
import Ledger
import Settings
import Testing
import Threading

@testable import ControlPlane
@testable import ControlSocket

/// A ledger that can keep no more.
@Suite struct FullLedgerTests {
  private struct Failure: Error { let description: String }

  /// A conductor on a thread of its own, and its ledger.
  private final class Kept {
    let folder: String
    let store: Locked<MemoryLedger?> = Locked(nil)
    let ledger: Ledger
    private let isOver = Locked(false)
    private let problem: Locked<String?> = Locked(nil)
    private var thread: OwnedThread?

    init() throws {
      let folder = "/tmp/cg-full-\(UUID().uuidString.prefix(8))"
      self.folder = folder
      mkdir(folder, 0o700)
      let ledger = try Ledger(clock: { 0 }, open: { () throws(LedgerError) in MemoryLedger() })
      self.ledger = ledger
      let (isOver, problem) = (isOver, problem)
      thread = try OwnedThread(name: "conductor") {
        do {
          let settings = try Settings.load(
            SettingsSources(
              hootenannyFiles: [], files: [], environment: ["HOME": folder],
              flags: [(.socketDir, folder), (.driver, "timer"), (.captureMinutes, "0")], userID: getuid()))
          let conductor = try Conductor(
            settings: settings, server: ControlServer(directory: SocketDirectory(path: folder)),
            keeper: ClockKeeper("timer", DriverWishes(settings)), font: "embedded", ledger: ledger)
          conductor.midi.file = nil
          try conductor.start()
          while !isOver.withLock({ $0 }) { _ = conductor.step() }
          conductor.stop()
        } catch {
          let text = "\(error)"
          problem.withLock { $0 = text }
        }
      }
    }

    func room(_ writes: Int?) throws {
      try ledger.ask { store throws(LedgerError) in (store as? MemoryLedger)?.room = writes }
    }

    func client() throws -> ControlClient {
      let deadline = ContinuousClock.now + .seconds(30)
      while true {
        do { return try ControlClient(directory: folder) } catch {
          if let text = problem.withLock({ $0 }) { throw Failure(description: text) }
          guard ContinuousClock.now < deadline else { throw error }
          usleep(2_000)
        }
      }
    }

    func end() {
      isOver.withLock { $0 = true }
      thread?.join()
      ledger.close()
      try? FileManager.default.removeItem(atPath: folder)  // What stays is a temporary folder.
    }
  }

  private func marker(_ name: String, _ client: ControlClient) throws -> JSONValue {
    try client.request(
      ["type": "marker_add", "name": .string(name), "at": "2:1"], timeout: .seconds(30))
  }

  @Test func `An edit that cannot be kept is told, the next is refused, and room mends it`() throws {
    let kept = try Kept()
    defer { kept.end() }
    let client = try kept.client()
    #expect(try marker("first", client)["type"] == "ok")
    try kept.room(0)
    let told = try marker("second", client)
    #expect(told["type"] == "error" && told.text.contains("is not kept"), "\(told.text)")
    let refused = try marker("third", client)
    #expect(refused["detail"]?["code"] == "busy", "\(refused.text)")
    let status = try client.request(["type": "status"], timeout: .seconds(30))["result"]
    #expect(status?["session"]?["not_kept"]?.string?.contains("room") == true)
    // Transport goes on.
    #expect(try client.request(["type": "play"], timeout: .seconds(30))["type"] == "ok")
    try kept.room(nil)
    let deadline = ContinuousClock.now + .seconds(30)
    var last = try marker("fourth", client)
    while last["type"] != "ok", ContinuousClock.now < deadline {
      usleep(50_000)
      last = try marker("fourth", client)
    }
    #expect(last["type"] == "ok", "\(last.text)")
    let names = try client.request(["type": "marker_ls"], timeout: .seconds(30))["result"]?["markers"]?.array?
      .compactMap { $0["name"]?.string }
    #expect(names?.sorted() == ["first", "fourth", "second"])
  }
}
