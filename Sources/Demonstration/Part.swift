/// One track: a name and what it plays.
struct Part {
  struct Event {
    let tick: Int
    let bytes: [UInt8]

    /// Releases come before everything else on their tick, so that a repeated key speaks again; controllers
    /// come before the notes they shape.
    var rank: Int {
      switch bytes[0] & 0xF0 {
      case 0x80: 0
      case 0x90: 2
      default: 1
      }
    }
  }

  let name: String
  private(set) var events: [Event] = []

  init(name: String) { self.name = name }

  mutating func note(_ key: Int, channel: Int, at tick: Int, length: Int, velocity: Int) {
    let level = UInt8(min(127, max(1, velocity)))
    events.append(Event(tick: tick, bytes: [0x90 | UInt8(channel), UInt8(key), level]))
    events.append(Event(tick: tick + max(1, length), bytes: [0x80 | UInt8(channel), UInt8(key), 64]))
  }

  mutating func control(_ controller: Control, _ value: Int, channel: Int, at tick: Int) {
    events.append(
      Event(tick: tick, bytes: [0xB0 | UInt8(channel), controller.rawValue, UInt8(min(127, max(0, value)))]))
  }

  mutating func program(_ program: Int, channel: Int) {
    events.append(Event(tick: 0, bytes: [0xC0 | UInt8(channel), UInt8(program)]))
  }

  /// The start of a channel: what plays, how loud, where, and how far back in the room.
  mutating func open(channel: Int, program: Int, volume: Int, pan: Int, reverb: Int) {
    self.program(program, channel: channel)
    control(.volume, volume, channel: channel, at: 0)
    control(.pan, pan, channel: channel, at: 0)
    control(.reverb, reverb, channel: channel, at: 0)
  }

  enum Control: UInt8 {
    case modulation = 1
    case volume = 7
    case pan = 10
    case expression = 11
    case reverb = 91
  }

  /// A player's small unevenness, the same each time: a value in -`spread` ... `spread` for the n-th event.
  static func sway(_ n: Int, spread: Int) -> Int {
    let mixed = UInt64(n + 1) &* 0x9E37_79B9_7F4A_7C15
    return Int((mixed >> 33) % UInt64(2 * spread + 1)) - spread
  }
}

/// Channels, counted from 0 as on the wire.
enum Channel {
  static let lead = 0
  static let keys = 1
  static let strings = 2
  static let bass = 3
  static let drums = 9
}
