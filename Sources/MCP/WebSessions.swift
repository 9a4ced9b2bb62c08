import HootWire

/// The sessions of the older dialect over HTTP. A value: whoever holds it brings the time.
struct WebSessions {
  private struct Session {
    let version: String
    var working: [String: Patience] = [:]
    var visited: ContinuousClock.Instant
  }

  private var sessions: [String: Session] = [:]

  var count: Int { sessions.count }

  /// Opens one, and ends the one that nobody has visited for longest when there are too many: clients go without a word.
  ///
  /// - Returns: its name, which nobody can guess.
  mutating func open(_ version: String, at now: ContinuousClock.Instant) -> String {
    if sessions.count >= MCPLimits.sessions {
      let idle = sessions.filter { $0.value.working.isEmpty }
      let oldest = (idle.isEmpty ? sessions : idle).min { $0.value.visited < $1.value.visited }
      if let oldest { _ = end(oldest.key) }
    }
    let name = Self.word()
    sessions[name] = Session(version: version, visited: now)
    return name
  }

  /// 128 bits from the system's source of secrets, in hexadecimal digits.
  private static func word() -> String {
    var dice = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(dice.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The version that it speaks; nil where there is none of that name.
  mutating func visit(_ name: String, at now: ContinuousClock.Instant) -> String? {
    sessions[name]?.visited = now
    return sessions[name]?.version
  }

  /// Why a request cannot be worked on; nil when it is from now on.
  mutating func begin(_ id: String, _ patience: Patience, in name: String) -> RPCError? {
    guard let session = sessions[name] else { return RPCError(.invalidRequest, "The session has ended") }
    guard session.working[id] == nil else {
      return RPCError(.invalidRequest, "The request \(quoted(id)) is being worked on already")
    }
    guard session.working.count < MCPLimits.requests else {
      return RPCError(.busy, "\(session.working.count) requests are being worked on: wait for an answer")
    }
    sessions[name]?.working[id] = patience
    return nil
  }

  mutating func finish(_ id: String, in name: String, at now: ContinuousClock.Instant) {
    sessions[name]?.working[id] = nil
    sessions[name]?.visited = now
  }

  func giveUp(_ id: String, in name: String) { sessions[name]?.working[id]?.giveUp() }

  /// False where there is none of that name. What waits in it waits no longer.
  mutating func end(_ name: String) -> Bool {
    guard let session = sessions.removeValue(forKey: name) else { return false }
    for patience in session.working.values { patience.giveUp() }
    return true
  }
}
