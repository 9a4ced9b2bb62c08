import CDrivers

/// Ports of the JACK client that plays, served in its own callback: messages have their frame within the cycle.
final class JACKMIDIPorts: MIDIPorts {
  let kind = MIDIPort.Kind.jack
  private let keeper: ClockKeeper

  init(_ keeper: ClockKeeper) { self.keeper = keeper }

  func list() -> [MIDIPort] { keeper.withJACK { $0.midiPorts() } ?? [] }

  func link(_ direction: MIDIPort.Direction, slot: Int, to name: String) -> Bool {
    keeper.withJACK { $0.linkMIDI(direction, slot: slot, to: name) } ?? false
  }

  func unlink(_ direction: MIDIPort.Direction, slot: Int) {
    _ = keeper.withJACK { $0.unlinkMIDI(direction, slot: slot) }
  }

  func delay(slot: Int) -> Int {
    keeper.withJACK { client in
      let frames = Double(client.midiDelay(slot: slot)) * keeper.sampleRate / max(1, client.sampleRate)
      return Int(frames.rounded())
    } ?? 0
  }

  func post(_ bytes: [UInt8], slot: Int) -> Bool {
    keeper.withJACK { $0.postMIDI(bytes, slot: slot) } ?? false
  }
}
