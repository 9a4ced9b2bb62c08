import CDrivers
import RealtimeEngine
import Threading

/// Keeps the renderer running whatever becomes of its device.
///
/// A timer of its own drives while no device does: at the start, when a server is killed, hangs or goes, when a
/// card is pulled, and where only the timer was asked for. It first makes up what the running clock has gone on by
/// meanwhile, unheard. A device that is back is opened on an ordinary thread, connected as it was, and takes over at
/// the frame that the running clock is at.
///
/// Any ordinary thread may call. The status and the events wait for no device.
package final class ClockKeeper: AudioDriver {
  /// Frames per second of the renderer: the first device's. Another device, or the same one at another rate, is
  /// resampled for.
  package let sampleRate: Double
  private let tap: CaptureTap?
  /// What comes in, whichever device plays.
  package let input: AudioInput
  let priority: Int
  /// Held while devices are opened and closed.
  let supervised: Locked<Supervised>
  /// Held for a handful of instructions.
  let shown: Locked<Shown>
  private let running = Locked(Running())

  /// What one thread at a time opens, closes and looks after.
  struct Supervised {
    var name: String
    var wishes: DriverWishes
    var baton: Baton?
    var keeper: Keeper?
    /// The one that was opened at the start to learn its rate, until it is lent the renderer.
    var device: (any Device)?
    var memory = ConnectionMemory()
    var retry = DriverLimits.firstRetry
    var lookAgain = ContinuousClock.now
    var losses: UInt64 = 0
    var returns: UInt64 = 0
  }

  /// What anybody may ask for at any time.
  struct Shown {
    var wanted: String
    var device: (any Device)?
    var baton: Baton?
    var keeper: Keeper?
    var away: String?
    var events: [DeviceEvent] = []
    var earlier = EarlierDevices()

    mutating func add(_ event: DeviceEvent) {
      events.append(event)
      events.removeFirst(max(0, events.count - DriverLimits.deviceEvents))
    }
  }

  private struct Running {
    var thread: OwnedThread?
    var supervisor: OwnedThread?
    var orders: Mailbox<Bool>?
  }

  /// Opens the device, so that its sample rate is known; no sound yet. `auto` falls to the timer, and goes on looking
  /// for a server or a card.
  ///
  /// - Parameter name: `auto`, `jack`, `pipewire`, `alsa`, `virtual` or `timer`.
  package init(_ name: String, _ wishes: DriverWishes) throws(DriverError) {
    let device = try DriverChoice.device(name, wishes)
    let rate = try TimerDriver.checked(sampleRate: device?.sampleRate ?? wishes.sampleRate)
    sampleRate = rate
    input = try AudioInput(sampleRate: rate)
    tap = wishes.tap
    priority = wishes.priority
    supervised = Locked(Supervised(name: name, wishes: wishes, device: device))
    shown = Locked(Shown(wanted: name))
  }

  deinit { stop() }

  package func start(_ entry: RenderEntry) throws(DriverError) {
    try running.withLock { running throws(DriverError) in
      guard running.thread == nil else { throw DriverError.alreadyRunning("clock keeper") }
      let baton = try Baton(entry, sampleRate: sampleRate, isKept: true, tap: tap, input: input)
      try begin(on: baton, &running)
    }
  }

  private func begin(on baton: Baton, _ running: inout Running) throws(DriverError) {
    let keeper = try supervised.withLock { supervised throws(DriverError) in
      let keeper = try Keeper(baton, period: supervised.wishes.period)
      supervised.baton = baton
      supervised.keeper = keeper
      return keeper
    }
    shown.withLock {
      $0.baton = baton
      $0.keeper = keeper
    }
    let priority = priority
    do {
      running.thread = try OwnedThread(name: "garden-keeper", stackBytes: DriverLimits.timerStackBytes) {
        keeper.run(priority: priority)
      }
      // The first device is lent the renderer before this returns: what it refuses is told to whoever starts.
      try lendFirst()
      let orders = try Mailbox<Bool>(capacity: 1)
      running.orders = orders
      running.supervisor = try OwnedThread(name: "garden-devices") { [unowned self] in
        while orders.wait(milliseconds: DriverLimits.supervisionMilliseconds).isEmpty { supervise() }
      }
    } catch {
      end(&running)
      throw (error as? DriverError) ?? DriverError(error as? ThreadingError)
    }
  }

  /// When this returns, the renderer is not called again. Idempotent.
  package func stop() { running.withLock { end(&$0) } }

  private func end(_ running: inout Running) {
    _ = running.orders?.push(true)
    running.supervisor?.join()
    shown.withLock { shown in
      if let device = shown.device { shown.earlier.add(device.status()) }
      shown.device = nil
    }
    supervised.withLock { supervised in
      supervised.device?.stop()
      supervised.device = nil
      supervised.keeper?.stop()
      running.thread?.join()
    }
    running = Running()
  }

  /// Whether the device has a port for MIDI; while it is silent for a moment, too.
  package var hasMIDIPort: Bool { shown.withLock { $0.device } is JACKDriver }

  package func takeMIDI() -> [MIDIInput] { shown.withLock { $0.device }?.takeMIDI() ?? [] }

  /// The frame that the running clock is at, at a time on the monotonic clock in nanoseconds, and the other way; 0 before
  /// the start. Any thread; waits for nobody's work.
  package func frame(at nanoseconds: Int64) -> Int64 {
    shown.withLock { $0.baton }.map { drv_baton_frame_at($0.pointer, nanoseconds) } ?? 0
  }

  package func time(of frame: Int64) -> Int64 {
    shown.withLock { $0.baton }.map { drv_baton_time_at($0.pointer, frame) } ?? 0
  }

  /// Frames of the renderer from a block's start until its sound is heard; 0 without a device. Waits while devices are
  /// opened and closed.
  func soundDelay() -> Int {
    supervised.withLock { supervised in
      guard let device = supervised.device else { return 0 }
      return Int((Double(device.soundDelay) * sampleRate / max(1, device.sampleRate)).rounded())
    }
  }

  /// Lends the JACK client that plays now, which stays for as long as `body` runs; nil where none plays. Waits while
  /// devices are opened and closed.
  func withJACK<Result: Sendable>(_ body: (JACKClient) -> Result) -> Result? {
    supervised.withLock { ($0.device as? JACKDriver)?.withClient(body) }
  }

  /// What happened to the device since the last call.
  package func takeEvents() -> [DeviceEvent] {
    shown.withLock { shown in
      let events = shown.events
      shown.events = []
      return events
    }
  }
}

extension DriverError {
  /// A thread or a mailbox that the system did not give.
  init(_ error: ThreadingError?) {
    let lines =
      error?.lines ?? ["The audio driver was not started.", "The system gave no reason.", "Try again."]
    self.init(lines[0], why: lines[1], next: lines[2])
  }
}
