import CDrivers

/// A connection to a JACK server, opened and closed once. Owned by one `JACKDriver`.
///
/// Unchecked: started and closed under the driver's lock; JACK's own functions take calls from any thread.
final class JACKClient: @unchecked Sendable {
  /// What to ask a server for.
  struct Wish: Sendable {
    var clientName: String
    var serverName: String?
    /// Nil: the system's, then PipeWire's where a PipeWire server runs.
    var library: JACKLibrary?

    /// The server's name, as JACK resolves it.
    var asked: String { serverName ?? environment("JACK_DEFAULT_SERVER") ?? "default" }
  }

  let wish: Wish
  private let handle: Handle
  private var isClosed = false
  /// Whether its connections were looked at since it was started.
  private(set) var isTended = false
  /// Kept until the client is closed, because the server's thread is in it.
  private(set) var cycle: Cycle?

  private let socketIdentity: UInt64
  /// Requests that the server said no to; others it may have ignored.
  private var denied: Set<String> = []

  private init(_ handle: Handle, _ wish: Wish) {
    self.handle = handle
    self.wish = wish
    socketIdentity = PipeWireSocket.identity(wish.serverName)
  }

  /// Unchecked: a number that one thread at a time gives to JACK's functions, which take calls from any.
  private struct Handle: @unchecked Sendable {
    // Unchecked: JACK's functions take the number from any thread, and one at a time gives it.
    let pointer: OpaquePointer
  }

  private var pointer: OpaquePointer { handle.pointer }

  deinit { close() }

  var sampleRate: Double { drv_jack_sample_rate(pointer) }
  var bufferFrames: Int { Int(drv_jack_buffer_size(pointer)) }
  var isRealtime: Bool { drv_jack_is_realtime(pointer) }

  /// Registers the ports and has the server call `cycle` from now on.
  func start(_ cycle: Cycle) throws(DriverError) {
    self.cycle = cycle
    let step = drv_jack_start(pointer, cycle.pointer)
    guard step == 0 else {
      throw DriverError(
        "The JACK client was not started.", why: "\(server): \(String(cString: drv_jack_step(step))).",
        next: "See whether the server still runs: jack_lsp")
    }
  }

