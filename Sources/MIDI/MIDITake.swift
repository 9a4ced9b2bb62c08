/// What is recorded of a performance: messages at the places they were heard at, made into a sequence in the end. A value.
///
/// A playhead that goes back, around a loop or by a jump, ends the notes that are held; what is played then is added to
/// what was played before.
package struct MIDITake: Sendable {
  /// Events kept; what comes after them is left out and counted.
  package static let maximumEvents = 1_000_000

  private var events: [MIDIEvent] = []
  private var held: Set<Int> = []
  private var last: Int64?
  /// Ticks that were rolled through: of the earliest and behind the latest event, and where recording began.
  private(set) package var start: Int64?
  private var end: Int64 = 0
  private(set) package var leftOut = 0

  package init() {}

  package var isEmpty: Bool { events.isEmpty }
  package var noteCount: Int { events.reduce(into: 0) { $0 += $1.kind == .noteOn ? 1 : 0 } }

  /// The playhead was here while it rolled: in ticks.
  package mutating func pass(_ tick: Int64) {
    if let last, tick < last { close(at: last) }
    start = min(start ?? tick, tick)
    end = max(end, tick)
    last = tick
  }

  /// A message that was heard while the playhead was at `tick`. Clocks and their like are no part of it.
  package mutating func take(_ message: MIDIShortMessage, at tick: Int64) {
    guard message.status < 0xF0, var kind = MIDIEvent.Kind(statusByte: message.status) else { return }
    pass(tick)
    var data2 = message.data2
    if kind == .noteOn, data2 == 0 {
      kind = .noteOff
      data2 = 64
    }
    let channel = message.status & 15
    let key = Int(channel) << 7 | Int(message.data1)
    switch kind {
    case .noteOn:
      // A key struck again without having been let go.
      if held.contains(key) { append(.noteOff, channel, message.data1, 64, at: tick) }
      guard append(.noteOn, channel, message.data1, data2, at: tick) else { return }
      held.insert(key)
    case .noteOff:
      guard held.remove(key) != nil else { return }
      append(.noteOff, channel, message.data1, data2, at: tick)
    default: append(kind, channel, message.data1, data2, at: tick)
    }
  }

  @discardableResult
  private mutating func append(
    _ kind: MIDIEvent.Kind, _ channel: UInt8, _ data1: UInt8, _ data2: UInt8, at tick: Int64
  ) -> Bool {
    guard events.count < Self.maximumEvents || kind == .noteOff else {
      leftOut += 1
      return false
    }
    events.append(MIDIEvent(tick: tick, kind: kind, channel: channel, data1: data1, data2: data2))
    return true
  }

  private mutating func close(at tick: Int64) {
    for key in held.sorted() {
      append(.noteOff, UInt8(key >> 7), UInt8(key & 127), 64, at: tick)
    }
    held = []
  }

  /// What was played, from `start` on; a note that is held ends where the recording did. Nil when nothing was.
  package mutating func finish() -> MIDISequence? {
    guard let start, let last else { return nil }
    close(at: last)
    guard !events.isEmpty else { return nil }
    let moved = Self.lengthened(events).map { event -> MIDIEvent in
      var event = event
      event.tick -= start
      return event
    }
    return MIDISequence(events: moved, lengthTicks: max(1, end - start))
  }

  /// A note is a tick long at least: in a sequence note-offs stand before the note-ons of their tick.
  private static func lengthened(_ events: [MIDIEvent]) -> [MIDIEvent] {
    var begun: [Int: Int64] = [:]
    return events.map { event in
      var event = event
      let key = Int(event.channel) << 7 | Int(event.data1)
      if event.kind == .noteOn { begun[key] = event.tick }
      if event.kind == .noteOff, let began = begun.removeValue(forKey: key) {
        event.tick = max(event.tick, began + 1)
      }
      return event
    }
  }
}
