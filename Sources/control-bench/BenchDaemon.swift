import ControlSocket
import Glibc
import HootWire

/// A daemon of the benchmark's own, on the timer, in a folder of its own.
final class BenchDaemon {
  let client: ControlClient
  private let child: pid_t
  let folder: String

  init(program: String, period: Int) throws {
    var template = Array("/tmp/garden-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(what: "no temporary folder", code: errno) }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let words = [
      program, "--audio", "timer", "--period", "\(period)", "--socket-dir", folder, "--soundfont", "embedded",
      "--log", "error", "--ledger", "\(folder)/ledger",
    ]
    var texts = words.map { strdup($0) } + [nil]
    defer { for text in texts { free(text) } }
    var started: pid_t = 0
    let code = posix_spawn(&started, program, nil, nil, &texts, environ)
    guard code == 0 else { throw Failure(what: program, code: code) }
    child = started
    client = try Self.connect(folder)
  }

  struct Failure: Error, CustomStringConvertible {
    let what: String
    let code: Int32
    var description: String { "\(what): \(String(cString: strerror(code)))" }
  }

  private static func connect(_ folder: String) throws -> ControlClient {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(20)
    while true {
      do { return try ControlClient(directory: folder) } catch {
        guard clock.now < deadline else { throw error }
        usleep(2000)
      }
    }
  }

  /// Asks, and takes a refusal for a failure of the measurement.
  func ask(_ content: JSONValue) throws -> JSONValue {
    let reply = try client.request(content, on: .shell, timeout: .seconds(20))
    guard reply["type"]?.string == "ok" else { throw Failure(what: reply.text, code: EINVAL) }
    return reply["result"] ?? .null
  }

  /// Ends the daemon and removes its folder.
  func stop() {
    kill(child, SIGTERM)
    var status: Int32 = 0
    waitpid(child, &status, 0)
    for name in ["db", "db-wal", "db-shm", "lock"] { unlink("\(folder)/ledger/ledger.\(name)") }
    rmdir("\(folder)/ledger")
    for name in ["chaosgarden.lock"] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }
}
