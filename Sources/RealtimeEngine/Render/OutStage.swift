import LockFree
import Synchronization

/// The last place before a port's wire: keeps what is due later, knows which notes the wire holds, and lets go of them
/// when the port is closed. Belongs to the one thread that sends; what others say to it goes through rings and atomics.
package struct OutStage: BitwiseCopyable {
  var ring: RingConsumer<PortMessage>
  /// What the control thread sends itself, at once.
  var posts: RingConsumer<PortMessage>
  /// Sorted by frame; of one frame in the order they came.
  var pending: UnsafeMutablePointer<PortMessage>
  var first = 0
  var count = 0
  /// Whether a note sounds on the wire, by port, channel and key; the pedals that are down, by port and channel.
  var held: UnsafeMutablePointer<Bool>
  var pedals: UnsafeMutablePointer<UInt8>
  /// Whether a clock was started and not stopped, by port.
  var clocks: UnsafeMutablePointer<Bool>
  var switches: OutSwitches
  /// The port whose notes are let go now, how far that has come, and whether it was asked for by `close`.
  private var leaving = -1
  /// Up to where messages were asked for last: one that was due later has waited because nobody sent.
  private var askedLimit = Int64.max
  private var cursor = 0
  private var isClosing = false

  @_noLocks
  init(
    ring: RingConsumer<PortMessage>, posts: RingConsumer<PortMessage>,
    pending: UnsafeMutablePointer<PortMessage>, held: UnsafeMutablePointer<Bool>,
    pedals: UnsafeMutablePointer<UInt8>, clocks: UnsafeMutablePointer<Bool>, switches: OutSwitches
  ) {
    self.ring = ring
    self.posts = posts
    self.pending = pending
    self.held = held
    self.pedals = pedals
    self.clocks = clocks
    self.switches = switches
  }

  /// The next message that is due before a frame; false when there is none.
  @_noLocks
  package mutating func next(before limit: Int64, _ message: inout PortMessage) -> Bool {
    gather()
    while true {
      if leaving < 0 { beginClosing() }
      if leaving >= 0 {
        if letGo(&message) { return told(message) }
        continue
      }
      guard count > 0, pending[first].frame < limit else {
        askedLimit = limit
        return false
      }
      message = pending[first]
      first += 1
      count -= 1
      if isStale(message, at: limit) { continue }
      guard message.status == Self.flush, message.count == 0 else { return told(message) }
      leave(Int(message.port), closing: false)
    }
  }

  /// Whether a message begins something that was due while nobody sent: it would come in a heap with all others.
  @_noLocks
  private func isStale(_ message: PortMessage, at limit: Int64) -> Bool {
    let hasWaited = message.frame >= askedLimit && limit &- message.frame > EngineLimits.staleMIDIFrames
    guard hasWaited, message.count > 0 else { return false }
    switch message.status {
    case 0x90...0x9F, 0xF8, 0xFA, 0xFB: return true
    default: return false
    }
  }

  /// Stands for "let go of all notes": no message has this status and no bytes.
  static var flush: UInt8 { @_noLocks get { 0xFF } }

  @_noLocks
  private mutating func gather() {
    while count < EngineLimits.midiRing {
      let slot = posts.turn.slot()
      if slot < 0 { break }
      insert(posts.slots[slot])
      posts.turn.release()
    }
    while count < EngineLimits.midiRing {
      let slot = ring.turn.slot()
      if slot < 0 { return }
      var message = ring.slots[slot]
      ring.turn.release()
      let port = Int(message.port) % EngineLimits.midiPorts
      message.frame += Int64((switches.delays + port).pointee.load(ordering: .relaxed))
      insert(message)
    }
  }

  @_noLocks
  private mutating func insert(_ message: PortMessage) {
    if first + count == EngineLimits.midiRing {
      for index in 0..<count { pending[index] = pending[first + index] }
      first = 0
    }
    var place = first + count
    while place > first, pending[place - 1].frame > message.frame {
      pending[place] = pending[place - 1]
      place -= 1
    }
    pending[place] = message
    count += 1
  }

  /// Takes note of what goes onto the wire.
  @_noLocks
  private func told(_ message: PortMessage) -> Bool {
    let port = Int(message.port) % EngineLimits.midiPorts
    _ = (switches.sent + port).pointee.wrappingAdd(1, ordering: .relaxed)
    let channel = Int(message.status & 15)
    let note = (port * 16 + channel) * 128 + Int(message.data1 & 127)
    switch message.status {
    case 0x80...0x8F: held[note] = false
    case 0x90...0x9F: held[note] = message.data2 > 0
    case 0xB0...0xBF: follow(message, port * 16 + channel)
    case 0xFA, 0xFB: clocks[port] = true
    case 0xFC: clocks[port] = false
    default: break
    }
    return true
  }

  @_noLocks
  private func follow(_ message: PortMessage, _ place: Int) {
    let bit: UInt8
    switch message.data1 {
    case 64: bit = 1
    case 66: bit = 2
    default: return
    }
    if message.data2 >= 64 { pedals[place] |= bit } else { pedals[place] &= ~bit }
  }

  // MARK: Letting go

  @_noLocks
  private mutating func beginClosing() {
    let wanted = switches.closing.pointee.load(ordering: .acquiring)
    guard wanted != 0 else { return }
    for port in 0..<EngineLimits.midiPorts where wanted & (1 << UInt32(port)) != 0 {
      drop(port)
      leave(port, closing: true)
      return
    }
  }

  @_noLocks
  private mutating func leave(_ port: Int, closing: Bool) {
    leaving = port % EngineLimits.midiPorts
    isClosing = closing
    cursor = 0
  }

  /// What waits for a port that is closed does not go out any more.
  @_noLocks
  private mutating func drop(_ port: Int) {
    var kept = 0
    for index in 0..<count where Int(pending[first + index].port) != port {
      pending[first + kept] = pending[first + index]
      kept += 1
    }
    count = kept
  }

  /// The next message that silences the port that is left; false when it is silent.
  @_noLocks
  private mutating func letGo(_ message: inout PortMessage) -> Bool {
    let port = UInt8(truncatingIfNeeded: leaving)
    let notes = 16 * 128
    while cursor < notes {
      let note = cursor
      cursor += 1
      guard held[leaving * notes + note] else { continue }
      message = PortMessage(
        frame: .min, port: port, count: 3, status: 0x80 | UInt8(truncatingIfNeeded: note >> 7),
        data1: UInt8(truncatingIfNeeded: note & 127), data2: 64)
      return true
    }
    while cursor < notes + 32 {
      let channel = (cursor - notes) >> 1
      let bit: UInt8 = (cursor - notes) & 1 == 0 ? 1 : 2
      cursor += 1
      guard pedals[leaving * 16 + channel] & bit != 0 else { continue }
      message = PortMessage(
        frame: .min, port: port, count: 3, status: 0xB0 | UInt8(truncatingIfNeeded: channel),
        data1: bit == 1 ? 64 : 66)
      return true
    }
    if isClosing, clocks[leaving] {
      message = PortMessage(frame: .min, port: port, count: 1, status: 0xFC)
      return true
    }
    if isClosing {
      _ = switches.closing.pointee.bitwiseAnd(~(1 << UInt32(leaving)), ordering: .releasing)
    }
    leaving = -1
    return false
  }
}

/// What ordinary threads and the sending thread tell each other of the ports, without waiting.
package struct OutSwitches: BitwiseCopyable, @unchecked Sendable {
  // Unchecked: everything behind the pointers is atomic.
  /// Bits of ports whose notes are to be let go; taken back when that is done.
  let closing: UnsafeMutablePointer<Atomic<UInt32>>
  /// Frames that a port's messages wait so that they are heard with the sound; messages sent so far.
  let delays: UnsafeMutablePointer<Atomic<Int>>
  let sent: UnsafeMutablePointer<Atomic<Int>>

  @_noLocks
  init(
    closing: UnsafeMutablePointer<Atomic<UInt32>>, delays: UnsafeMutablePointer<Atomic<Int>>,
    sent: UnsafeMutablePointer<Atomic<Int>>
  ) {
    self.closing = closing
    self.delays = delays
    self.sent = sent
  }
}
