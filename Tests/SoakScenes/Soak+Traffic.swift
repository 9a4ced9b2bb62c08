import ControlSocket
import FoundationEssentials
import Glibc
import HootWire
import Threading

/// What came of clients that ask without a pause.
package struct TrafficCounts: Sendable {
  package var sent = 0
  package var replies = 0
  /// Replies that were not the oldest open request's.
  package var outOfOrder = 0
  package var refused = 0
  package var seconds = 0.0
  /// Cycles of our own over half a period of processor time.
  package var late: Int64 = 0
  /// Memory in use at the end over that when a fifth of the time had passed.
  package var grownKilobytes: Int64 = 0
  package var voices: Int64 = 0

  package var allAnsweredInOrder: Bool { sent > 0 && replies == sent && outOfOrder == 0 }
}

extension Soak {
  package static let trafficClients = 4

  /// Four clients at 2,000 requests a second each while much plays: no late block, every reply in its turn, and no more
  /// memory at the end than near the beginning.
  func traffic() throws -> Verdict {
    let seconds = max(5, min(seconds, 60))
    let counts = try trafficCounts(perSecond: 2_000, seconds: seconds)
    let isGood =
      counts.allAnsweredInOrder && counts.refused == 0 && counts.late == 0 && counts.grownKilobytes < 4_096
      && counts.seconds < 1.05 * Double(seconds) && counts.voices > 0
    return Verdict(
      "traffic", isGood: isGood,
      "\(Self.trafficClients) clients, \(counts.sent) requests in \((counts.seconds * 100).rounded() / 100) s of "
        + "\(seconds), \(counts.replies) replies, \(counts.outOfOrder) out of order, \(counts.refused) refused, "
        + "\(counts.late) own cycles over budget at \(counts.voices) voices, \(counts.grownKilobytes) kB grown"
    )
  }

  /// - Parameter perSecond: requests of each client.
  package func trafficCounts(perSecond: Int, seconds: Int) throws -> TrafficCounts {
    let daemon = try SceneDaemon(
      program, ["--audio", "timer", "--period", "256", "--soundfont", font], seconds: seconds + 300)
    try load(daemon)
    for name in ["lead", "chords", "bass", "drums"] {
      try daemon.act("region_dup", ["region": .string(name), "at": "1:1", "times": 1])
    }
    try daemon.act("loop", ["start": "1:1", "end": "9:1"])
    try daemon.act("play", ["from": "1:1"])
    let late = try daemon.audio("late_blocks")
    let total = Locked(TrafficCounts())
    let clock = ContinuousClock()
    let start = clock.now
    let clients = try (0..<Self.trafficClients).map { number in
      try OwnedThread(name: "soak-client", stackBytes: 1 << 20) { [folder = daemon.folder.path] in
        let counts = Self.ask(folder, from: number, perSecond: perSecond, seconds: seconds)
        total.withLock { $0.add(counts) }
      }
    }
    usleep(useconds_t(seconds * 200_000))
    let early = residentKilobytes(of: daemon.processID) ?? 0
    var voices: Int64 = 0
    for _ in 0..<max(1, seconds / 5) {
      voices = max(voices, try daemon.ask("status")["voices"]?.int ?? 0)
      usleep(500_000)
    }
    for client in clients { client.join() }
    var counts = total.withLock { $0 }
    let length = (clock.now - start).components
    counts.seconds = Double(length.seconds) + Double(length.attoseconds) / 1e18
    counts.late = try daemon.audio("late_blocks") - late
    counts.voices = voices
    counts.grownKilobytes = (residentKilobytes(of: daemon.processID) ?? .max) - early
    return counts
  }

  /// A client's share, a few requests every few milliseconds; what is not answered is not counted among the replies.
  private static func ask(_ folder: String, from first: Int, perSecond: Int, seconds: Int) -> TrafficCounts {
    var counts = TrafficCounts()
    var open: [UUID] = []
    do {
      let client = try ControlClient(directory: folder)
      let start = ContinuousClock.now
      let burst = max(1, perSecond / 500)
      for number in 0..<(perSecond * seconds) {
        if number.isMultiple(of: burst) {
          let due = start + .microseconds(number * 1_000_000 / perSecond)
          repeat { try take(1, of: &open, due - .now, client, &counts) } while ContinuousClock.now < due
        }
        open.append(try client.send(request(number + first)))
        counts.sent += 1
        if open.count >= 64 { try take(32, of: &open, .seconds(30), client, &counts) }
      }
      try take(open.count, of: &open, .seconds(30), client, &counts)
    } catch {
      // Requests that stay open are missing among the replies.
      return counts
    }
    return counts
  }

  /// Takes replies that are there within a time, at least looks once.
  private static func take(
    _ wanted: Int, of open: inout [UUID], _ wait: Duration, _ client: ControlClient,
    _ counts: inout TrafficCounts
  ) throws {
    guard !open.isEmpty else {
      let pause = wait.components
      if wait > .zero { usleep(useconds_t(pause.attoseconds / 1_000_000_000_000)) }
      return
    }
    for _ in 0..<wanted {
      guard let reply = try client.nextReply(timeout: max(.zero, wait)) else { return }
      counts.replies += 1
      if open.isEmpty || reply.id != open.removeFirst() { counts.outOfOrder += 1 }
      if reply.content["type"] == "error" { counts.refused += 1 }
    }
  }

  private static func request(_ number: Int) -> JSONValue {
    switch number % 8 {
    case 0: ["type": "track_set", "track": "lead", "gain": .number(-Double(number / 8 % 12))]
    case 1: ["type": "region_set", "region": "bass", "gain": .number(-Double(number / 8 % 6))]
    case 2: ["type": "status"]
    case 3: ["type": "track_set", "track": "chords", "pan": .number(Double(number / 8 % 3 - 1) / 4)]
    case 4: ["type": "meter"]
    case 5: ["type": "region_ls"]
    default: ["type": "get_transport_state"]
    }
  }
}

extension TrafficCounts {
  mutating func add(_ other: TrafficCounts) {
    sent += other.sent
    replies += other.replies
    outOfOrder += other.outOfOrder
    refused += other.refused
  }
}
