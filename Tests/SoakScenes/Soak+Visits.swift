import ControlSocket
import FoundationEssentials
import Glibc
import HootWire

/// What is left of clients that came and went.
package struct VisitCounts: Sendable {
  package var visits = 0
  package var answered = 0
  /// Descriptors the daemon has more than before.
  package var descriptors = 0
  package var threads = 0
  /// Memory in use over that when the daemon's list of peers was full.
  package var grownKilobytes: Int64 = 0
}

extension Soak {
  /// Clients are remembered for `garden peers` up to this number; memory is compared from there on.
  package static let rememberedVisits = 1_024

  /// Ten thousand come and go, in good order, in the middle of a greeting, and without a word: nothing is left of them.
  func visits() throws -> Verdict {
    let counts = try visitCounts(times)
    let isGood =
      counts.answered == (counts.visits + 1) / 2 && counts.descriptors == 0 && counts.threads == 0
      && counts.grownKilobytes < 2_048
    return Verdict(
      "visits", isGood: isGood,
      "\(counts.visits) connects and disconnects, \(counts.answered) of them asked and were answered; "
        + "\(counts.descriptors) descriptors, \(counts.threads) threads and \(counts.grownKilobytes) kB are left"
    )
  }

  package func visitCounts(_ visits: Int) throws -> VisitCounts {
    let daemon = try SceneDaemon(
      program, ["--audio", "timer", "--period", "256", "--soundfont", font], seconds: 60 + visits / 10)
    var counts = VisitCounts()
    let warming = min(2 * Self.rememberedVisits, visits / 2)
    // Once around, for what the first of each kind brings for good.
    for number in 0..<4 { _ = try Self.visit(daemon.folder.path, number) }
    let before = try Self.settled(daemon) { _ in true }
    var early: Int64 = 0
    for number in 0..<visits {
      if try Self.visit(daemon.folder.path, number) { counts.answered += 1 }
      counts.visits += 1
      if number == warming { early = residentKilobytes(of: daemon.processID) ?? 0 }
    }
    let after = try Self.settled(daemon) {
      $0.descriptors <= before.descriptors && $0.threads <= before.threads
    }
    // Now and then the daemon itself has one open for a moment, before as well as after.
    counts.descriptors = max(0, after.descriptors - before.descriptors)
    counts.threads = max(0, after.threads - before.threads)
    counts.grownKilobytes = (residentKilobytes(of: daemon.processID) ?? .max) - early
    return counts
  }

  /// One client; answers whether it was answered. Every other one asks; of the rest one listens, one says half a
  /// greeting and one nothing.
  private static func visit(_ folder: String, _ number: Int) throws -> Bool {
    switch number % 4 {
    case 1 where number % 8 == 1:
      let client = try ControlClient(directory: folder)
      try client.subscribe(topics: [""])
      return false
    case 1: try knock(folder, [])
    // The first bytes of ZMTP's greeting.
    case 3: try knock(folder, [0xFF, 0, 0, 0, 0])
    default:
      let client = try ControlClient(directory: folder)
      return try client.request(["type": "get_transport_state"])["type"] == "transport_state"
    }
    return false
  }

  private static func knock(_ folder: String, _ bytes: [UInt8]) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array("\(folder)/\(SocketName.shell.rawValue)".utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else { throw SceneFailure("the shell socket cannot be reached: \(errno)") }
    if !bytes.isEmpty { _ = write(descriptor, bytes, bytes.count) }
  }

  private struct Holdings {
    var descriptors = 0
    var threads = 0
  }

  /// What the daemon holds, once `isSettled` or after ten seconds: connections are taken down on a thread of libzmq's.
  private static func settled(_ daemon: SceneDaemon, _ isSettled: (Holdings) -> Bool) throws -> Holdings {
    let deadline = ContinuousClock.now + .seconds(10)
    var last = Holdings()
    repeat {
      usleep(200_000)
      last.descriptors = try entries("/proc/\(daemon.processID)/fd")
      last.threads = try entries("/proc/\(daemon.processID)/task")
    } while !isSettled(last) && ContinuousClock.now < deadline
    return last
  }

  private static func entries(_ folder: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: folder).count
  }
}