  /// When this returns, the cycle is not running and is not called again. The server is left, too, or will be
  /// as soon as it answers. Idempotent.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    cycle?.close()
    let handle = handle
    let cycle = cycle
    let leave: @Sendable () -> Void = {
      // The cycle must outlive the client, whose callbacks hold it.
      withExtendedLifetime(cycle) { drv_jack_close(handle.pointer) }
    }
    Patience.call(milliseconds: DriverLimits.closingMilliseconds, leave, late: {})
  }

  /// Asks for a connection of the main pair to the first two physical outputs; both sides to one, if there is one.
  ///
  /// - Returns: what was asked for: each port's number and the name of its other end.
  @discardableResult
  func autoconnect() -> [(port: Int, peer: String)] {
    let outputs = names { drv_jack_physical_outputs(pointer, $0, $1) }
    guard let last = outputs.prefix(Int(DRV_JACK_MAIN)).last else { return [] }
    return (0..<Int(DRV_JACK_MAIN)).map { number in
      let peer = outputs.indices.contains(number) ? outputs[number] : last
      ask(number, peer)
      return (number, peer)
    }
  }

  /// Another server listens than the one this client belongs to, or none. Not every death is told.
  var hasLostPipeWire: Bool { isPipeWire && PipeWireSocket.identity(wish.serverName) != socketIdentity }

  var isPipeWire: Bool { String(cString: drv_jack_version(pointer)).contains("PipeWire") }

  /// Takes note of every port's connections, and makes those again that are missed.
  func tend(_ memory: inout ConnectionMemory) {
    isTended = true
    for number in 0..<Int(DRV_JACK_PORTS) {
      let connected = names { drv_jack_connections(pointer, Int32(number), $0, $1) }
      let wanted = memory.look(port: number, connected: connected) { drv_jack_has_port(pointer, $0) }
      // Made or not, the next looks tell.
      for peer in wanted { ask(number, peer) }
    }
  }

  func ownName(_ number: Int) -> String { String(cString: drv_jack_port_name(pointer, Int32(number))) }
  func wasDenied(_ pair: PortPair) -> Bool { denied.contains(pair.description) }

  private func ask(_ number: Int, _ peer: String) {
    let pair = pair(number, peer)
    if drv_jack_connect(pointer, Int32(number), peer) {
      denied.remove(pair.description)
    } else {
      denied.insert(pair.description)
    }
  }

  /// Full names of the ports of others that give sound, physical ones first.
  func sources() -> [String] { names { drv_jack_sources(pointer, $0, $1) } }

  /// Connects these two to `in_left` and `in_right` in the place of whatever was; false when the server did not.
  func listen(to left: String, _ right: String) -> Bool {
    listenToNothing()
    for (side, peer) in [left, right].enumerated() {
      let number = Int(DRV_JACK_IN_LEFT) + side
      ask(number, peer)
      guard names({ drv_jack_connections(pointer, Int32(number), $0, $1) }).contains(peer) else {
        return false
      }
    }
    return true
  }

  func listenToNothing() {
    for number in Int(DRV_JACK_IN_LEFT)..<Int(DRV_JACK_PORTS) { drv_jack_disconnect(pointer, Int32(number)) }
  }

  /// Frames that sound is on its way through the server's ports, there and back.
  var roundTrip: Int { Int(drv_jack_round_trip(pointer)) }

  private func names(_ write: (UnsafeMutablePointer<CChar>, Int32) -> Void) -> [String] {
    var text = [CChar](repeating: 0, count: DriverLimits.connectionListBytes)
    text.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { write(start, Int32(buffer.count)) }
    }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  // MARK: MIDI ports beside `midi_in`

  func midiPorts() -> [MIDIPort] {
    MIDIPort.Direction.allCases.flatMap { direction in
      names { drv_jack_midi_list(pointer, direction == .input, $0, $1) }.map {
        MIDIPort(kind: .jack, direction: direction, name: $0)
      }
    }
  }

  func linkMIDI(_ direction: MIDIPort.Direction, slot: Int, to name: String) -> Bool {
    drv_jack_midi_link(pointer, direction == .input, Int32(slot), name)
  }

  func unlinkMIDI(_ direction: MIDIPort.Direction, slot: Int) {
    drv_jack_midi_unlink(pointer, direction == .input, Int32(slot))
  }

  /// In frames of the device.
  func midiDelay(slot: Int) -> Int { Int(drv_jack_midi_delay(pointer, Int32(slot))) }

  var soundDelay: Int { Int(drv_jack_sound_delay(pointer)) }

  func postMIDI(_ bytes: [UInt8], slot: Int) -> Bool {
    drv_jack_midi_post(pointer, Int32(slot), bytes, Int32(bytes.count))
  }

  /// "jackd 'default' as 'chaosgarden-01' (the name 'chaosgarden' was taken)".
  var server: String {
    let given = String(cString: drv_jack_name(pointer))
    return given == wish.clientName ? kind : "\(kind) as '\(given)' (the name '\(wish.clientName)' was taken)"
  }

  /// "jackd 'default'" or "PipeWire".
  var kind: String {
    if isPipeWire, wish.serverName == nil { return "PipeWire" }
    return "\(isPipeWire ? "PipeWire" : "jackd") '\(wish.asked)'"
  }

  /// How many connections each output has now.
  var connections: [Int] { (0..<DRV_CHANNELS).map { Int(drv_jack_connected(pointer, Int32($0))) } }

  static func words(_ connected: Int) -> String {
    switch connected {
    case 0: "no output connected"
    case 1: "1 output connected"
    default: "\(connected) outputs connected"
    }
  }
}

