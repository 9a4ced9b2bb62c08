import Commands
import ControlSocket
import Foundation
import HootWire
import Synchronization

/// A daemon of a few lines: each request is answered from a table of closures, on a thread of its own, until
/// the value is let go.
final class FakeDaemon: Sendable {
  struct Answer: Sendable {
    var reply: JSONValue
    /// Published under the topic `command` after the reply.
    var events: [JSONValue] = []
    /// Ends the daemon after this answer.
    var isLast = false
  }

  let directory: String
  private let shared = Shared()

  private final class Shared: Sendable {
    let requests = Mutex<[JSONValue]>([])
    let failure = Mutex<String?>(nil)
    let isOver = Atomic<Bool>(false)
    let ready = DispatchSemaphore(value: 0)
    let ended = DispatchSemaphore(value: 0)
  }

  /// Every request that came, oldest first.
  var requests: [JSONValue] { shared.requests.withLock { $0 } }

  init(answer: @escaping @Sendable (JSONValue) -> Answer) {
    let directory = "/tmp/garden-\(UUID().uuidString.prefix(8))"
    self.directory = directory
    let shared = shared
    Thread { Self.serve(directory, shared, answer) }.start()
    shared.ready.wait()
  }

  /// Why it could not start; nil when it did.
  var failure: String? { shared.failure.withLock { $0 } }

  deinit {
    shared.isOver.store(true, ordering: .releasing)
    shared.ended.wait()
    // What cannot be removed from /tmp is the test machine's affair.
    try? FileManager.default.removeItem(atPath: directory)
  }

  private static func serve(
    _ directory: String, _ shared: Shared, _ answer: @Sendable (JSONValue) -> Answer
  ) {
    defer { shared.ended.signal() }
    do {
      let server = try ControlServer(directory: SocketDirectory(path: directory))
      shared.ready.signal()
      while !shared.isOver.load(ordering: .acquiring) {
        for incoming in server.poll(timeout: .milliseconds(20)).requests {
          guard case .success(let body) = incoming.request else { continue }
          shared.requests.withLock { $0.append(body.content) }
          let answer = answer(body.content)
          server.reply(to: incoming, content: answer.reply)
          for event in answer.events { server.publishEvent(topic: "command", content: event) }
          if answer.isLast { return server.close() }
        }
      }
      server.close()
    } catch {
      shared.failure.withLock { $0 = "\(error)" }
      shared.ready.signal()
    }
  }
}

/// The program itself, run to its end.
struct GardenRun {
  var status: Int32
  var out: String
  var err: String

  /// Beside the test program stands the `garden` it was built with.
  static func run(_ arguments: String..., socketDir: String, environment: [String: String] = [:]) throws
    -> GardenRun
  {
    let process = Process()
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    process.executableURL = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(
      "garden")
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": socketDir, "GARDEN_SOCKET_DIR": socketDir]
      .merging(environment) { $1 }
    let (out, err) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (out, err)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = out.fileHandleForReading.readDataToEndOfFile()
    let talk = err.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return GardenRun(
      status: process.terminationStatus, out: String(decoding: output, as: UTF8.self),
      err: String(decoding: talk, as: UTF8.self))
  }
}
