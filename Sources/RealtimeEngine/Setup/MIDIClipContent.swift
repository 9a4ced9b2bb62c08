import MusicalTime

/// A MIDI clip's events in the renderer's form, with what the controllers have come to along the way.
/// Immutable; freed with the last schedule that names it.
package final class MIDIClipContent: @unchecked Sendable {
  // Unchecked: written only in `init`.
  /// What an event takes, its share of what controllers come to included.
  package static var bytesPerEvent: Int {
    MemoryLayout<ClipEvent>.stride
      + (16 * MemoryLayout<ChannelState>.stride + MIDIClipMemory.chaseStride - 1) / MIDIClipMemory.chaseStride
  }

  package let count: Int
  package let bytes: Int
  private let header: UnsafePointer<MIDIClipMemory>
  private let memory: EngineMemory

  /// `events` are sorted by tick, note-offs first.
  package init(events: [ClipEvent]) {
    let memory = EngineMemory()
    let stride = MIDIClipMemory.chaseStride
    let checkpoints = events.count / stride + 1
    let states: UnsafeMutablePointer<ChannelState> = memory.filled(checkpoints * 16, with: ChannelState())
    var current = [ChannelState](repeating: ChannelState(), count: 16)
    for (index, event) in events.enumerated() {
      if index % stride == 0 {
        for channel in 0..<16 { states[index / stride * 16 + channel] = current[channel] }
      }
      current[Int(event.channel & 15)].apply(event)
    }
    if events.count % stride == 0 {
      for channel in 0..<16 { states[events.count / stride * 16 + channel] = current[channel] }
    }
    let header: UnsafeMutablePointer<MIDIClipMemory> = memory.allocate(1)
    header.initialize(
      to: MIDIClipMemory(events: memory.copy(events), count: events.count, states: UnsafePointer(states)))
    self.header = UnsafePointer(header)
    self.memory = memory
    count = events.count
    bytes =
      events.count * MemoryLayout<ClipEvent>.stride + checkpoints * 16 * MemoryLayout<ChannelState>.stride
  }

  package var pointer: UnsafePointer<MIDIClipMemory> { header }

  deinit { memory.deallocate() }
}
