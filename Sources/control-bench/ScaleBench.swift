import ControlSocket
import Glibc
import HootWire
import Threading

/// A timeline of 100,000 regions that plays: how long an edit of it takes to land, and what 5,000 commands a second
/// from four clients cost.
struct ScaleBench {
  let arguments: [String]
  let period: Int
  private static let regions = 100_000
  private static let edits = 200
  private static let clients = 4
  private static let perSecond = 5_000
  private static let window = 64
  private static let seconds = 5

  func run() throws -> [Figure] {
    let daemon = try BenchDaemon(program: arguments[0], period: period)
    defer { daemon.stop() }
    _ = try daemon.ask(["type": "region_add", "file": .string(arguments[1]), "track": "a", "name": "a"])
    _ = try daemon.ask(["type": "region_dup", "region": "a", "times": .integer(Int64(Self.regions - 1))])
    _ = try daemon.ask(["type": "play"])
    return [try editing(daemon)] + (try commanding(daemon))
  }

  private func editing(_ daemon: BenchDaemon) throws -> Figure {
    try daemon.client.subscribe(topics: ["command"])
    var landings: [Double] = []
    for number in 0..<Self.edits {
      let name = "a-\(2 + number * 487 % (Self.regions - 2))"
      let clock = ContinuousClock()
      let start = clock.now
      let result = try daemon.ask(["type": "region_set", "region": .string(name), "gain": -6])
      let id = result["command"]?["id"]?.int
      while let event = daemon.client.nextEvent(timeout: .seconds(5)) {
        if event.content["command"]?.int == id { break }
      }
      landings.append((clock.now - start).milliseconds)
      usleep(useconds_t(1000 + (number * 7919) % 5000))
    }
    return Figure(
      name: "edit of 100,000 regions to landed event p95", value: landings.sorted()[Self.edits * 95 / 100],
      unit: "ms", against: "one block of \(period) frames is 5.33 ms", goal: 20)
  }

  /// Counts first, then what they cost: blocks over half their time in thread CPU time are not told from outside, so
  /// late ones are counted.
  private func commanding(_ daemon: BenchDaemon) throws -> [Figure] {
    let before = try daemon.ask(["type": "status"])
    let folder = daemon.folder
    let answered = Locked(0)
    let clock = ContinuousClock()
    let start = clock.now
    let clients = try (0..<Self.clients).map { number in
      try OwnedThread(name: "garden-client", stackBytes: 1 << 20) {
        let good = Self.command(folder, from: number)
        answered.withLock { $0 += good }
      }
    }
    for client in clients { client.join() }
    let seconds = (clock.now - start).milliseconds / 1000
    let sent = Self.perSecond * Self.seconds
    usleep(200_000)
    let after = try daemon.ask(["type": "status"])
    let late = (after["audio"]?["late_blocks"]?.int ?? 0) - (before["audio"]?["late_blocks"]?.int ?? 0)
    let open = after["commands_outstanding"]?.int ?? -1
    return [
      Figure(
        name: "time for \(Self.seconds) s of 5,000 commands a second", value: seconds, unit: "s",
        against: "\(Self.clients) clients with \(Self.window) open requests each, mixer, edits, seek, status",
        goal: 1.05 * Double(Self.seconds)),
      Figure(
        name: "commands without a good reply", value: Double(sent - answered.withLock { $0 }), unit: "",
        against: "\(sent) sent", goal: 0),
      Figure(name: "commands that did not land", value: Double(open), unit: "", against: "all", goal: 0),
      Figure(
        name: "late blocks while commanded", value: Double(late), unit: "",
        against: "the timer's, on this machine, with its load", goal: 0),
    ]
  }

  /// A client's share, at an even pace, with at most `window` requests open: who plays does not wait for the disk
  /// between two turns of a knob. Answers how many requests were answered well.
  private static func command(_ folder: String, from first: Int) -> Int {
    // Without a daemon nothing is answered, and the figure says so.
    guard let client = try? ControlClient(directory: folder) else { return 0 }
    let clock = ContinuousClock()
    let start = clock.now
    var (open, good) = (0, 0)
    func takeReply(within time: Duration) -> Bool {
      // A socket that fails is requests without a good reply.
      guard open > 0, let reply = try? client.nextReply(timeout: time) else { return false }
      open -= 1
      if reply.content["type"]?.string == "ok" { good += 1 }
      return true
    }
    for number in 0..<(perSecond * seconds / clients) {
      let due = start + .microseconds(number * 1_000_000 * clients / perSecond)
      while open >= window { guard takeReply(within: .seconds(20)) else { return good } }
      while clock.now < due {
        if open > 0 { _ = takeReply(within: due - clock.now) } else { usleep(100) }
      }
      guard (try? client.send(request(number + first))) != nil else { return good }
      open += 1
    }
    while open > 0, takeReply(within: .seconds(20)) {}
    return good
  }

  private static func request(_ number: Int) -> JSONValue {
    switch number % 4 {
    case 0: ["type": "seek", "position": .string("\(number % 64)")]
    case 1: ["type": "track_set", "track": "a", "gain": .number(-Double(number % 12))]
    case 2: ["type": "region_set", "region": .string("a-\(2 + number % 1000)"), "gain": -3]
    default: ["type": "status"]
    }
  }
}
