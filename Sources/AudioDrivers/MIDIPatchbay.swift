import Glibc
import RealtimeEngine
import Threading

/// Which ports of ours are linked to which of others', whatever system brings them; makes links again when a port that
/// had gone is back.
///
/// Ordinary threads; `attach`, `detach` and `list` may wait for a server. Looks after the links on a thread of its own.
package final class MIDIPatchbay: Sendable {
  package struct Attachment: Sendable, Equatable {
    package var port: MIDIPort
    package var slot: Int
    package var isConnected: Bool
  }

  package enum PortError: Error, Equatable {
    /// The pattern.
    case notFound(String)
    /// The names of ports.
    case alreadyConnected(String)
    case refused(String)
    case full
  }

  private enum Order: Sendable {
    case post([UInt8], MIDIPort.Kind, slot: Int)
    case stop
  }

  private let systems: [any MIDIPorts]
  private let server: MIDIServer
  private let crossing: MIDICrossing
  private let attached = Locked([Attachment]())
  private let orders: Mailbox<Order>
  /// Links that have come or gone by themselves.
  private let news: Mailbox<Attachment>
  private let thread = Locked<OwnedThread?>(nil)

  /// - Parameter list: a file that lists ports; empty for none.
  package init(_ keeper: ClockKeeper, _ crossing: MIDICrossing, list: String) throws(ThreadingError) {
    var systems: [any MIDIPorts] = [JACKMIDIPorts(keeper)]
    if let sequencer = ALSASequencer(keeper) { systems.append(sequencer) }
    if !list.isEmpty { systems.append(VirtualMIDIPorts(keeper, path: list)) }
    self.systems = systems
    self.crossing = crossing
    server = try MIDIServer(crossing, keeper)
    orders = try Mailbox(capacity: 1024)
    news = try Mailbox(capacity: 1024)
  }

  package func start() throws(ThreadingError) {
    try server.start()
    let started = try OwnedThread(name: "garden-ports", stackBytes: 256 * 1024) { [self] in
      while true {
        for order in orders.wait(milliseconds: DriverLimits.portsMilliseconds) {
          guard case .post(let bytes, let kind, let slot) = order else { return }
          _ = system(kind)?.post(bytes, slot: slot)
        }
        tend()
      }
    }
    thread.withLock { $0 = started }
  }

  /// Lets go of every note on every port, while the device still runs, and ends the threads.
  package func stop() {
    let outputs = attached.withLock { attached in attached.filter { $0.port.direction == .output } }
    for output in outputs { silence(output) }
    _ = orders.push(.stop)
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
    server.stop()
  }

  /// Readable when there is news.
  package var descriptor: Int32 { news.descriptor }
  package func takeNews() -> [Attachment] { news.drain() }

  private func system(_ kind: MIDIPort.Kind) -> (any MIDIPorts)? { systems.first { $0.kind == kind } }

  private func switches(_ kind: MIDIPort.Kind) -> OutSwitches {
    kind == .jack ? crossing.deviceSwitches : crossing.ordinarySwitches
  }

  /// Every port that can be attached: JACK's, then ALSA's, then the list's.
  package func list() -> [MIDIPort] { systems.flatMap { $0.list() } }

  /// Links a free slot to the first port whose name contains the pattern; the empty one is in all.
  package func attach(_ direction: MIDIPort.Direction, _ pattern: String) throws(PortError) -> Attachment {
    let ports = list().filter { $0.direction == direction }
    guard let port = ports.first(where: { pattern.isEmpty || $0.name.contains(pattern) }) else {
      throw .notFound(pattern)
    }
    return try attached.withLock { attached throws(PortError) in
      guard !attached.contains(where: { $0.port == port }) else { throw .alreadyConnected(port.name) }
      let taken = Set(attached.filter { $0.port.direction == direction }.map(\.slot))
      guard let slot = (0..<EngineLimits.midiPorts).first(where: { !taken.contains($0) }) else { throw .full }
      guard let system = system(port.kind), system.link(direction, slot: slot, to: port.name) else {
        throw .refused(port.name)
      }
      let attachment = Attachment(port: port, slot: slot, isConnected: true)
      attached.append(attachment)
      serve(attachment, by: system)
      return attachment
    }
  }

  private func serve(_ attachment: Attachment, by system: any MIDIPorts) {
    if let served = system as? any ServedPorts {
      server.serve(attachment.port.direction, slot: attachment.slot, by: served)
    }
    if attachment.port.direction == .output {
      switches(attachment.port.kind).setDelay(
        max(0, system.delay(slot: attachment.slot)), of: attachment.slot)
    }
  }

  /// Lets go of a port. An output's notes are let go first, those that it was sent directly too.
  package func detach(_ attachment: Attachment) {
    if attachment.port.direction == .output { silence(attachment) }
    attached.withLock { attached in
      attached.removeAll { $0.slot == attachment.slot && $0.port.direction == attachment.port.direction }
      server.serve(attachment.port.direction, slot: attachment.slot, by: nil)
      system(attachment.port.kind)?.unlink(attachment.port.direction, slot: attachment.slot)
    }
  }

  /// A port whose system does not run any more cannot be told, and is not waited for.
  private func silence(_ attachment: Attachment) {
    guard attachment.isConnected else { return }
    let switches = switches(attachment.port.kind)
    switches.close(attachment.slot)
    for _ in 0..<DriverLimits.closingPortMilliseconds where !switches.isClosed(attachment.slot) {
      usleep(1000)
    }
  }

  /// Sends a longer message; false when too many wait. Any thread, without waiting.
  package func post(_ bytes: [UInt8], to attachment: Attachment) -> Bool {
    orders.push(.post(bytes, attachment.port.kind, slot: attachment.slot))
  }

  /// Messages that have gone out through a port since the start.
  package func sent(_ attachment: Attachment) -> Int {
    switches(attachment.port.kind).sent(of: attachment.slot)
  }

  /// Frames that a port's messages wait for the sound.
  package func delay(_ attachment: Attachment) -> Int {
    switches(attachment.port.kind).delay(of: attachment.slot)
  }

  /// Links what is not linked and can be.
  private func tend() {
    attached.withLock { attached in
      for index in attached.indices {
        let one = attached[index]
        guard let system = system(one.port.kind) else { continue }
        let isConnected = system.link(one.port.direction, slot: one.slot, to: one.port.name)
        if isConnected { serve(one, by: system) }
        guard isConnected != one.isConnected else { continue }
        attached[index].isConnected = isConnected
        // Whoever hears it when it is back holds none of the notes of before.
        if !isConnected, one.port.direction == .output { switches(one.port.kind).close(one.slot) }
        _ = news.push(attached[index])  // Without room it is told by the next list.
      }
    }
  }
}
