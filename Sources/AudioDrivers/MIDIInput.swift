import CDrivers

/// A short MIDI message that the device brought: system exclusive is not among them.
package struct MIDIInput: Sendable, Equatable {
  /// When it came, on the count of frames that `DriverStatus.frames` tells.
  package let frame: Int64
  /// One to three bytes, as the device gave them.
  package let bytes: [UInt8]

  package init(frame: Int64, bytes: [UInt8]) {
    self.frame = frame
    self.bytes = bytes
  }
}

/// The way of MIDI from a device's thread to the thread that asks.
///
/// Unchecked: the pointer never changes; one realtime thread puts in, one ordinary thread takes out.
final class MIDIInputs: @unchecked Sendable {
  let pointer: OpaquePointer

  init() throws(DriverError) {
    guard let pointer = drv_midi_create() else {
      throw DriverError(
        "The audio driver was not made.", why: "There is no memory left for its buffers.",
        next: "Close other programs and try again.")
    }
    self.pointer = pointer
  }

  deinit { drv_midi_destroy(pointer) }

  /// At most as many as the ring holds, so that this ends whatever comes in meanwhile.
  func take() -> [MIDIInput] {
    var inputs: [MIDIInput] = []
    var input = drv_midi_input()
    while inputs.count < DriverLimits.midiInputs, drv_midi_pop(pointer, &input) {
      let bytes = withUnsafeBytes(of: input.bytes) { Array($0.prefix(Int(input.count))) }
      inputs.append(MIDIInput(frame: input.frame, bytes: bytes))
    }
    return inputs
  }

  /// Messages that found the ring full.
  var dropped: UInt64 { drv_midi_dropped(pointer) }
}
