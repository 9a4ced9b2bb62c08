import CDrivers
import RealtimeEngine
import Threading

/// Plays through a sound card with a thread of its own, which the card paces.
///
/// Cue and click are on channels 3 to 5 where the card has them. A card that runs dry or was suspended goes on with
/// the stream it has; one that is pulled ends the driver, and the status says so.
package final class ALSADriver: Device {
  /// The card's, which may not be the one that was asked for.
  package let sampleRate: Double
  private let wish: Wish
  private let state: Locked<State>

  struct Wish: Sendable {
    /// What `audio.device` says.
    var device: String
    var sampleRate: Double
    var period: Int
    var priority: Int
  }

  private struct State {
    /// Opened, and not yet closed.
    var card: Card?
    /// The last start's; its figures can still be read after the stop.
    var cycle: Cycle?
    var thread: OwnedThread?
    /// The card's own words.
    var terms: String
    var channels: Int
  }

  /// Unchecked: a number that one thread at a time gives to the driver's functions.
  private struct Card: @unchecked Sendable { let pointer: OpaquePointer }

  /// Opens the card, so that its rate is known; nothing sounds yet.
  ///
  /// - Parameters:
  ///   - device: a card's name as `garden device ls` shows it, or one of ALSA's names; empty is the first card.
  ///   - sampleRate: 8000 to 192000 frames per second; the card may give another.
  ///   - period: 16 to 8192 frames; the card may give another.
  ///   - priority: asked of SCHED_FIFO; a refusal is told in the status and the music plays on.
  package init(
    device: String = "", sampleRate: Double = 48_000, period: Int = 256,
    priority: Int = DriverLimits.timerPriority
  ) throws(DriverError) {
    let wish = Wish(
      device: device, sampleRate: try TimerDriver.checked(sampleRate: sampleRate),
      period: try TimerDriver.checked(period: period), priority: priority)
    let card = try Self.open(wish)
    let terms = drv_alsa_terms_of(card.pointer)
    self.wish = wish
    self.sampleRate = Double(terms.rate)
    state = Locked(State(card: card, terms: Self.words(terms, wish), channels: Int(terms.channels)))
  }

  deinit { stop() }

  /// What the card holds when it is full.
  var soundDelay: Int {
    state.withLock { state in
      guard let card = state.card else { return 0 }
      let terms = drv_alsa_terms_of(card.pointer)
      return Int(terms.period * terms.periods)
    }
  }

  func start(on baton: Baton) throws(DriverError) {
    try state.withLock { state throws(DriverError) in
      guard state.thread == nil else { throw DriverError.alreadyRunning("alsa") }
      let card = if let open = state.card { open } else { try Self.open(wish) }
      state.card = card
      let terms = drv_alsa_terms_of(card.pointer)
      let cycle = try Cycle(baton, sampleRate: Double(terms.rate))
      state.thread = try launch(card, cycle)
      state.cycle = cycle
      state.terms = Self.words(terms, wish)
      state.channels = Int(terms.channels)
    }
  }

  private func launch(_ card: Card, _ cycle: Cycle) throws(DriverError) -> OwnedThread {
    let priority = wish.priority
    do {
      return try OwnedThread(name: "garden-alsa", stackBytes: DriverLimits.timerStackBytes) {
        let answer = RealtimePriority.request(priority)
        cycle.refusal.withLock { $0 = answer.refusal }
        drv_alsa_run(card.pointer, cycle.pointer)
      }
    } catch { throw DriverError(error) }
  }

  package func stop() {
    state.withLock { state in
      state.cycle?.close()
      state.thread?.join()
      state.thread = nil
      if let card = state.card { drv_alsa_close(card.pointer) }
      state.card = nil
    }
  }

  package func status() -> DriverStatus {
    state.withLock { state in
      var status = DriverStatus(name: "alsa", device: state.terms, sampleRate: sampleRate)
      if let cycle = state.cycle {
        let running = state.thread != nil
        status = DriverStatus(name: "alsa", device: state.terms, cycle: cycle, running: running)
        status.refusal = cycle.refusal.withLock { $0 }
      }
      status.outputs = min(Int(DRV_CHANNELS), state.channels)
      return status
    }
  }

  /// "card 'Headset', 2 channels, S32_LE, 2 × 256 frames, mapped".
  private static func words(_ terms: drv_alsa_terms, _ wish: Wish) -> String {
    let name = wish.device.isEmpty ? "the first card" : "card '\(wish.device)'"
    let format = String(cString: terms.format)
    return "\(name), \(terms.channels) channels, \(format), \(terms.periods) × \(terms.period) frames"
      + (terms.is_mapped ? ", mapped" : "")
  }

  private static func open(_ wish: Wish) throws(DriverError) -> Card {
    let path = try ALSACard.path(of: wish.device)
    var report = drv_alsa_report()
    let opened = drv_alsa_open(
      path, UInt32(wish.sampleRate), UInt32(wish.period), ALSACard.periods(at: path), &report)
    if let opened { return Card(pointer: opened) }
    let detail = withUnsafeBytes(of: report.detail) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let step = report.step.map { String(cString: $0) } ?? "it"
    throw DriverError(
      "The card was not opened.", why: "'\(path)' refused \(step): \(detail).",
      next: "See what there is: garden device ls")
  }
}
