import CJACKRecorder
import Foundation

/// A `jackd` of the test's own, on the dummy device, under a name that nobody else has. Dies with its owner,
/// and at the latest after two minutes, or what it is given.
package final class JACKServer {
  package let name: String
  private let keeper: Process
  private let processID: pid_t

  package static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/jackd")
  /// Nil when tests can use one; else what to tell whoever reads that they were skipped.
  package static var obstacle: String? {
    if rec_is_thread_sanitized() {
      return "libjack ends its threads in a way ThreadSanitizer does not survive"
    }
    return isInstalled ? nil : "jackd is not installed, JACK stays untested: sudo apt install jackd2"
  }

  package static let secondsToLive = 120

  /// - Parameters:
  ///   - realtime: falls back to an ordinary server where the system refuses.
  ///   - selfConnect: jackd's letter for what clients may connect themselves to; nil is everything.
  package init(
    name: String = JACKServer.uniqueName(), period: Int = 256, rate: Int = 48_000, outputs: Int = 2,
    realtime: Bool = true, selfConnect: String? = nil, seconds: Int = JACKServer.secondsToLive
  ) throws {
    self.name = name
    let mode = selfConnect.map { ["-a", $0] } ?? []
    let device = ["-n", name, "-d", "dummy", "-r", "\(rate)", "-p", "\(period)", "-P", "\(outputs)"]
    let kinds = realtime ? [["-R", "-P", "70"], ["-r"]] : [["-r"]]
    // A machine has places for eight servers, which others' tests may hold for a while.
    let deadline = ContinuousClock.now + .seconds(30)
    repeat {
      for kind in kinds {
        let (keeper, processID) = try Self.launch(
          kind + mode + ["-t", "3000"] + device, seconds: seconds)
        if Self.isReady(name, keeper) {
          self.keeper = keeper
          self.processID = processID
          return
        }
        Self.end(keeper, processID, name)
      }
      Self.freeDeadSlots()
      usleep(500_000)
    } while ContinuousClock.now < deadline
    throw JACKServerError.doesNotStart
  }

  deinit { Self.end(keeper, processID, name) }

  package static func uniqueName() -> String {
    "garden-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
  }

  /// As a crash would end it: no goodbye to its clients.
  package func kill9() {
    kill(processID, SIGKILL)
    keeper.waitUntilExit()
  }

  /// As a person would end it.
  package func quit() {
    kill(processID, SIGTERM)
    keeper.waitUntilExit()
  }

  /// Alive, and answering nobody, until `thaw`.
  package func freeze() { kill(processID, SIGSTOP) }
  package func thaw() { kill(processID, SIGCONT) }

  /// The shell tells its number, then becomes the server; `timeout` stays above it.
  private static func launch(
    _ arguments: [String], seconds: Int = JACKServer.secondsToLive
  ) throws -> (Process, pid_t) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    let script = "echo $$; exec jackd \"$@\" >/dev/null 2>&1"
    process.arguments = ["-s", "KILL", "\(seconds)", "sh", "-c", script, "jackd"] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["JACK_NO_AUDIO_RESERVATION": "1"], uniquingKeysWith: { $1 })
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let processID = pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      process.terminate()
      throw JACKServerError.doesNotStart
    }
    return (process, processID)
  }

  private static func isReady(_ name: String, _ keeper: Process) -> Bool {
    for _ in 0..<200 where keeper.isRunning {
      if JACKRecorder(server: name, capacity: 0) != nil { return true }
      usleep(50_000)
    }
    return false
  }

  /// A killed server also keeps its place among the eight that JACK's registry has for the whole machine; only a server
  /// of the same name that ends in good order gives it back.
  private static func freeSlot(of name: String) {
    // Optional, because where no server can be started there is nothing to be done about it.
    guard let (keeper, processID) = try? launch(["-r", "-n", name, "-d", "dummy"]) else { return }
    _ = isReady(name, keeper)
    kill(processID, SIGTERM)
    keeper.waitUntilExit()
  }

  /// Frees the places of tests' servers that were killed together with their tests. In the registry a server's process
  /// ID stands before its name, "jack-USER:NAME:".
  private static func freeDeadSlots() {
    let prefix = Data("jack-\(getuid()):garden-test-".utf8)
    guard let registry = FileManager.default.contents(atPath: "/dev/shm/jack-shm-registry") else { return }
    var place = registry.startIndex
    while let found = registry.range(of: prefix, in: place..<registry.endIndex) {
      place = found.upperBound
      guard found.lowerBound >= 4 else { continue }
      let number = registry[found.lowerBound - 4..<found.lowerBound].reversed().reduce(Int32(0)) {
        $0 << 8 | Int32($1)
      }
      let tail = registry[place...].prefix { $0 != UInt8(ascii: ":") && $0 != 0 }
      if number > 0, kill(number, 0) != 0, errno == ESRCH {
        freeSlot(of: "garden-test-" + String(decoding: tail, as: UTF8.self))
      }
    }
  }

  private static func end(_ keeper: Process, _ processID: pid_t, _ name: String) {
    if keeper.isRunning {
      kill(processID, SIGTERM)
      kill(processID, SIGCONT)
      for _ in 0..<60 where keeper.isRunning { usleep(50_000) }
      if keeper.isRunning { kill(processID, SIGKILL) }
      keeper.waitUntilExit()
    }
    if keeper.terminationStatus != 0 || keeper.terminationReason != .exit { freeSlot(of: name) }
    // A killed server leaves its semaphores and sockets behind.
    let folder = "/dev/shm"
    // Optional, because without the folder there is nothing to clean.
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for file in files where file.contains(name) { unlink("\(folder)/\(file)") }
  }
}

package enum JACKServerError: Error { case doesNotStart }
