import AudioDrivers
import FoundationEssentials
import HootWire
import MIDI
import RealtimeEngine

/// The control thread's side of MIDI ports.
struct PortsSide {
  var patchbay: MIDIPatchbay?
  /// In the order they were attached.
  var attached: [AttachedPort] = []
  /// What is to be done when a command has landed.
  var onLanding: [UInt64: () -> Void] = [:]
  var recording: Recording?
  /// Follows the clock of the input in this slot.
  var follower: (slot: Int, state: MIDIClockFollower)?

  struct AttachedPort {
    var attachment: MIDIPatchbay.Attachment
    /// Of an input: what has come in. Of an output: what had gone out through its slot before.
    var messages = 0
    /// What an input plays.
    var track: UUID?
    /// 1…16; nil: each message's own.
    var channel: Int?
    var hasClock = false

    var name: String { attachment.port.name }
    var isInput: Bool { attachment.port.direction == .input }
  }

  /// What is being recorded.
  struct Recording {
    var track: UUID
    var take = MIDITake()
  }

  var hasInput: Bool { attached.contains { $0.isInput } }

  func index(_ direction: MIDIPort.Direction, slot: Int) -> Int? {
    attached.firstIndex { $0.attachment.port.direction == direction && $0.attachment.slot == slot }
  }

  /// The first attached port whose name contains the pattern; nil is in all names.
  func first(_ direction: MIDIPort.Direction, _ pattern: String?) -> AttachedPort? {
    attached.first {
      $0.attachment.port.direction == direction && (pattern.map($0.name.contains) ?? true)
    }
  }
}
