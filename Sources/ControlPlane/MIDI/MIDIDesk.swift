import HootWire
import MIDI

/// What messages do: the bindings, what is being learnt, and which presses count. A state machine without clock or
/// device: it takes a message and a time and answers what is to be done.
struct MIDIDesk {
  /// What waits for its message. Exits: `.learnt` with the next one that fits, `.timedOut` after its deadline,
  /// nothing when it is called off or replaced.
  struct Learning {
    var meaning: MIDIAction.Meaning
    var deadline: ContinuousClock.Instant
  }

  enum Action: Equatable {
    /// Take this binding in, in the place of one with the same source.
    case learnt(MIDIBinding)
    case fire(MIDIBinding, JSONValue)
    /// A controller's newest position; only the last one of a turn matters.
    case sweep(MIDIBinding, Int)
  }

  private(set) var bindings: [MIDIBinding] = []
  private(set) var learning: Learning?
  /// The last position of every controller seen, by channel and number: a press is a way up past the middle.
  private var positions: [MIDIBinding.Source: Int] = [:]
  private var fired: [Int: ContinuousClock.Instant] = [:]

  mutating func learn(_ meaning: MIDIAction.Meaning, until deadline: ContinuousClock.Instant) {
    learning = Learning(meaning: meaning, deadline: deadline)
  }

  mutating func callOff() { learning = nil }

  /// What was being learnt and has waited too long.
  mutating func timedOut(at now: ContinuousClock.Instant) -> Learning? {
    guard let waiting = learning, waiting.deadline <= now else { return nil }
    learning = nil
    return waiting
  }

  mutating func replaceAll(with bindings: [MIDIBinding]) { self.bindings = bindings }

  /// The bindings with one more, or one in the place of that with its source; nil when there are too many.
  func adding(_ binding: MIDIBinding, to bindings: [MIDIBinding]) -> [MIDIBinding]? {
    var result = bindings.filter { $0.source != binding.source }
    guard result.count < ControlLimits.midiBindings else { return nil }
    result.append(binding)
    return result.sorted { $0.id < $1.id }
  }

  mutating func take(_ message: MIDIMessage, at now: ContinuousClock.Instant) -> Action? {
    guard let source = MIDIBinding.Source(message) else { return nil }
    let isPress = press(message, source)
    if let learning {
      let isSweep = learning.meaning.sweep != nil
      guard isSweep ? source.kind == .controller : isPress else { return nil }
      self.learning = nil
      return .learnt(binding(learning.meaning, source))
    }
    guard let binding = bindings.first(where: { $0.source == source }) else { return nil }
    if binding.sweep != nil { return .sweep(binding, Int(message.data2)) }
    guard isPress else { return nil }
    if let last = fired[binding.id], now - last < .milliseconds(ControlLimits.midiDebounceMilliseconds) {
      return nil
    }
    fired[binding.id] = now
    return .fire(binding, binding.request)
  }

  /// Down counts, up does not.
  private mutating func press(_ message: MIDIMessage, _ source: MIDIBinding.Source) -> Bool {
    switch source.kind {
    case .note: return message.status & 0xF0 == 0x90 && message.data2 > 0
    case .program: return true
    case .controller:
      let before = positions.updateValue(Int(message.data2), forKey: source) ?? 0
      return before < 64 && message.data2 >= 64
    }
  }

  private func binding(_ meaning: MIDIAction.Meaning, _ source: MIDIBinding.Source) -> MIDIBinding {
    let taken = Set(bindings.filter { $0.source != source }.map(\.id))
    let id = (1...).first { !taken.contains($0) } ?? 1
    return MIDIBinding(
      id: id, source: source, action: meaning.action, request: meaning.request, sweep: meaning.sweep)
  }
}
