/// What was connected to our ports, by name, so that it can be connected again when a server comes back.
///
/// A connection whose other end has gone is kept; one that was taken away while both ends stood is forgotten.
/// Pure: it is told what is there and answers what to connect.
struct ConnectionMemory: Sendable, Equatable {
  /// What is known of one connection.
  enum Trace: Sendable, Equatable {
    /// Seen. Exits: `doubted`, `missing`.
    case held
    /// Not seen this time, though both ends are there. Exits: `held`, `missing`, forgotten.
    case doubted
    /// The other end is not there. Exits: `asked`, `held`.
    case missing
    /// Asked for, so many looks ago; a server may refuse. Exits: `held`, `missing`, `refused`.
    case asked(looks: Int)
    /// Not made, which was told. Exits: `held`, `missing`.
    case refused
  }

  /// What a server did not do though it was asked.
  struct Refusal: Sendable, Equatable {
    let port: Int
    let peer: String
  }

  private(set) var traces: [Int: [String: Trace]] = [:]
  /// Whether the physical outputs are still to be connected, as soon as there are any: nothing ever was.
  private(set) var wantsUsual = true
  private var refusals: [Refusal] = []

  /// Nothing is remembered: all was taken apart, or nothing was ever made.
  var isEmpty: Bool { traces.values.allSatisfy(\.isEmpty) }

  /// A server was asked for the usual connections: each port's number and the name of its other end.
  mutating func ask(usual connections: [(port: Int, peer: String)]) {
    wantsUsual = false
    for (port, peer) in connections where traces[port]?[peer] == nil {
      traces[port, default: [:]][peer] = .asked(looks: 0)
    }
  }

  /// Takes note of the connections that port number `port` has now.
  ///
  /// - Returns: the ports to connect it to.
  mutating func look(port: Int, connected: [String], exists: (String) -> Bool) -> [String] {
    if !connected.isEmpty { wantsUsual = false }
    var now: [String: Trace] = [:]
    var wanted: [String] = []
    for (peer, trace) in traces[port, default: [:]] where !connected.contains(peer) {
      guard exists(peer) else {
        now[peer] = .missing
        continue
      }
      switch trace {
      case .held: now[peer] = .doubted
      case .doubted: break
      case .missing:
        now[peer] = .asked(looks: 0)
        wanted.append(peer)
      case .asked(let looks): now[peer] = asked(looks: looks + 1, port, peer)
      case .refused: now[peer] = .refused
      }
    }
    for peer in connected.prefix(DriverLimits.rememberedConnections) { now[peer] = .held }
    traces[port] = now
    return wanted.sorted()
  }

  /// A connection is made a moment after it was asked for, so one look is not enough to call it refused.
  private mutating func asked(looks: Int, _ port: Int, _ peer: String) -> Trace {
    guard looks >= DriverLimits.looksForConnection else { return .asked(looks: looks) }
    refusals.append(Refusal(port: port, peer: peer))
    return .refused
  }

  /// What was found refused since the last call, each once.
  mutating func takeRefusals() -> [Refusal] {
    defer { refusals = [] }
    return refusals.sorted { ($0.port, $0.peer) < ($1.port, $1.peer) }
  }

  /// The server is gone, and every other end with it.
  mutating func lose() {
    for (port, peers) in traces { traces[port] = peers.mapValues { _ in .missing } }
  }
}
