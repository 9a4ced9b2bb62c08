import CDrivers
import Glibc
import RealtimeEngine
import Threading

/// Serves the ports that no device's own thread serves: hands what comes in to the renderer, and sends what is due. A
/// thread of its own, which talks to the renderer through rings only and waits for nobody but the ports.
final class MIDIServer: Sendable {
  private let shelf: Locked<Shelf>
  private let crossing: MIDICrossing
  private let keeper: ClockKeeper
  /// True ends it, false has it look anew at whom it serves.
  private let orders: Mailbox<Bool>
  /// Who may start and join it.
  private let thread = Locked<OwnedThread?>(nil)

  struct Shelf {
    /// Whose ports they are, by slot.
    var inputs: [Int: any ServedPorts] = [:]
    var outputs: [Int: any ServedPorts] = [:]
  }

  init(_ crossing: MIDICrossing, _ keeper: ClockKeeper) throws(ThreadingError) {
    self.crossing = crossing
    self.keeper = keeper
    shelf = Locked(Shelf())
    orders = try Mailbox(capacity: 256)
  }

  func start() throws(ThreadingError) {
    let started = try OwnedThread(name: "garden-midi-io", stackBytes: 256 * 1024) { [self] in run() }
    thread.withLock { $0 = started }
  }

  func stop() {
    while !orders.push(true) { usleep(1000) }
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }

  func serve(_ direction: MIDIPort.Direction, slot: Int, by ports: (any ServedPorts)?) {
    shelf.withLock { shelf in
      switch direction {
      case .input: shelf.inputs[slot] = ports
      case .output: shelf.outputs[slot] = ports
      }
    }
    _ = orders.push(false)  // Without room it is awake already.
  }

  private func run() {
    while true {
      let shelf = shelf.withLock { $0 }
      let sources = Self.distinct(shelf.inputs.values)
      var polls = [pollfd(fd: orders.descriptor, events: Int16(POLLIN), revents: 0)]
      for descriptor in sources.flatMap(\.descriptors) {
        polls.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
      }
      let patience = shelf.outputs.isEmpty ? DriverLimits.portsMilliseconds : DriverLimits.servedMilliseconds
      _ = poll(&polls, nfds_t(polls.count), patience)
      if orders.drain().contains(true) { return }
      receive(sources)
      send()
    }
  }

  private static func distinct(_ ports: some Sequence<any ServedPorts>) -> [any ServedPorts] {
    var found: [any ServedPorts] = []
    for one in ports where !found.contains(where: { $0 === one }) { found.append(one) }
    return found
  }

  private func receive(_ sources: [any ServedPorts]) {
    let shelf = shelf.withLock { $0 }
    let frame = keeper.frame(at: Self.now)
    for source in sources {
      source.receive { slot, bytes in
        guard shelf.inputs[slot] === source else { return }
        let message = PortMessage(
          frame: frame, port: UInt8(slot), count: bytes?.count ?? 0, status: bytes?.status ?? 0,
          data1: bytes?.data1 ?? 0, data2: bytes?.data2 ?? 0)
        // What the renderer has no room for came faster than any cable carries.
        _ = crossing.source.push(message)
      }
    }
  }

  private func send() {
    let shelf = shelf.withLock { $0 }
    let ahead = Int64(DriverLimits.aheadSeconds * keeper.sampleRate)
    let limit = keeper.frame(at: Self.now) + ahead
    while let message = crossing.stage.next(before: limit) {
      let bytes = MIDIBytes(
        count: message.count, status: message.status, data1: message.data1, data2: message.data2)
      let frame = message.frame
      shelf.outputs[Int(message.port)]?.send(
        bytes, slot: Int(message.port), frame: frame,
        nanoseconds: frame == .min ? 0 : keeper.time(of: frame))
    }
    for ports in Self.distinct(shelf.outputs.values) { ports.tick(Self.now) }
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
