import CDrivers

/// Two ports by their full names, as a person would type them.
struct PortPair: Sendable, Equatable, CustomStringConvertible {
  let source: String
  let destination: String

  var description: String { "\(Self.shown(source)) to \(Self.shown(destination))" }
  /// For a shell.
  var arguments: String { "\(Self.quoted(source)) \(Self.quoted(destination))" }

  /// Other programs name their ports as they like.
  private static func shown(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.map { isPlain($0) ? $0 : "?" }))
  }

  private static func quoted(_ name: String) -> String {
    "'" + shown(name).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
  }
}

extension JACKClient {
  func pair(_ number: Int, _ peer: String) -> PortPair {
    let own = ownName(number)
    let isOutput = number < Int(DRV_CHANNELS)
    return PortPair(source: isOutput ? own : peer, destination: isOutput ? peer : own)
  }

  /// What to tell of connections that the server was asked for and did not make. Both servers have a mode in which a
  /// client may not connect itself: it is told so, or told that all is well, and nothing happens.
  func refusal(of refused: [ConnectionMemory.Refusal]) -> DriverError? {
    let pairs = refused.map { pair($0.port, $0.peer) }
    guard let first = pairs.first else { return nil }
    let listed = pairs.prefix(DriverLimits.connectionsTold).map(\.description).joined(separator: ", ")
    let more = pairs.count - DriverLimits.connectionsTold
    let answer = pairs.contains(where: wasDenied) ? "refused" : "took the request and did nothing"
    return DriverError(
      "\(kind) did not connect \(listed)\(more > 0 ? " and \(more) more" : "").",
      why: isPipeWire
        ? "It \(answer); jack.self-connect-mode in its jack.conf says whether a client may connect itself."
        : "It \(answer); its option --autoconnect says whether a client may connect itself.",
      next: isPipeWire
        ? "Connect them by hand, as in: pw-link \(first.arguments)"
        : "Connect them by hand, as in: jack_connect \(first.arguments)")
  }
}
