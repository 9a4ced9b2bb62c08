import ControlSocket
import Glibc
import HootWire

/// Measures a daemon from outside, as a client would: how long a command takes to its reply and to the frame
/// it lands at, and how long a start takes to the first sound.
///
/// Arguments: the path of `chaosgarden`, a WAV file that sounds from its first frame, `--json`, and which parts are
/// measured: `replies`, `landings`, `scale`, `start`; without one, all of them.
struct ControlBench {
  let arguments: [String]
  private static let commands = 500
  private static let starts = 5
  private static let period = 256
  private static let rate = 48_000.0

  func run() -> Int32 {
    guard arguments.count >= 2 else {
      print("usage: control-bench CHAOSGARDEN FILE.wav [--json] [replies] [landings] [scale] [start]")
      return 64
    }
    do {
      var figures: [Figure] = []
      if wants("replies") { figures += try ReplyBench(program: arguments[0], period: Self.period).run() }
      if wants("landings") { figures += try latencies() }
      if wants("scale") { figures += try ScaleBench(arguments: arguments, period: Self.period).run() }
      if wants("start") { figures.append(try startToSound()) }
      for figure in figures { print(arguments.contains("--json") ? figure.json : figure.line) }
      return 0
    } catch {
      print("control-bench: \(error)")
      return 1
    }
  }

  private func wants(_ part: String) -> Bool {
    let parts = arguments.dropFirst(2).filter { !$0.hasPrefix("-") }
    return parts.isEmpty || parts.contains(part)
  }

  /// `seek` while stopped: a command that goes through the ring and changes nothing audible.
  private func latencies() throws -> [Figure] {
    let daemon = try BenchDaemon(program: arguments[0], period: Self.period)
    defer { daemon.stop() }
    let client = daemon.client
    try client.subscribe(topics: ["command"])
    var replies: [Double] = []
    var landings: [Double] = []
    for number in 0..<Self.commands {
      let clock = ContinuousClock()
      let start = clock.now
      let result = try daemon.ask(["type": "seek", "position": .string("\(number % 64)")])
      replies.append((clock.now - start).milliseconds)
      let id = result["command"]?["id"]?.int
      while let event = client.nextEvent(timeout: .seconds(5)) {
        if event.content["command"]?.int == id { break }
      }
      landings.append((clock.now - start).milliseconds)
      // Commands come at any moment of a block, not in step with it.
      usleep(useconds_t(1000 + (number * 7919) % 5000))
    }
    let block = Double(Self.period) / Self.rate * 1000
    return figures("command to reply", replies, goal: 1)
      + figures("command to landed event", landings, goal: block + 1)
  }

  private func figures(_ name: String, _ samples: [Double], goal: Double) -> [Figure] {
    let sorted = samples.sorted()
    func quantile(_ part: Double) -> Double {
      sorted[min(sorted.count - 1, Int(part * Double(sorted.count)))]
    }
    return [(0.5, "p50"), (0.95, "p95"), (0.99, "p99")].map { part, word in
      Figure(
        name: "\(name) \(word)", value: quantile(part), unit: "ms",
        against: "one block of \(Self.period) frames is 5.33 ms", goal: goal)
    }
  }

  /// From the program's start to the first callback that had sound in it.
  private func startToSound() throws -> Figure {
    var samples: [Double] = []
    for _ in 0..<Self.starts {
      let clock = ContinuousClock()
      let start = clock.now
      let daemon = try BenchDaemon(program: arguments[0], period: Self.period)
      _ = try daemon.ask(["type": "region_add", "file": .string(arguments[1])])
      _ = try daemon.ask(["type": "play", "from": "0"])
      while clock.now - start < .seconds(20) {
        let meters = try daemon.ask(["type": "meter"])
        if (meters["master"]?["peak_db"]?.double ?? -120) > -100 { break }
        usleep(1000)
      }
      samples.append((clock.now - start).milliseconds)
      daemon.stop()
    }
    return Figure(
      name: "start to first sound", value: samples.sorted()[Self.starts / 2], unit: "ms",
      against: "median of \(Self.starts) starts, meters at 20 Hz included", goal: 500)
  }
}

/// One line of `scripts/bench`.
struct Figure {
  let name: String
  let value: Double
  let unit: String
  let against: String
  let goal: Double

  private var rounded: Double { (value * 1000).rounded() / 1000 }

  var line: String {
    "\(name): \(rounded) \(unit) (\(against); goal <= \((goal * 100).rounded() / 100), lower is better)"
  }

  var json: String {
    JSONValue.object(
      JSONObject([
        ("name", .string(name)), ("value", .number(rounded)), ("unit", .string(unit)),
        ("against", .string(against)), ("goal", .number(goal)), ("better", "lower"),
      ])
    ).text
  }
}

extension Duration {
  var milliseconds: Double { Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15 }
}
