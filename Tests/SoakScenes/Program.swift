import Foundation
import Glibc

/// A program started by a scene; dies with its owner, and at the latest after its time.
package final class Program {
  private let keeper = Process()
  private let input = Pipe()
  private let log: String

  /// - Parameter environment: on top of this process's own.
  package init(_ words: [String], environment: [String: String] = [:], log: String, seconds: Int) throws {
    self.log = log
    keeper.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    keeper.arguments = ["-s", "KILL", "\(seconds)"] + words
    keeper.environment = ProcessInfo.processInfo.environment.merging(environment, uniquingKeysWith: { $1 })
    guard FileManager.default.createFile(atPath: log, contents: nil),
      let file = FileHandle(forWritingAtPath: log)
    else { throw SceneFailure("\(log) cannot be written") }
    keeper.standardOutput = file
    keeper.standardError = file
    keeper.standardInput = input
    try keeper.run()
  }

  deinit { end() }

  package var isRunning: Bool { keeper.isRunning }

  /// What it has said so far.
  package var said: String {
    FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// The program's own number; `timeout` stands above it. 0 while there is none.
  package var processID: pid_t {
    let keeper = keeper.processIdentifier
    let path = "/proc/\(keeper)/task/\(keeper)/children"
    let children =
      FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return children.split(separator: " ").first.flatMap { pid_t($0) } ?? 0
  }

  /// Writes to its standard input.
  package func type(_ line: String) { input.fileHandleForWriting.write(Data("\(line)\n".utf8)) }

  package func end() {
    guard keeper.isRunning else { return }
    // 0, when it is gone and `timeout` has not noticed yet, would mean everybody in this process's own group.
    let program = processID
    if program > 0 { kill(program, SIGKILL) }
    keeper.terminate()
    keeper.waitUntilExit()
  }
}

/// A folder that goes with its owner.
package final class SceneFolder {
  package let path: String

  package init() throws {
    var template = Array("/tmp/garden-scene-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SceneFailure("no temporary folder: \(errno)") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  // What cannot be removed stays in the temporary folder.
  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// Waits until something is true; false when it is not in time.
package func holds(within seconds: Double, _ condition: () throws -> Bool) rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if try condition() { return true }
    usleep(20_000)
  }
  return try condition()
}
