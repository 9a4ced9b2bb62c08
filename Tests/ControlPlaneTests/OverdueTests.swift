import AudioDrivers
import Foundation
import HootWire
import Ledger
import Settings
import Testing
import Threading

@testable import ControlPlane
@testable import ControlSocket

/// Requests that take longer than a client would wait.
@Suite struct OverdueTests {
  /// A conductor on a thread of its own, whose loader is held up until `letGo`.
  private final class HeldUp {
    let folder: String
    private let state: Locked<State>
    private let thread: OwnedThread

    private struct State: Sendable {
      var isHeld = true
      var isOver = false
      var problem: String?
    }

    /// - Parameter replySeconds: the time after which a request is answered as late.
    init(replySeconds: Double) throws {
      let folder = "/tmp/cg-late-\(UUID().uuidString.prefix(8))"
      self.folder = folder
      let state = Locked(State())
      self.state = state
      thread = try Self.thread { Self.run(folder, replySeconds, state) }
    }

    private static func thread(_ body: @escaping @Sendable () -> Void) throws -> OwnedThread {
      try OwnedThread(name: "late-control", stackBytes: 4 << 20, body)
    }

    private static func run(_ folder: String, _ replySeconds: Double, _ state: Locked<State>) {
      do {
        let conductor = try conductor(folder)
        conductor.replySeconds = replySeconds
        let work: @Sendable () -> Loaded = {
          while state.withLock({ $0.isHeld }) { usleep(1000) }
          return .names([])
        }
        try conductor.load(work, then: { _ in })
        while !state.withLock({ $0.isOver }) { _ = conductor.step() }
        conductor.stop()
      } catch {
        let problem = "\(error)"
        state.withLock { $0.problem = problem }
      }
    }

    private static func conductor(_ folder: String) throws -> Conductor {
      let settings = try Settings.load(
        SettingsSources(
          hootenannyFiles: [], files: [], environment: ["HOME": folder],
          flags: [(.socketDir, folder), (.driver, "timer"), (.captureMinutes, "0")], userID: getuid()))
      let server = try ControlServer(directory: SocketDirectory(path: folder))
      let keeper = try ClockKeeper("timer", DriverWishes(settings))
      let ledger = try Ledger(clock: { 0 }, open: { () throws(LedgerError) in MemoryLedger() })
      let conductor = try Conductor(
        settings: settings, server: server, keeper: keeper, font: "embedded", ledger: ledger)
      conductor.midi.file = nil
      try conductor.start()
      return conductor
    }

    func client() throws -> ControlClient {
      let deadline = ContinuousClock.now + .seconds(30)
      while true {
        do { return try ControlClient(directory: folder) } catch {
          let problem = state.withLock { $0.problem }
          if let problem { throw Failure(description: problem) }
          guard ContinuousClock.now < deadline else { throw error }
          usleep(2000)
        }
      }
    }

    private struct Failure: Error { let description: String }

    func letGo() { state.withLock { $0.isHeld = false } }

    func end() {
      letGo()
      state.withLock { $0.isOver = true }
      thread.join()
      // Of the test's own making; what is left of it lies in /tmp.
      try? FileManager.default.removeItem(atPath: folder)
    }
  }

  @Test func `What takes too long is answered with an error in its turn, and its outcome is told`() throws {
    let held = try HeldUp(replySeconds: 0.2)
    defer { held.end() }
    let client = try held.client()
    try client.subscribe(topics: ["request"])
    let slow = try client.send(["type": "device_ls"])
    let quick = try client.send(["type": "track_ls"])
    let other = try held.client()
    // Nobody else waits for it.
    #expect(try other.request(["type": "track_ls"], timeout: .seconds(30))["type"] == "ok")

    let first = try #require(try client.nextReply(timeout: .seconds(30)))
    #expect(first.id == slow && first.content["type"] == "error")
    #expect(first.content["detail"]?["code"] == "timed_out", "\(first.content.text)")
    #expect(first.content["error"]?.string?.contains("0.2 s") == true, "\(first.content.text)")
    let second = try #require(try client.nextReply(timeout: .seconds(30)))
    #expect(second.id == quick && second.content["type"] == "ok")

    held.letGo()
    let event = try #require(client.nextEvent(timeout: .seconds(30)))
    #expect(event.content["type"] == "outcome")
    #expect(event.content["request_id"]?.string == slow.wireText)
    #expect(event.content["reply"]?["type"] == "ok")
    #expect(event.content["reply"]?["result"]?["drivers"]?.array?.isEmpty == false)
    // Told once, and by no second reply.
    #expect(try client.request(["type": "track_ls"], timeout: .seconds(30))["type"] == "ok")
    #expect(try client.nextReply(timeout: .milliseconds(20)) == nil)
    #expect(client.nextEvent(timeout: .milliseconds(20)) == nil)
  }
}
