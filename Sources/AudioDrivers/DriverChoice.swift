import CDrivers

/// A way to sound that this machine has or lacks.
package struct DriverCandidate: Sendable, Equatable {
  /// `jack`, `pipewire`, `alsa`, `virtual` or `timer`.
  package let name: String
  package let available: Bool
  /// For a person: what is there, or what is missing.
  package let detail: String
}

/// What is wanted of whichever driver is chosen.
package struct DriverWishes: Sendable {
  package var clientName = "chaosgarden"
  /// Nil: `JACK_DEFAULT_SERVER`, or JACK's own default.
  package var serverName: String?
  package var autoconnect = true
  /// The sound card: its name, or one of ALSA's; empty is the first.
  package var device = ""
  /// Of the threads that we make ourselves: the card's and the timer's.
  package var priority = DriverLimits.timerPriority
  /// The timer's, and what a card is asked for; a server brings its own.
  package var sampleRate = 48_000.0
  package var period = 256
  package var tap: CaptureTap?
  /// The file that lists devices in place of this machine's; empty is none. See `VirtualDevice`.
  package var list = ""

  package init() {}
}

/// Finds the best driver: a running JACK server, else PipeWire through its own JACK library, else a sound card, else the
/// timer.
package enum DriverChoice {
  package static let names = ["auto", "jack", "pipewire", "alsa", "virtual", "timer"]

  /// What this machine has now, best first. Connects to servers for a moment; starts none. While this process
  /// plays through JACK it asks no server, since a process can belong to one JACK server at a time.
  package static func probe(serverName: String? = nil) -> [DriverCandidate] {
    [
      probeJACK(serverName), probePipeWire(), probeALSA(),
      DriverCandidate(name: "timer", available: true, detail: "always there: no sound, paced by the clock"),
    ]
  }

  /// The device for `name`, not yet started; nil for the timer, and for `auto` where there is nothing else.
  ///
  /// - Throws: when that one is not to be had.
  static func device(_ name: String, _ wishes: DriverWishes) throws(DriverError) -> (any Device)? {
    switch name {
    case "auto":
      do { return try jack(wishes, library: nil) } catch { return firstCard(wishes) }
    case "jack": return try jack(wishes, library: nil)
    case "pipewire": return try jack(wishes, library: .pipewire)
    case "alsa": return try card(wishes)
    case "virtual": return try VirtualDevice.output(wishes)
    case "timer": return nil
    default: throw unknown(name)
    }
  }

  /// Nil where there is no card, or none that can be had.
  private static func firstCard(_ wishes: DriverWishes) -> ALSADriver? {
    guard !ALSACard.all.isEmpty else { return nil }
    do { return try card(wishes) } catch { return nil }
  }

  private static func card(_ wishes: DriverWishes) throws(DriverError) -> ALSADriver {
    try ALSADriver(
      device: wishes.device, sampleRate: wishes.sampleRate, period: wishes.period, priority: wishes.priority)
  }

  static func unknown(_ name: String) -> DriverError {
    DriverError(
      "There is no audio driver '\(name)'.", why: "There are: \(names.joined(separator: ", ")).",
      next: "Choose one of them, for example: chaosgarden --audio auto")
  }

  private static func jack(_ wishes: DriverWishes, library: JACKLibrary?) throws(DriverError) -> JACKDriver {
    // Two servers in one process at once, even one of them dead, are more than JACK's library can hold.
    guard clientsOpen == 0 else {
      throw DriverError(
        "No JACK server was reached.",
        why: "The one before has not answered or not let go of this process yet.",
        next: "Try again in a moment, or play without: chaosgarden --audio timer")
    }
    return try opened(wishes, library: library)
  }

  private static func opened(_ wishes: DriverWishes, library: JACKLibrary?) throws(DriverError) -> JACKDriver
  {
    try JACKDriver(
      clientName: wishes.clientName, serverName: wishes.serverName, autoconnect: wishes.autoconnect,
      library: library, tap: wishes.tap)
  }
}

extension DriverChoice {
  /// JACK clients that this process has open, waits for, or has not yet been let go of.
  package static var clientsOpen: Int { Int(drv_jack_open_clients()) }

  private static func probeJACK(_ serverName: String?) -> DriverCandidate {
    guard clientsOpen == 0 else {
      return DriverCandidate(name: "jack", available: true, detail: "in use by this process")
    }
    return candidate("jack", .init(clientName: "chaosgarden-probe", serverName: serverName, library: .system))
  }

  private static func probePipeWire() -> DriverCandidate {
    guard let socket = PipeWireSocket.path() else {
      return DriverCandidate(
        name: "pipewire", available: false, detail: "no PipeWire server runs for this user")
    }
    guard JACKLibrary.pipewire.path != nil else {
      return DriverCandidate(
        name: "pipewire", available: false,
        detail:
          "a server listens at \(socket), but its JACK library is missing: sudo apt install pipewire-jack")
    }
    guard clientsOpen == 0 else {
      return DriverCandidate(name: "pipewire", available: true, detail: "a server listens at \(socket)")
    }
    return candidate("pipewire", .init(clientName: "chaosgarden-probe", serverName: nil, library: .pipewire))
  }

  private static func probeALSA() -> DriverCandidate {
    let cards = ALSACard.all
    guard !cards.isEmpty else {
      return DriverCandidate(name: "alsa", available: false, detail: "ALSA sees no sound card")
    }
    let names = cards.map { "\($0.name) (\($0.title))" }.joined(separator: ", ")
    return DriverCandidate(name: "alsa", available: true, detail: names)
  }

  private static func candidate(_ name: String, _ wish: JACKClient.Wish) -> DriverCandidate {
    do {
      let client = try JACKClient.open(wish)
      let given =
        "\(Int(client.sampleRate)) Hz, \(client.bufferFrames) frames, \(client.isRealtime ? "" : "not ")realtime"
      return DriverCandidate(name: name, available: true, detail: "\(client.kind), \(given)")
    } catch {
      return DriverCandidate(name: name, available: false, detail: error.why)
    }
  }
}
