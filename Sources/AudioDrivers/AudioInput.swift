import CDrivers
import Glibc
import Threading

/// Sound that comes in: from ports of the JACK client that plays, or from a card with a clock of its own, whose drift is
/// followed.
///
/// Any ordinary thread may ask for the status. Whoever attaches and detaches may have to wait for a server or a card.
///
/// Unchecked: the pointer never changes, and what is behind it guards itself.
package final class AudioInput: @unchecked Sendable {
  let pointer: OpaquePointer
  private let state = Locked(State())

  private struct State {
    var source: Source?
    var listener: (any InputListener)?
  }

  /// What is attached.
  package struct Source: Sendable, Equatable {
    /// `jack`, `alsa` or `virtual`.
    package let kind: String
    /// Full names of the ports, or the card's.
    package let names: [String]
    package let channels: Int
  }

  init(sampleRate: Double) throws(DriverError) {
    guard let pointer = drv_input_create(sampleRate) else { throw DriverError.noMemory }
    self.pointer = pointer
  }

  deinit {
    state.withLock { $0.listener = nil }
    drv_input_destroy(pointer)
  }

  /// Ports of the client that plays, by their full names; no names: whatever is connected to ours by hand.
  func hear(ports names: [String]) {
    state.withLock { state in
      state.listener = nil
      state.source = Source(kind: "jack", names: names, channels: names.count == 1 ? 1 : 2)
      drv_input_use(pointer, DRV_INPUT_DEVICE)
    }
  }

  /// A card, on a thread of its own.
  func hear(card name: String, sampleRate: Double, period: Int, priority: Int) throws(DriverError) {
    let listener = try CardListener(
      name, input: pointer, sampleRate: sampleRate, period: period, priority: priority)
    state.withLock { state in
      state.listener = nil
      state.source = Source(kind: "alsa", names: [name], channels: min(2, listener.channels))
      drv_input_use(pointer, DRV_INPUT_CARD)
      state.listener = listener
    }
  }

  /// A device of the list in place of this machine's.
  func hear(_ device: VirtualDevice) throws(DriverError) {
    let listener = try VirtualSource(device, input: pointer)
    state.withLock { state in
      state.listener = nil
      state.source = Source(kind: "virtual", names: [device.name], channels: 2)
      drv_input_use(pointer, DRV_INPUT_CARD)
      state.listener = listener
    }
  }

  func hearNothing() {
    state.withLock { state in
      drv_input_use(pointer, DRV_INPUT_NONE)
      state.listener = nil
      state.source = nil
    }
  }

  package func status() -> InputStatus {
    var figures = drv_input_figures()
    drv_input_figures_of(pointer, &figures)
    return state.withLock { state in
      InputStatus(
        source: state.source, sampleRate: figures.rate, callbacks: figures.pushes, frames: figures.captured,
        lostFrames: figures.overruns, missedFrames: figures.underruns, resyncs: figures.resyncs,
        latency: figures.latency, drift: figures.drift, peak: figures.peak,
        problem: state.listener?.complaint)
    }
  }
}

/// What is known of the sound that comes in. The counts are those since the start.
package struct InputStatus: Sendable, Equatable {
  /// Nil: nothing is attached.
  package var source: AudioInput.Source?
  package var sampleRate: Double
  /// Blocks and frames that came in.
  package var callbacks: UInt64
  package var frames: UInt64
  /// Frames that were lost, frames that had not come when they were due, and how often the place between two clocks was
  /// taken anew.
  package var lostFrames: UInt64
  package var missedFrames: UInt64
  package var resyncs: UInt64
  /// Frames of the renderer between a frame's coming and the block it is handed out with.
  package var latency: Double
  /// How much faster its clock is than the device's: 0.0001 is 100 parts in a million.
  package var drift: Double
  /// The highest sample since it was attached, linear.
  package var peak: Float
  /// Why nothing comes, though something is attached.
  package var problem: String?
}

/// What could be attached.
package struct InputCandidate: Sendable, Equatable {
  /// What `attach` finds it by.
  package let name: String
  /// `jack`, `alsa` or `virtual`.
  package let kind: String
  package let detail: String
  /// What peers are given as its number, where the list of devices says one.
  package var number: Int?
}

/// What brings sound from a clock of its own for as long as it is held.
protocol InputListener: AnyObject, Sendable {
  /// Why nothing comes.
  var complaint: String? { get }
}

/// The thread that listens to a card. One that is pulled out is opened again when it is back.
///
/// Unchecked: the card is its thread's, but for the order to stop and the complaint, which are atomics.
final class CardListener: InputListener, @unchecked Sendable {
  let channels: Int
  private let current: Locked<Card?>
  private let isStopping = Locked(false)
  private let broken = Locked<String?>(nil)
  private let thread: Locked<OwnedThread?> = Locked(nil)

  /// Unchecked: a number; who gives it to the functions holds the lock, or is the thread that runs it.
  private struct Card: @unchecked Sendable { let pointer: OpaquePointer }
  /// Unchecked: the input outlives its listener, and guards itself.
  private struct Target: @unchecked Sendable { let pointer: OpaquePointer }

  init(
    _ name: String, input: OpaquePointer, sampleRate: Double, period: Int, priority: Int
  ) throws(DriverError) {
    let first = try Self.open(name, sampleRate, period)
    channels = Int(drv_capture_terms_of(first.pointer).channels)
    current = Locked(first)
    let target = Target(pointer: input)
    let (current, isStopping, broken) = (current, isStopping, broken)
    do {
      let made = try OwnedThread(name: "garden-input", stackBytes: DriverLimits.timerStackBytes) {
        _ = RealtimePriority.request(max(1, priority - 1))
        while !isStopping.withLock({ $0 }) {
          guard let card = current.withLock({ $0 }) else {
            usleep(DriverLimits.cardRetryMicroseconds)
            // Not there yet; the complaint tells why nothing comes.
            if let again = try? Self.open(name, sampleRate, period) {
              current.withLock { $0 = again }
              broken.withLock { $0 = nil }
            }
            continue
          }
          drv_capture_run(card.pointer, target.pointer)
          let complaint = drv_capture_complaint(card.pointer).map { String(cString: $0) }
          current.withLock { $0 = nil }
          broken.withLock { $0 = complaint.map { "the card is gone: \($0)" } }
          drv_capture_close(card.pointer)
        }
      }
      thread.withLock { $0 = made }
    } catch {
      drv_capture_close(first.pointer)
      throw DriverError(error)
    }
  }

  deinit {
    isStopping.withLock { $0 = true }
    current.withLock { if let card = $0 { drv_capture_stop(card.pointer) } }
    thread.withLock { $0 }?.join()
    current.withLock { card in
      if let card { drv_capture_close(card.pointer) }
      card = nil
    }
  }

  var complaint: String? { broken.withLock { $0 } }

  private static func open(_ name: String, _ sampleRate: Double, _ period: Int) throws(DriverError) -> Card {
    let path = try ALSACard.path(of: name)
    var report = drv_alsa_report()
    if let opened = drv_capture_open(path, UInt32(sampleRate), UInt32(period), &report) {
      return Card(pointer: opened)
    }
    let detail = withUnsafeBytes(of: report.detail) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let step = report.step.map { String(cString: $0) } ?? "it"
    throw DriverError(
      "No input was attached.", why: "'\(path)' refused \(step): \(detail).",
      next: "See what there is: garden input ls")
  }
}
