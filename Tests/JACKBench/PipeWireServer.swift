import CJACKRecorder
import Foundation

/// A PipeWire of the test's own: its socket, its configuration and a sink without a card are in a folder that nobody
/// else has. No session manager, no bus. Dies with its owner, and at the latest after two minutes.
package final class PipeWireServer {
  package let folder: String
  private var keeper: Process?
  private var processID: pid_t = 0

  /// Why no test can use one for a reason that is nobody's fault; else nil. That it is not installed is no such reason.
  package static var obstacle: String? {
    rec_is_thread_sanitized() ? "libjack ends its threads in a way ThreadSanitizer does not survive" : nil
  }

  private static let programs = ["pipewire", "pw-jack", "pw-cli", "pw-link", "pw-metadata", "jack_rec"]

  /// - Parameter hasOutputs: with a sink of four channels, called Speakers.
  package init(hasOutputs: Bool = true, selfConnect: String = "allow") throws {
    let missing = Self.programs.filter { !FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }
    guard missing.isEmpty else {
      throw PipeWireError(
        "not installed: \(missing.joined(separator: ", ")). Install them: scripts/packages test")
    }
    folder = "/tmp/cg-pw-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try Self.configuration(hasOutputs: hasOutputs).write(
      toFile: "\(folder)/pipewire.conf", atomically: true, encoding: .utf8)
    try allowSelfConnect(selfConnect)
    try start(hasOutputs: hasOutputs)
  }

  deinit {
    end(SIGKILL)
    // What cannot be removed stays in the temporary folder.
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// What a program needs in its environment to find this server and no other, and to be its client by libjack.
  package var environment: [String: String] {
    [
      "PIPEWIRE_RUNTIME_DIR": folder, "PIPEWIRE_CONFIG_DIR": folder,
      // As pw-jack sets it; the dynamic linker knows the word.
      "LD_LIBRARY_PATH": "/usr/${LIB}/pipewire-0.3/jack",
    ]
  }

  /// Of clients that connect from now on: allow, fail-external, ignore-external, fail-all or ignore-all.
  package func allowSelfConnect(_ mode: String) throws {
    let clients = """
      context.properties = { log.level = 0 }
      context.spa-libs = { support.* = support/libspa-support }
      context.modules = [
        { name = libpipewire-module-rt flags = [ ifexists nofail ] }
        { name = libpipewire-module-protocol-native }
        { name = libpipewire-module-client-node }
        { name = libpipewire-module-metadata }
      ]
      jack.properties = { jack.self-connect-mode = \(mode) }
      """
    for name in ["jack.conf", "client.conf"] {
      try clients.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
  }

  // MARK: Its life

  /// Starts it again after its end, and waits until it answers.
  package func start(hasOutputs: Bool = true) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    // The shell tells its number, then becomes the server; `timeout` stays above it.
    let script = "echo $$; exec pipewire -c pipewire.conf >>\(folder)/log 2>&1"
    process.arguments = ["-s", "KILL", "\(JACKServer.secondsToLive)", "sh", "-c", script]
    process.environment = Self.surroundings(environment)
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    keeper = process
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    processID = pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    for _ in 0..<600 where process.isRunning {
      let nodes = try run("pw-cli", ["ls", "Node"]).contains("Dummy-Driver")
      if nodes, try !hasOutputs || run("pw-link", ["-i"]).contains("Speakers:playback_RR") { return }
      usleep(50_000)
    }
    let log = (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? ""
    throw PipeWireError("the private server does not start: \(log.suffix(2_000))")
  }

  /// As a crash would end it.
  package func kill9() { end(SIGKILL) }
  /// As a person would end it.
  package func quit() { end(SIGTERM) }

  private func end(_ signal: Int32) {
    guard let keeper, keeper.isRunning else { return }
    if processID > 0 { kill(processID, signal) } else { keeper.terminate() }
    keeper.waitUntilExit()
  }

  // MARK: Its knobs

  /// 0 lets the graph choose.
  package func forceQuantum(_ frames: Int) throws { try set("clock.force-quantum", frames) }
  package func forceRate(_ rate: Int) throws { try set("clock.force-rate", rate) }

  private func set(_ key: String, _ value: Int) throws {
    try run("pw-metadata", ["-n", "settings", "0", key, "\(value)"])
  }

  /// The sink that a session manager would make when it has found a card.
  package func addOutputs() throws {
    let node = Self.speakers.split(separator: "\n").joined(separator: " ")
    try run("pw-cli", ["create-node", "adapter", "{ \(node) }"])
  }

  /// Full names of what a port is connected to.
  package func connections(of port: String) throws -> [String] {
    var isIn = false
    var found: [String] = []
    for line in try run("pw-link", ["-l"]).split(separator: "\n") {
      if !line.hasPrefix(" ") {
        isIn = line == port
      } else if isIn, let name = line.split(separator: " ", maxSplits: 1).last {
        found.append(String(name))
      }
    }
    return found.sorted()
  }

  /// What a program says, which is that of its environment.
  @discardableResult
  package func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = client(program, arguments, seconds: 20)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
  }

  /// Records two ports into a WAV file of 32 bit integers, `seconds` long; to be waited for.
  package func recorder(_ ports: [String], to path: String, seconds: Int) -> Process {
    let process = client(
      "jack_rec", ["-f", path, "-d", "\(seconds)", "-b", "32"] + ports, seconds: seconds + 30)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }

  private func client(_ program: String, _ arguments: [String], seconds: Int) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["-s", "KILL", "\(seconds)", program] + arguments
    process.environment = Self.surroundings(environment)
    process.standardInput = FileHandle.nullDevice
    return process
  }
}

package struct PipeWireError: Error, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = "PipeWire: \(description)" }
}

extension PipeWireServer {
  /// Nothing of the person's own configuration or session.
  private static func surroundings(_ own: [String: String]) -> [String: String] {
    let bare = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"]
    return bare.merging(own, uniquingKeysWith: { $1 })
  }

  /// Ports without a session manager: the adapter lays them out itself.
  private static let speakers = """
    factory.name = support.null-audio-sink
    node.name = Speakers
    media.class = Audio/Sink
    object.linger = true
    audio.channels = 4
    audio.position = [ FL FR RL RR ]
    port.physical = true
    adapter.auto-port-config = { mode = dsp position = preserve }
    """

  private static func configuration(hasOutputs: Bool) -> String {
    """
    context.properties = {
      core.daemon = true
      core.name = pipewire-0
      support.dbus = false
      log.level = 2
      default.clock.rate = 48000
      default.clock.allowed-rates = [ 44100 48000 96000 ]
      default.clock.quantum = 256
      default.clock.min-quantum = 16
      default.clock.max-quantum = 8192
    }
    context.spa-libs = {
      audio.convert.* = audioconvert/libspa-audioconvert
      support.* = support/libspa-support
    }
    context.modules = [
      { name = libpipewire-module-rt flags = [ ifexists nofail ] }
      { name = libpipewire-module-protocol-native }
      { name = libpipewire-module-metadata }
      { name = libpipewire-module-spa-node-factory }
      { name = libpipewire-module-client-node }
      { name = libpipewire-module-access }
      { name = libpipewire-module-adapter }
      { name = libpipewire-module-link-factory }
    ]
    context.objects = [
      { factory = metadata args = { metadata.name = default } }
      { factory = spa-node-factory args = {
          factory.name = support.node.driver
          node.name = Dummy-Driver
          node.group = pipewire.dummy
          priority.driver = 20000 } }
      \(hasOutputs ? "{ factory = adapter args = { \(speakers) } }" : "")
    ]
    """
  }
}
