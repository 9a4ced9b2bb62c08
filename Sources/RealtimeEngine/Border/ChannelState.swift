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
  /// It has had what only a reset takes back: pressures, parameters other than the bend's range, portamento.
  package var isStrange: Bool

  @_noLocks
  package init() {
    controllers = InlineArray(repeating: 0xFF)
    program = 0xFF
    pressure = 0xFF
    bendLow = 0xFF
    bendHigh = 0xFF
    bendRange = 0xFF
    touched = false
    isStrange = false
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
      isStrange = true
    case .keyPressure: isStrange = true
    case .noteOn, .noteOff: break
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
    if Self.isStrange(number) { isStrange = true }
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

  /// Takes another channel's values where this one has none.
  @_noLocks
  mutating func merge(_ other: ChannelState) {
    let unset = Self.unset
    for index in 0..<120 where controllers[index] == unset { controllers[index] = other.controllers[index] }
    if program == unset { program = other.program }
    if pressure == unset { pressure = other.pressure }
    if bendRange == unset { bendRange = other.bendRange }
    if bendHigh == unset {
      bendLow = other.bendLow
      bendHigh = other.bendHigh
    }
    touched = true
    isStrange = isStrange || other.isStrange
  }

  /// Controllers whose effect cannot be asked for afterwards: data of parameters, and where a portamento
  /// starts.
  @_noLocks
  static func isStrange(_ number: Int) -> Bool {
    switch number {
    case 6, 38, 84, 96, 97: true
    default: false
    }
  }

  @_noLocks
  private static func survivesReset(_ number: Int) -> Bool {
    switch number {
    case 0, 7, 10, 32, 39, 42, 70...79, 91...95: true
    default: false
    }
  }
}
