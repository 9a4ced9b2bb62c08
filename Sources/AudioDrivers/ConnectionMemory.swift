/// What was connected to our ports, by name, so that it can be connected again when a server comes back.
///
/// A connection whose other end has gone is kept; one that was taken away while both ends stood is forgotten.
/// Pure: it is told what is there and answers what to connect.
struct ConnectionMemory: Sendable, Equatable {
  /// What is known of one connection.
  enum Trace: Sendable {
    /// Seen. Exits: `doubted`, `missing`.
    case held
    /// Not seen this time, though both ends are there. Exits: `held`, `missing`, forgotten.
    case doubted
    /// The other end is not there. Exits: `asked`, `held`.
    case missing
    /// Asked for again; a server may refuse. Exits: `held`, `missing`.
    case asked
  }

  private(set) var traces: [Int: [String: Trace]] = [:]
  /// Whether a device was ever looked at: from then on nothing is connected by itself.
  private(set) var hasBegun = false

  /// Nothing is remembered: all was taken apart, or nothing was ever made.
  var isEmpty: Bool { traces.values.allSatisfy(\.isEmpty) }

  /// Takes note of the connections that port number `port` has now.
  ///
  /// - Returns: the ports to connect it to.
  mutating func look(port: Int, connected: [String], exists: (String) -> Bool) -> [String] {
    hasBegun = true
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
        now[peer] = .asked
        wanted.append(peer)
      case .asked: now[peer] = .asked
      }
    }
    for peer in connected.prefix(DriverLimits.rememberedConnections) { now[peer] = .held }
    traces[port] = now
    return wanted.sorted()
  }

  /// The server is gone, and every other end with it.
  mutating func lose() {
    for (port, peers) in traces { traces[port] = peers.mapValues { _ in .missing } }
  }
}
