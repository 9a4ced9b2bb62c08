import Foundation

/// A `pipewire` of the test's own, in a runtime folder of its own, with one sink that nobody hears. No session manager and no
/// message bus stand beside it.
package final class PipeWireServer {
  private let runtime: String
  private let keeper: Process
  private let processID: pid_t

  /// Nil when tests can use one; else what to tell whoever reads that they were skipped.
  package static var obstacle: String? {
    let needed = ["/usr/bin/pipewire", "/usr/bin/pw-metadata"]
    let files = FileManager.default
    let folders = (try? files.contentsOfDirectory(atPath: "/usr/lib")) ?? []  // None there: none installed.
    let hasLibrary = folders.contains {
      files.fileExists(atPath: "/usr/lib/\($0)/pipewire-0.3/jack/libjack.so.0")
    }
    guard hasLibrary, needed.allSatisfy(files.isExecutableFile) else {
      return "PipeWire stays untested: sudo apt install pipewire pipewire-bin pipewire-jack"
    }
    return JACKServer.obstacle
  }

  /// - Parameter runtime: an existing folder, which becomes `XDG_RUNTIME_DIR`.
  package init(runtime: String, quantum: Int = 256) throws {
    self.runtime = runtime
    try Data(Self.configuration(quantum).utf8).write(to: URL(fileURLWithPath: "\(runtime)/pipewire.conf"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    let script = "echo $$; exec pipewire -c pipewire.conf >/dev/null 2>&1"
    process.arguments = ["-s", "KILL", "120", "sh", "-c", script]
    process.environment = Self.environment(runtime)
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let processID = pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      process.terminate()
      throw JACKServerError.doesNotStart
    }
    keeper = process
    self.processID = processID
    for _ in 0..<200 where run(["pw-cli", "info", "0"]) != 0 { usleep(50_000) }
  }

  deinit {
    kill9()
    for name in ["pipewire-0", "pipewire-0.lock", "pipewire.conf"] { unlink("\(runtime)/\(name)") }
  }

  package func kill9() {
    kill(processID, SIGKILL)
    keeper.waitUntilExit()
  }

  package func freeze() { kill(processID, SIGSTOP) }
  package func thaw() { kill(processID, SIGCONT) }

  /// The quantum that every client must take; 0 lets go of it.
  package func force(quantum: Int) -> Bool {
    run(["pw-metadata", "-n", "settings", "0", "clock.force-quantum", "\(quantum)"]) == 0
  }

  private static func environment(_ runtime: String) -> [String: String] {
    ProcessInfo.processInfo.environment.merging(
      [
        "XDG_RUNTIME_DIR": runtime, "PIPEWIRE_CONFIG_DIR": runtime, "PIPEWIRE_RUNTIME_DIR": runtime,
        "DBUS_SESSION_BUS_ADDRESS": "",
      ], uniquingKeysWith: { $1 })
  }

  private func run(_ command: [String]) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["5"] + command
    process.environment = Self.environment(runtime)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    // A command that cannot be started has not succeeded.
    do { try process.run() } catch { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }

  private static func configuration(_ quantum: Int) -> String {
    """
    context.properties = {
      core.daemon = true
      core.name = pipewire-0
      default.clock.rate = 48000
      default.clock.quantum = \(quantum)
      default.clock.min-quantum = 32
      default.clock.max-quantum = 8192
      support.dbus = false
    }
    context.spa-libs = {
      audio.convert.* = audioconvert/libspa-audioconvert
      support.* = support/libspa-support
    }
    context.modules = [
      { name = libpipewire-module-rt args = { rt.prio = 88 } flags = [ ifexists nofail ] }
      { name = libpipewire-module-protocol-native }
      { name = libpipewire-module-metadata }
      { name = libpipewire-module-spa-node-factory }
      { name = libpipewire-module-client-node }
      { name = libpipewire-module-access }
      { name = libpipewire-module-adapter }
      { name = libpipewire-module-link-factory }
    ]
    context.objects = [
      { factory = adapter
        args = {
          factory.name = support.null-audio-sink
          node.name = sink
          media.class = Audio/Sink
          object.linger = true
          audio.position = [ FL FR ]
          priority.driver = 20000
        }
      }
    ]
    """
  }
}