extension JACKClient {
  /// Connects to a running server; starts none.
  static func open(_ wish: Wish) throws(DriverError) -> JACKClient {
    try check(wish)
    if let library = wish.library { return try open(wish, through: library) }
    do {
      return try open(wish, through: .system)
    } catch let refusal {
      guard PipeWireSocket.path(wish.serverName) != nil, JACKLibrary.pipewire.path != nil else {
        throw refusal
      }
      return try open(wish, through: .pipewire)
    }
  }

  private static func check(_ wish: Wish) throws(DriverError) {
    let name = wish.clientName
    guard DriverLimits.clientNameBytes.contains(name.utf8.count),
      !name.contains(where: { $0 == ":" || $0 == "\0" })
    else {
      throw DriverError(
        "The JACK client was not opened.",
        why:
          "Its name has \(name.utf8.count) bytes; it may have \(DriverLimits.clientNameBytes), and no colon.",
        next: "Choose another client name, for example chaosgarden.")
    }
    guard let server = wish.serverName else { return }
    guard DriverLimits.serverNameBytes.contains(server.utf8.count),
      !server.contains(where: { $0 == "/" || $0 == "\0" })
    else {
      throw DriverError(
        "The JACK client was not opened.",
        why: "The server's name has \(server.utf8.count) bytes; "
          + "it may have \(DriverLimits.serverNameBytes), and no slash.",
        next: "Give the name that jackd was started with (-n), or none.")
    }
  }

  private static func open(_ wish: Wish, through library: JACKLibrary) throws(DriverError) -> JACKClient {
    guard let path = library.path else {
      throw DriverError(
        "PipeWire's JACK library was not found.",
        why: "No /usr/lib/*/pipewire-0.3/jack/libjack.so.0 is installed.",
        next: "Install it: sudo apt install pipewire-jack")
    }
    let answer = Patience.call(milliseconds: DriverLimits.openingMilliseconds) {
      var report = drv_jack_report()
      let pointer = drv_jack_open(path, wish.clientName, wish.serverName, &report)
      return (handle: pointer.map(Handle.init), report: report)
    } late: { answer in
      if let handle = answer.handle { drv_jack_close(handle.pointer) }
    }
    guard let answer else {
      throw DriverError(
        "No JACK server was reached.",
        why: "'\(wish.asked)' has not answered for \(DriverLimits.openingMilliseconds) ms.",
        next: "See whether it hangs and restart it, or play without: chaosgarden --audio timer")
    }
    guard let handle = answer.handle else { throw refusal(answer.report, library, path: path, wish: wish) }
    return JACKClient(handle, wish)
  }

  private static func refusal(
    _ report: drv_jack_report, _ library: JACKLibrary, path: String, wish: Wish
  ) -> DriverError {
    let detail = withUnsafeBytes(of: report.detail) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    switch report.outcome {
    case DRV_JACK_NO_LIBRARY:
      return DriverError(
        "The JACK library was not opened.", why: detail, next: "Install it: sudo apt install libjack-jackd2-0"
      )
    case DRV_JACK_NO_SYMBOL:
      return DriverError(
        "The JACK library was not used.", why: "\(path) has no \(detail).",
        next: "Install a current one: sudo apt install libjack-jackd2-0")
    case DRV_JACK_NO_MEMORY:
      return DriverError(
        "The JACK client was not opened.", why: "There is no memory left.", next: "Close other programs.")
    default:
      return DriverError(
        "No JACK server was reached.",
        why:
          "None named '\(wish.asked)' answered through \(path) (JACK status 0x\(String(report.status, radix: 16))).",
        next: library == .pipewire
          ? "Start it (systemctl --user start pipewire), or play without: chaosgarden --audio timer"
          : "Start one (jackd -n \(wish.asked) -d alsa), or play without: chaosgarden --audio timer")
    }
  }
}
