import CDrivers
import RealtimeEngine
import Threading

/// Plays through a running JACK server, or PipeWire in its place, in the server's own realtime callback.
///
/// A port for each `OutputChannel`, of which only the main pair is connected by itself, and `midi_in`. Changes of the
/// period are followed block by block. When the server dies the status says so, as it does while the server hangs; the
/// driver stays as it is until it is stopped, and can be started again when there is a server, at whatever sample rate.
package final class JACKDriver: Device {
  package let sampleRate: Double
  private let wish: JACKClient.Wish
  private let autoconnect: Bool
  private let tap: CaptureTap?
  private let midi: MIDIInputs
  private let state: Locked<State>

  private struct State {
    /// Open, and started when `cycle` is the client's. Nil after a stop.
    var client: JACKClient?
    /// The last start's; its figures can still be read after the stop.
    var cycle: Cycle?
    /// The server's words about itself, which nobody can ask for any more after its end.
    var server: String
  }

  /// Connects to the server, so that its sample rate is known. No sound yet, no ports.
  ///
  /// - Parameters:
  ///   - clientName: 1 to 63 bytes without a colon. Where it is taken, the status tells the name that was given.
  ///   - serverName: nil is `JACK_DEFAULT_SERVER`, or JACK's own default.
  ///   - autoconnect: connect to the first two physical outputs, as soon as there are any.
  ///   - library: nil is the system's, then PipeWire's where a PipeWire server runs.
  package init(
    clientName: String = "chaosgarden", serverName: String? = nil, autoconnect: Bool = true,
    library: JACKLibrary? = nil, tap: CaptureTap? = nil
  ) throws(DriverError) {
    midi = try MIDIInputs()
    let wish = JACKClient.Wish(clientName: clientName, serverName: serverName, library: library)
    let client = try JACKClient.open(wish)
    self.wish = wish
    self.autoconnect = autoconnect
    self.tap = tap
    sampleRate = client.sampleRate
    state = Locked(State(client: client, cycle: nil, server: client.server))
  }

  deinit { stop() }

  package func start(_ entry: RenderEntry) throws(DriverError) {
    try start(on: Baton(entry, sampleRate: sampleRate, isKept: false, tap: tap))
  }

  func start(on baton: Baton) throws(DriverError) {
    try state.withLock { state throws(DriverError) in
      guard state.client?.cycle == nil else { throw DriverError.alreadyRunning("jack") }
      let client = if let open = state.client { open } else { try JACKClient.open(wish) }
      // Whatever fails from here on, the half-started client is closed with it.
      state.client = nil
      let cycle = try Cycle(baton, sampleRate: client.sampleRate, midi: midi)
      try client.start(cycle)
      // A keeper connects by what it remembers.
      if autoconnect, !baton.isKept { client.autoconnect() }
      state = State(client: client, cycle: cycle, server: client.server)
    }
  }

  package func stop() {
    state.withLock { state in
      state.client?.close()
      state.client = nil
    }
  }

  /// The client while its server is there; for whoever keeps the driver from being stopped meanwhile.
  func withClient<Result: Sendable>(_ body: (JACKClient) -> Result) -> Result? {
    guard let client = state.withLock({ $0.client }), let cycle = client.cycle, cycle.shutdown == nil else {
      return nil
    }
    return body(client)
  }

  var soundDelay: Int { withClient { $0.soundDelay } ?? 0 }

  package func takeMIDI() -> [MIDIInput] { midi.take() }

  package func status() -> DriverStatus {
    state.withLock { state in
      guard let cycle = state.cycle else {
        return DriverStatus(name: "jack", device: state.server, sampleRate: sampleRate)
      }
      let running = state.client?.cycle === cycle
      var status = DriverStatus(name: "jack", device: state.server, cycle: cycle, running: running)
      status.midiDropped = midi.dropped
      if status.alive, let silence = cycle.silence {
        status.alive = false
        status.shutdown = silence
      }
      guard status.alive, let client = state.client else { return status }
      status.connections = client.connections
      status.device = "\(state.server), \(JACKClient.words(status.connected ?? 0))"
      if status.callbacks > 0, !status.realtime { status.refusal = Self.refusal(client) }
      return status
    }
  }

  /// A client whose server went is of no use any more. One that merely hangs may go on.
  func isBeyondReturn() -> Bool {
    state.withLock { state in
      guard let client = state.client, let cycle = state.cycle else { return true }
      return cycle.shutdown != nil
        || (cycle.figures.silence > DriverLimits.tendingSeconds && client.hasLostPipeWire)
    }
  }

  func tend(_ memory: inout ConnectionMemory) -> DriverError? {
    // Outside the lock, because a server may take its time to answer and the status must not wait for it.
    guard let client = state.withLock({ $0.client }), let cycle = client.cycle, cycle.shutdown == nil else {
      return nil
    }
    // What a server says while it goes down is no decision of anybody's.
    let figures = cycle.figures
    let usual = 2 * Double(figures.period) / figures.sample_rate
    // The first time it does not matter who calls: PipeWire calls nobody before its graph runs.
    guard
      !client.isTended || figures.callbacks > 0 && figures.silence < max(DriverLimits.tendingSeconds, usual)
    else { return nil }
    if autoconnect, memory.wantsUsual {
      let asked = client.autoconnect()
      if !asked.isEmpty { memory.ask(usual: asked) }
    }
    client.tend(&memory)
    return client.refusal(of: memory.takeRefusals())
  }

  private static func refusal(_ client: JACKClient) -> String {
    client.isRealtime
      ? "the server is realtime, this process is not allowed to be"
      : "the server itself runs without realtime scheduling"
  }
}
