import CDrivers
import Glibc
import Threading

/// Ports of ALSA's sequencer, through a client of our own. What is due later goes into its queue with its time.
///
/// A port that is plugged in again may have another number: where the whole name is not there, the name without the
/// number is looked for.
final class ALSASequencer: ServedPorts {
  let kind = MIDIPort.Kind.alsa
  private let keeper: ClockKeeper?
  private let state: Locked<State>

  /// Unchecked: one thread at a time, under the lock, hands the client to the functions.
  fileprivate struct State: @unchecked Sendable {
    // Unchecked: reached under the lock alone.
    let functions: drv_sequencer
    let client: UnsafeMutableRawPointer
    var inputs: [Int: Link] = [:]
    var outputs: [Int: Link] = [:]
  }

  fileprivate struct Link {
    /// Our port, whose other end is somebody else's of this name.
    var own: Int32
    var name: String
    /// When the last message in the queue is due, on the monotonic clock: what is to go out at once goes behind it.
    var lastDue: Int64 = 0
  }

  /// Nil where there is no sequencer.
  init?(
    _ keeper: ClockKeeper?, clientName: String = "chaosgarden",
    functions: drv_sequencer = drv_alsa_sequencer().pointee
  ) {
    guard let client = functions.open(functions.context, clientName) else { return nil }
    self.keeper = keeper
    state = Locked(State(functions: functions, client: client))
  }

  deinit { state.withLock { $0.functions.close($0.client) } }

  func list() -> [MIDIPort] {
    state.withLock { state in
      MIDIPort.Direction.allCases.flatMap { direction in
        state.ports(direction).map { MIDIPort(kind: .alsa, direction: direction, name: $0.name) }
      }
    }
  }

  func link(_ direction: MIDIPort.Direction, slot: Int, to name: String) -> Bool {
    state.withLock { state in
      let ports = state.ports(direction)
      let base = Self.withoutNumber(name)
      guard
        let port = ports.first(where: { $0.name == name })
          ?? ports.first(where: { Self.withoutNumber($0.name) == base })
      else {
        state.drop(direction, slot)
        return false
      }
      if state[direction, slot]?.name != port.name { state.drop(direction, slot) }
      if state[direction, slot] == nil {
        let own = state.functions.make_port(
          state.client, "\(direction == .input ? "live" : "out") \(slot + 1)", direction == .input)
        guard own >= 0 else { return false }
        state[direction, slot] = Link(own: own, name: port.name)
      }
      guard let link = state[direction, slot] else { return false }
      let result = state.functions.link(state.client, link.own, direction == .input, port.client, port.port)
      if result != 0 { state.drop(direction, slot) }
      return result == 0
    }
  }

  /// "NAME 28:0" without its last word.
  static func withoutNumber(_ name: String) -> String {
    name.lastIndex(of: " ").map { String(name[..<$0]) } ?? name
  }

  /// What waits in the queue goes out before.
  func unlink(_ direction: MIDIPort.Direction, slot: Int) {
    let due = state.withLock { $0[direction, slot]?.lastDue ?? 0 }
    let rest = min(due - Self.now, DriverLimits.queuedNanoseconds)
    if rest > 0 { usleep(UInt32(rest / 1000 + 1000)) }
    state.withLock { $0.drop(direction, slot) }
  }

  func delay(slot: Int) -> Int { keeper?.soundDelay() ?? 0 }

  func post(_ bytes: [UInt8], slot: Int) -> Bool { send(bytes, slot: slot, at: 0) }

  // MARK: The serving thread

  var descriptors: [Int32] { state.withLock { [$0.functions.descriptor($0.client)] } }

  func receive(_ take: (Int, MIDIBytes?) -> Void) {
    let came = state.withLock { $0.receive() }
    for (slot, message) in came { take(slot, message) }
  }

  func send(_ message: MIDIBytes, slot: Int, frame: Int64, nanoseconds: Int64) {
    _ = send(message.array, slot: slot, at: nanoseconds)
  }

  private func send(_ bytes: [UInt8], slot: Int, at nanoseconds: Int64) -> Bool {
    state.withLock { state in
      guard var link = state.outputs[slot] else { return false }
      let due = max(nanoseconds, link.lastDue)
      link.lastDue = due
      state.outputs[slot] = link
      return state.functions.send(state.client, link.own, bytes, Int32(bytes.count), max(0, due - Self.now))
        == 0
    }
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

extension ALSASequencer.State {
  fileprivate subscript(direction: MIDIPort.Direction, slot: Int) -> ALSASequencer.Link? {
    get { direction == .input ? inputs[slot] : outputs[slot] }
    set { if direction == .input { inputs[slot] = newValue } else { outputs[slot] = newValue } }
  }

  fileprivate mutating func drop(_ direction: MIDIPort.Direction, _ slot: Int) {
    guard let link = self[direction, slot] else { return }
    functions.drop_port(client, link.own)
    self[direction, slot] = nil
  }

  fileprivate func ports(_ direction: MIDIPort.Direction) -> [(name: String, client: Int32, port: Int32)] {
    var found: [(name: String, client: Int32, port: Int32)] = []
    var name = [CChar](repeating: 0, count: DriverLimits.portNameBytes)
    var number: Int32 = 0
    var port: Int32 = 0
    while found.count < DriverLimits.listedPorts,
      functions.port_at(
        client, direction == .input, Int32(found.count), &number, &port, &name, Int32(name.count))
    {
      let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      found.append((String(decoding: bytes, as: UTF8.self), number, port))
    }
    return found
  }

  fileprivate func receive() -> [(Int, MIDIBytes?)] {
    var came: [(Int, MIDIBytes?)] = []
    var bytes = [UInt8](repeating: 0, count: 16)
    var own: Int32 = 0
    while came.count < DriverLimits.receivedMessages {
      let count = functions.receive(client, &own, &bytes, Int32(bytes.count))
      guard count > 0 else { break }
      guard let slot = inputs.first(where: { $0.value.own == own })?.key else { continue }
      guard count <= 3 else {
        came.append((slot, nil))
        continue
      }
      came.append(
        (
          slot,
          MIDIBytes(
            count: UInt8(count), status: bytes[0], data1: count > 1 ? bytes[1] : 0,
            data2: count > 2 ? bytes[2] : 0)
        ))
    }
    return came
  }
}
