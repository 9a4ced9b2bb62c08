import Foundation
import Glibc
import HootWire
import Testing

@testable import ControlSocket

/// Every suite of real daemons, one test after the other: they share two cores and the machine's JACK.
@Suite(.serialized) enum EndToEnd {}

/// A folder of its own for home, configuration, sockets and files, and the programs started in it. Nothing of it is
/// left when `run` returns, however it returns.
final class Stage {
  let folder: String
  private(set) var environment: [String: String] = [:]
  private var daemons: [Daemon] = []

  /// The committed file of the embedded font: equal to it, and a debug build need not make it first.
  static let font = root + "/soundfonts/garden-seed.sf2"
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  static func demo(_ name: String) -> String { "\(root)/config/demo/\(name)" }

  static func run(_ body: (Stage) throws -> Void) throws {
    let stage = try Stage()
    defer { stage.clear() }
    try body(stage)
  }

  private init() throws {
    folder = "/tmp/cg-e2e-\(UUID().uuidString.prefix(8))"
    for name in ["", "/run", "/home", "/work"] {
      guard mkdir(folder + name, 0o700) == 0 else { throw StageError("mkdir \(folder + name): \(errno)") }
    }
    environment = [
      "HOME": folder + "/home", "XDG_RUNTIME_DIR": folder + "/run",
      "XDG_CONFIG_HOME": folder + "/home/config",
      "XDG_STATE_HOME": folder + "/home/state", "XDG_DATA_HOME": folder + "/home/data", "LC_ALL": "C.UTF-8",
      "PATH": "\(Stage.programs):/usr/bin:/bin", "JACK_NO_AUDIO_RESERVATION": "1",
      // Several daemons at once: none waits for another's port.
      "GARDEN_HTTP_PORT": "0",
    ]
  }

  var socketDir: String { folder + "/run/chaosgarden" }

  /// A path in the folder that programs are run in.
  func file(_ name: String) -> String { "\(folder)/work/\(name)" }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func set(_ variable: String, _ value: String) { environment[variable] = value }

  /// Where the test program stands the other programs stand too.
  static let programs: String = {
    // Read once; a machine without /proc has no programs to test.
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: own).deletingLastPathComponent().path
  }()

  // MARK: Programs

  /// What a program said and how it ended; 137 when it had to be killed.
  struct Outcome {
    let status: Int32
    let out: String
    let error: String

    var lines: [String] { out.split(separator: "\n").map(String.init) }
    var json: JSONValue {
      get throws { try JSONValue.parse(Array(out.utf8)) }
    }
    /// The refusal's lines without their indents.
    var refusal: [String] {
      error.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  @discardableResult
  func garden(_ arguments: String..., seconds: Int = 30) throws -> Outcome {
    try execute("garden", arguments, seconds: seconds)
  }

  @discardableResult
  func chaosgarden(_ arguments: String..., input: [UInt8]? = nil, seconds: Int = 60) throws -> Outcome {
    try execute("chaosgarden", arguments, input: input, seconds: seconds)
  }

  /// Runs `garden … --json`, demands exit status 0 and one object with a schema, and gives that.
  @discardableResult
  func json(_ arguments: String..., source: SourceLocation = #_sourceLocation) throws -> JSONValue {
    let outcome = try execute("garden", ["--json"] + arguments)
    try #require(outcome.status == 0, "\(arguments): \(outcome.error)", sourceLocation: source)
    let object = try outcome.json
    #expect(
      object["schema"]?.string?.hasPrefix("chaosgarden.") == true, "\(arguments)", sourceLocation: source)
    #expect(outcome.lines.count == 1, "\(arguments)", sourceLocation: source)
    return object
  }

  func execute(
    _ program: String, _ arguments: [String], input: [UInt8]? = nil, seconds: Int = 30
  ) throws -> Outcome {
    let names = ["out", "error", "in"].map { "\(folder)/\($0)-\(UUID().uuidString.prefix(8))" }
    defer { for name in names { unlink(name) } }
    try Data(input ?? []).write(to: URL(fileURLWithPath: names[2]))
    let process = started(
      program, arguments, out: names[0], error: names[1], input: names[2], seconds: seconds)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, out: try Stage.text(names[0]), error: try Stage.text(names[1]))
  }

  /// Made, not yet run. `timeout` stands above it, in case that this process cannot end it any more.
  func started(
    _ program: String, _ arguments: [String], out: String, error: String, input: String = "/dev/null",
    seconds: Int
  ) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["-s", "KILL", "\(seconds)", "\(Stage.programs)/\(program)"] + arguments
    process.environment = environment
    process.currentDirectoryURL = URL(fileURLWithPath: folder + "/work")
    process.standardOutput = made(out)
    process.standardError = made(error)
    process.standardInput = FileHandle(forReadingAtPath: input)
    return process
  }

  private func made(_ path: String) -> FileHandle? {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    return descriptor < 0 ? nil : FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  // MARK: Daemons

  /// A daemon in the foreground of its own process, ready for requests. The timer, a block of 256 and the seed font
  /// unless `flags` say otherwise.
  func daemon(_ flags: String..., seconds: Int = 100) throws -> Daemon {
    var all = flags
    for (flag, value) in [("--audio", "timer"), ("--period", "256"), ("--soundfont", Stage.font)]
    where !flags.contains(flag) {
      all += [flag, value]
    }
    let daemon = try Daemon(self, all, seconds: seconds)
    daemons.append(daemon)
    return daemon
  }

  private func clear() {
    for daemon in daemons { daemon.end() }
    // One that `garden up` has left in the background writes its number into the lock.
    if let text = try? Stage.text(socketDir + "/chaosgarden.lock"),
      let number = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), number > 1
    {
      kill(number, SIGKILL)
    }
    // What cannot be removed stays in the temporary folder.
    try? FileManager.default.removeItem(atPath: folder)
  }
}

struct StageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Whether `condition` becomes true within a time that no working machine needs.
func eventually(_ seconds: Double = 15, _ condition: () throws -> Bool) rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if try condition() { return true }
    usleep(5_000)
  }
  return try condition()
}
