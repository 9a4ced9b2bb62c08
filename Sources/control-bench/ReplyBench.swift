import CWireYardstick
import ControlSocket
import FoundationEssentials
import Glibc
import HootCapnProto
import HootWire

/// How long a request takes to its reply in each of the two forms, beside a bare ROUTER in a process of its own that sends
/// every message back.
/// The three take turns, so that whatever else this machine does meets them alike.
struct ReplyBench {
  let program: String
  let period: Int
  private static let rounds = 3000

  func run() throws -> [Figure] {
    let daemon = try BenchDaemon(program: program, period: period)
    defer { daemon.stop() }
    let echoPlace = "ipc://\(daemon.folder)/echo"
    let echo = try EchoProcess(echoPlace)
    defer { echo.stop() }
    let shell = "ipc://\(daemon.folder)/\(SocketName.shell.rawValue)"
    let capnProto = try Self.capnProtoRequest()
    let bare = try Course(echoPlace, capnProto)
    let courses = [bare, try Course(shell, Self.jsonRequest()), try Course(shell, capnProto)]
    // Connections are made and caches filled first.
    for round in -100..<Self.rounds {
      for course in courses { try course.measure(counts: round >= 0) }
    }
    unlink("\(daemon.folder)/echo")
    return figures(courses)
  }

  private func figures(_ courses: [Course]) -> [Figure] {
    let (bare, forms) = (courses[0], zip(["JSON", "Cap'n Proto"], courses.dropFirst()))
    let yardstick = Figure(
      name: "bare ROUTER echo p50", value: bare.quantile(0.5), unit: "us",
      against: "libzmq alone, same frames",
      goal: 1000)
    return [yardstick]
      + forms.flatMap { name, course in
        [
          Figure(
            name: "\(name) request to reply p50", value: course.quantile(0.5), unit: "us",
            against: "\(Self.rounds) requests, one after the other", goal: 1.5 * bare.quantile(0.5)),
          Figure(
            name: "\(name) request to reply p99", value: course.quantile(0.99), unit: "us",
            against: "bare echo \(bare.quantile(0.99).rounded()) us", goal: 1000),
          Figure(
            name: "\(name) request to reply, times a bare echo",
            value: course.quantile(0.5) / bare.quantile(0.5), unit: "", against: "both p50, in turns",
            goal: 1.5),
        ]
      }
  }

  private static func jsonRequest() -> HootFrame {
    let header = HootMessage.Header(msgID: UUID(), session: UUID(), msgType: "shell_request", timestamp: .now)
    let body = HootMessage(header: header, content: ["type": "get_transport_state"]).encode().encode()
    return HootFrame(command: .request, contentType: .json, requestID: header.msgID, body: body)
  }

  private static func capnProtoRequest() throws -> HootFrame {
    let id = UUID()
    let body = try WireSchemas().write(
      ["id": id.envelopeID, "payload": ["tool_request": ["garden_status": nil]]], as: .envelope)
    return HootFrame(command: .request, contentType: .capnProto, requestID: id, body: body)
  }
}

/// This program again, as nothing but an echo: another process, as the daemon is.
struct EchoProcess {
  static let word = "--echo"
  private let child: pid_t

  init(_ endpoint: String) throws {
    var texts = [strdup("/proc/self/exe"), strdup(Self.word), strdup(endpoint), nil]
    defer { for text in texts { free(text) } }
    var started: pid_t = 0
    let code = posix_spawn(&started, "/proc/self/exe", nil, nil, &texts, environ)
    guard code == 0 else { throw BenchDaemon.Failure(what: endpoint, code: code) }
    child = started
  }

  func stop() {
    kill(child, SIGKILL)
    var status: Int32 = 0
    waitpid(child, &status, 0)
  }
}

/// One kind of request to one place, and how long each took.
private final class Course {
  private let client: OpaquePointer
  private let bytes: [UInt8]
  private let sizes: [Int]
  private var microseconds: [Double] = []

  init(_ endpoint: String, _ request: HootFrame) throws {
    guard let client = cyard_client_open(endpoint) else {
      throw BenchDaemon.Failure(what: endpoint, code: EINVAL)
    }
    self.client = client
    let frames = request.encode()
    bytes = frames.flatMap { $0 }
    sizes = frames.map(\.count)
  }

  deinit { cyard_client_close(client) }

  func measure(counts: Bool) throws {
    let nanoseconds = cyard_round_trip(client, bytes, sizes, sizes.count)
    guard nanoseconds >= 0 else { throw BenchDaemon.Failure(what: "no reply", code: ETIMEDOUT) }
    if counts { microseconds.append(Double(nanoseconds) / 1000) }
  }

  func quantile(_ part: Double) -> Double {
    let sorted = microseconds.sorted()
    return sorted[min(sorted.count - 1, Int(part * Double(sorted.count)))]
  }
}
