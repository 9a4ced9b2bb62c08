/// Memory for the realtime thread: allocated in one place, every page written to, freed together.
final class EngineMemory {
  private var blocks: [UnsafeMutableRawPointer] = []
  /// Where they are and how long: for whoever locks them.
  private(set) var ranges: [UnsafeRawBufferPointer] = []
  private(set) var bytes = 0

  /// Zeroed, so that no page is touched for the first time by the realtime thread.
  func allocate<Element: BitwiseCopyable>(_ count: Int) -> UnsafeMutablePointer<Element> {
    let bytes = max(64, MemoryLayout<Element>.stride * count)
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    blocks.append(raw)
    ranges.append(UnsafeRawBufferPointer(start: raw, count: bytes))
    self.bytes += bytes
    return raw.bindMemory(to: Element.self, capacity: count)
  }

  func filled<Element: BitwiseCopyable>(_ count: Int, with value: Element) -> UnsafeMutablePointer<Element> {
    let pointer: UnsafeMutablePointer<Element> = allocate(count)
    pointer.initialize(repeating: value, count: count)
    return pointer
  }

  /// A buffer for each `OutputChannel`.
  func outputs(frames: Int) -> UnsafeMutablePointer<UnsafeMutablePointer<Float>> {
    let table: UnsafeMutablePointer<UnsafeMutablePointer<Float>> = allocate(OutputChannel.count)
    for channel in 0..<OutputChannel.count { (table + channel).initialize(to: filled(frames, with: 0)) }
    return table
  }

  func inputDesk() -> InputDesk {
    InputDesk(
      left: filled(InputDesk.capacity, with: 0), right: filled(InputDesk.capacity, with: 0), blockLeft: bus(),
      blockRight: bus())
  }

  func bus() -> UnsafeMutablePointer<Float> { filled(EngineLimits.gridFrames, with: 0) }

  func tracks() -> UnsafeMutablePointer<TrackState> {
    let pointer: UnsafeMutablePointer<TrackState> = allocate(EngineLimits.strips)
    for index in 0..<EngineLimits.strips {
      (pointer + index).initialize(to: TrackState(mono: bus(), left: bus(), right: bus()))
    }
    return pointer
  }

  func channelBlocks() -> UnsafeMutablePointer<ChannelBlock> {
    let pointer: UnsafeMutablePointer<ChannelBlock> = allocate(EngineLimits.channelBlocks)
    for index in 0..<EngineLimits.channelBlocks {
      (pointer + index).initialize(
        to: ChannelBlock(held: filled(16 * 128, with: 0), lanes: filled(16 * 128, with: 255)))
    }
    return pointer
  }

  /// Of the hidden track: it plays no region, and its notes are as they come.
  func auditionPlayer() -> UnsafeMutablePointer<MIDIPlayer> {
    let region: UnsafeMutablePointer<ScheduledRegion> = allocate(1)
    region.initialize(
      to: ScheduledRegion(
        key: 0, stamp: 0, kind: .midi, track: EngineLimits.auditionStrip, start: 0, end: 0, gain: 1,
        fadeInFrames: 0, fadeOutFrames: 0, curve: .linear))
    return filled(1, with: MIDIPlayer(serial: 0, region: region, block: 0, pass: 0))
  }

  /// A chain of free rooms for timed commands.
  func timedRooms(_ count: Int) -> UnsafePointer<TimedRooms> {
    let nodes: UnsafeMutablePointer<TimedNode> = allocate(count)
    for index in 0..<(count - 1) { nodes[index].right = nodes + index + 1 }
    let rooms: UnsafeMutablePointer<TimedRooms> = allocate(1)
    rooms.initialize(to: TimedRooms(first: nodes, last: nodes + count - 1))
    return UnsafePointer(rooms)
  }

  func deallocate() {
    for block in blocks { block.deallocate() }
    blocks = []
  }
}
