import Threading

extension ClockKeeper {
  /// Everything that could be attached now: what the list of devices says, or else ports of the server that plays, then
  /// cards. May wait for the server.
  package func inputCandidates() -> [InputCandidate] {
    if let listed = listedInputs() {
      return listed.map {
        InputCandidate(
          name: $0.name, kind: "virtual", detail: $0.nick ?? $0.path ?? "silence", number: $0.number)
      }
    }
    let ports = withJACK { $0.sources() } ?? []
    return ports.map { InputCandidate(name: $0, kind: "jack", detail: "a port of the JACK server") }
      + ALSACard.all.map { InputCandidate(name: $0.name, kind: "alsa", detail: $0.title) }
  }

  /// Hears what a part of its name tells: the first JACK port that has it and its neighbour of the same client, or a card.
  /// Nothing in particular is the first two ports, or the first card. May wait for the server.
  ///
  /// - Throws: when there is none, or the server refuses; what was attached before still is.
  package func attachInput(_ pattern: String) throws(DriverError) {
    if let listed = listedInputs() { return try attach(pattern, of: listed) }
    let offered = withJACK { $0.sources() }
    if let ports = offered.flatMap({ Self.pair(in: $0, matching: pattern) }) {
      let isMade = withJACK { $0.listen(to: ports.left, ports.right) }
      guard isMade == true else {
        throw DriverError(
          "No input was attached.", why: "The JACK server did not connect \(ports.left) to in_left.",
          next: "See what there is: garden input ls")
      }
      return input.hear(ports: ports.left == ports.right ? [ports.left] : [ports.left, ports.right])
    }
    let cards = ALSACard.all
    let known = cards.first { $0.name == pattern || $0.title.contains(pattern) }?.name
    guard let card = known ?? (pattern.contains(":") ? pattern : nil) else {
      let sources = offered == nil ? "no sound card" : "neither a JACK port nor a sound card"
      throw DriverError(
        "No input was attached.",
        why: pattern.isEmpty ? "There is \(sources)." : "There is \(sources) with '\(pattern)' in its name.",
        next: "See what there is: garden input ls")
    }
    withJACK { $0.listenToNothing() }
    let wishes = supervised.withLock { $0.wishes }
    try input.hear(card: card, sampleRate: sampleRate, period: wishes.period, priority: wishes.priority)
  }

  /// Nil where no list stands in place of this machine's devices.
  private func listedInputs() -> [VirtualDevice]? {
    let list = supervised.withLock { $0.wishes.list }
    return list.isEmpty ? nil : VirtualDevice.list(list).filter { $0.direction == .input }
  }

  private func attach(_ pattern: String, of listed: [VirtualDevice]) throws(DriverError) {
    let found =
      listed.first { $0.isCalled(pattern) } ?? listed.first { pattern.isEmpty || $0.name.contains(pattern) }
    guard let found else {
      throw DriverError(
        "No input was attached.",
        why: "The list of devices has no input\(pattern.isEmpty ? "" : " with '\(pattern)' in its name").",
        next: "See what there is: garden input ls")
    }
    withJACK { $0.listenToNothing() }
    try input.hear(found)
  }

  /// Idempotent.
  package func detachInput() {
    withJACK { $0.listenToNothing() }
    input.hearNothing()
  }

  /// How long sound is on its way through the server's own ports, there and back, in frames of the device; 0 where no
  /// server plays. May wait for it.
  package func portLatency() -> Int { withJACK { $0.roundTrip } ?? 0 }

  /// Case counts. A port without a neighbour is heard on both sides.
  static func pair(in ports: [String], matching pattern: String) -> (left: String, right: String)? {
    let found = ports.filter { pattern.isEmpty || $0.contains(pattern) }
    guard let left = found.first else { return nil }
    let client = left.prefix { $0 != ":" }
    return (left, found.dropFirst().first { $0.prefix { $0 != ":" } == client } ?? left)
  }
}
