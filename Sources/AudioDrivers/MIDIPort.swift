/// A MIDI port of somebody else's, that ours can be connected to.
package struct MIDIPort: Sendable, Equatable {
  /// Who brings it.
  package enum Kind: String, Sendable { case jack, alsa, virtual }
  /// As seen from here: an input is heard, an output is sent to.
  package enum Direction: String, Sendable, CaseIterable {
    case input = "in"
    case output = "out"
  }

  package var kind: Kind
  package var direction: Direction
  /// The full name, by which patterns find it.
  package var name: String

  package init(kind: Kind, direction: Direction, name: String) {
    self.kind = kind
    self.direction = direction
    self.name = name
  }
}

/// The ports that one system brings: JACK, the ALSA sequencer, or a list in a file. Ours are numbered by slot, for each
/// direction; a slot is linked to one of others' by name.
///
/// Ordinary threads; every call may wait for a server. Calls that link and unlink come one at a time.
package protocol MIDIPorts: AnyObject, Sendable {
  var kind: MIDIPort.Kind { get }

  /// Others' ports, in the order the system gives them.
  func list() -> [MIDIPort]

  /// Sees to it that a slot is linked to a port. True when it is now; false while that port is not there, and it may be
  /// asked again at any time.
  func link(_ direction: MIDIPort.Direction, slot: Int, to name: String) -> Bool

  func unlink(_ direction: MIDIPort.Direction, slot: Int)

  /// How many frames of the renderer later the sound is heard than this port's messages are.
  func delay(slot: Int) -> Int

  /// Sends a longer message as soon as can be; false when there is no room.
  func post(_ bytes: [UInt8], slot: Int) -> Bool
}

/// Ports that an ordinary thread of ours serves. What follows is called by that thread.
protocol ServedPorts: MIDIPorts {
  /// What becomes readable when something comes in.
  var descriptors: [Int32] { get }

  /// Gives what has come in to `take`: the slot, and a short message or nil for a longer one.
  func receive(_ take: (Int, MIDIBytes?) -> Void)

  /// Sends a message that is due at a frame of the device, which is at that time on the monotonic clock.
  func send(_ message: MIDIBytes, slot: Int, frame: Int64, nanoseconds: Int64)

  /// Does what was put off until now.
  func tick(_ nanoseconds: Int64)
}

extension ServedPorts {
  /// A system that can be told when to send puts nothing off.
  func tick(_ nanoseconds: Int64) {}
}

/// One to three bytes.
struct MIDIBytes: Sendable, Equatable {
  var count: UInt8
  var status: UInt8
  var data1: UInt8
  var data2: UInt8

  var array: [UInt8] { Array([status, data1, data2].prefix(Int(count))) }
}
