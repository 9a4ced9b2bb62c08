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
  /// The programs it asks for, on any channel.
  package let programs: Set<Int>
  private let header: UnsafePointer<MIDIClipMemory>
  private let memory: EngineMemory

  /// `events` are sorted by tick, note-offs first.
  package init(events: [ClipEvent]) {
    let memory = EngineMemory()
    let stride = MIDIClipMemory.chaseStride
    let checkpoints = events.count / stride + 1
    let states: UnsafeMutablePointer<ChannelState> = memory.filled(checkpoints * 16, with: ChannelState())
    var current = [ChannelState](repeating: ChannelState(), count: 16)
    var sounding: [Int: Int32] = [:]
    var held: [Int32] = []
    var heldStarts: [Int32] = [0]
    func mark(_ index: Int) {
      for channel in 0..<16 { states[index / stride * 16 + channel] = current[channel] }
      held += sounding.values.sorted()
      heldStarts.append(Int32(held.count))
    }
    var programs: Set<Int> = []
    for (index, event) in events.enumerated() {
      if index % stride == 0 { mark(index) }
      if case .program = event.kind { programs.insert(Int(event.data1)) }
      current[Int(event.channel & 15)].apply(event)
      let key = Int(event.channel & 15) << 7 | Int(event.data1 & 127)
      if case .noteOn = event.kind { sounding[key] = Int32(index) }
      if case .noteOff = event.kind { sounding[key] = nil }
    }
    if events.count % stride == 0 { mark(events.count) }
    let header: UnsafeMutablePointer<MIDIClipMemory> = memory.allocate(1)
    header.initialize(
      to: MIDIClipMemory(
        events: memory.copy(events), count: events.count, states: UnsafePointer(states),
        held: memory.copy(held), heldStarts: memory.copy(heldStarts)))
    self.header = UnsafePointer(header)
    self.memory = memory
    self.programs = programs
    count = events.count
    bytes =
      events.count * MemoryLayout<ClipEvent>.stride + checkpoints * 16 * MemoryLayout<ChannelState>.stride
      + (held.count + heldStarts.count) * 4
  }

  package var pointer: UnsafePointer<MIDIClipMemory> { header }

  deinit { memory.deallocate() }
}
