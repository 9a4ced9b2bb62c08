/// What a MIDI channel's controllers have come to: one value each, so that a jump sends no history.
package struct ChannelState: BitwiseCopyable, Sendable {
  /// Stands for "never set".
  package static var unset: UInt8 { @_noLocks get { 0xFF } }
  package var controllers: InlineArray<120, UInt8>
  package var program: UInt8
  package var pressure: UInt8
  package var bendLow: UInt8
  package var bendHigh: UInt8
  /// Registered parameter 0, semitones.
  package var bendRange: UInt8
  package var touched: Bool

  @_noLocks
  package init() {
    controllers = InlineArray(repeating: 0xFF)
    program = 0xFF
    pressure = 0xFF
    bendLow = 0xFF
    bendHigh = 0xFF
    bendRange = 0xFF
    touched = false
  }

  /// Takes one event into account; notes change nothing.
  @_noLocks
  package mutating func apply(_ event: ClipEvent) {
    switch event.kind {
    case .controller: applyController(Int(event.data1), event.data2)
    case .program:
      program = event.data1
      touched = true
    case .pitchBend:
      bendLow = event.data1
      bendHigh = event.data2
      touched = true
    case .channelPressure:
      pressure = event.data1
      touched = true
    case .keyPressure, .noteOn, .noteOff: break
    }
  }

  @_noLocks
  private mutating func applyController(_ number: Int, _ value: UInt8) {
    touched = true
    if number == 121 {
      // Reset all controllers leaves bank, volume, pan and the effect depths alone (MMA RP-015).
      for index in 1..<120 where !Self.survivesReset(index) { controllers[index] = 0xFF }
      bendLow = 0xFF
      bendHigh = 0xFF
      pressure = 0xFF
      return
    }
    guard number < 120 else { return }
    if number == 6, controllers[101] == 0, controllers[100] == 0 {
      bendRange = value
      return
    }
    // Of registered and other parameters one is chosen at a time.
    if number == 100 || number == 101 {
      controllers[98] = Self.unset
      controllers[99] = Self.unset
    } else if number == 98 || number == 99 {
      controllers[100] = Self.unset
      controllers[101] = Self.unset
    }
    controllers[number] = value
  }

  @_noLocks
  private static func survivesReset(_ number: Int) -> Bool {
    switch number {
    case 0, 7, 10, 32, 39, 42, 70...79, 91...95: true
    default: false
    }
  }
}
