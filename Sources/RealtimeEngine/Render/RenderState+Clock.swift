import CRealtime

/// MIDI clock and song position to the ports that have it: 24 clocks a beat, each at the frame of its tick.
///
/// A song position counts sixteenths. Where the playhead starts between two of them, the position told is that of the
/// next one, and the start or continue goes out right before that one's clock.
extension RenderState {
  private static var pulseTicks: Int64 { @_noLocks get { 40 } }
  private static var sixteenthPulses: Int64 { @_noLocks get { 6 } }

  @_noLocks
  mutating func setClock(_ port: Int, isOn: Bool) {
    let output = ports.outputs + port
    guard output.pointee.hasClock != isOn else { return }
    if !isOn { stopClock(output, port) }
    output.pointee.hasClock = isOn
    ports.hasClocks = false
    for other in 0..<EngineLimits.midiPorts where ports.outputs[other].hasClock { ports.hasClocks = true }
    if isOn, transport.rolling { placeClock(output, port, at: transport.sequencedTick) }
  }

  /// The playhead was put somewhere, or starts to roll there.
  @_noLocks
  mutating func placeClocks(at tick: Double) {
    ports.nextPulse = Int64(rt_ceil(max(0, tick) / Double(Self.pulseTicks) - 1e-6))
    guard ports.hasClocks else { return }
    for port in 0..<EngineLimits.midiPorts where ports.outputs[port].hasClock {
      placeClock(ports.outputs + port, port, at: tick)
    }
  }

  @_noLocks
  private mutating func placeClock(_ output: UnsafeMutablePointer<OutPort>, _ port: Int, at tick: Double) {
    stopClock(output, port)
    let sixteenth = Int64(rt_ceil(max(0, tick) / 240 - 1e-6))
    // Fourteen bits: 1024 bars of four beats. Beyond them there is clock and no position.
    guard sixteenth < 16_384 else { return }
    if sixteenth != output.pointee.toldSixteenth {
      emit(to: port, 0xF2, Int(sixteenth & 127), Int(sixteenth >> 7))
    }
    output.pointee.toldSixteenth = sixteenth
    if transport.rolling { output.pointee.startPulse = sixteenth * Self.sixteenthPulses }
  }

  @_noLocks
  private mutating func stopClock(_ output: UnsafeMutablePointer<OutPort>, _ port: Int) {
    output.pointee.startPulse = -1
    guard output.pointee.isRunning else { return }
    output.pointee.isRunning = false
    emit(to: port, 0xFC)
  }

  @_noLocks
  mutating func stopClocks() {
    guard ports.hasClocks else { return }
    for port in 0..<EngineLimits.midiPorts { stopClock(ports.outputs + port, port) }
  }

  /// The clocks below a tick, each in its place.
  @_noLocks
  mutating func sequenceClock(until horizon: Double) {
    guard ports.hasClocks else { return }
    for _ in 0..<EngineLimits.gridFrames {
      let tick = ports.nextPulse * Self.pulseTicks
      guard Double(tick) < horizon else { return }
      place(at: Double(tick))
      for port in 0..<EngineLimits.midiPorts where ports.outputs[port].hasClock { sendClock(port) }
      ports.nextPulse += 1
    }
  }

  @_noLocks
  private mutating func sendClock(_ port: Int) {
    let output = ports.outputs + port
    if output.pointee.startPulse >= 0, ports.nextPulse >= output.pointee.startPulse {
      emit(to: port, output.pointee.startPulse == 0 ? 0xFA : 0xFB)
      output.pointee.startPulse = -1
      output.pointee.toldSixteenth = -1
      output.pointee.isRunning = true
    }
    emit(to: port, 0xF8)
  }
}
