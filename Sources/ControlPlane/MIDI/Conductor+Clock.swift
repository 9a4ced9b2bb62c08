import AudioDrivers
import HootWire
import MIDI
import MusicalTime
import RealtimeEngine
import Tools

extension Conductor {
  func setClock(_ arguments: Arguments) throws(Refusal) -> Answer {
    try checkRoom(for: 1 + EngineLimits.midiPorts)
    let direction = arguments.choice(.direction, as: MIDIPort.Direction.self)
    let pattern = arguments.text(.pattern)
    if arguments.isSet(.off) {
      try clockOff(direction, pattern)
    } else {
      guard let direction else {
        throw Refusal(
          "missing", .usage, "nothing to set", "in, out or off is needed", "garden midi clock out NAME")
      }
      let port = try attached(direction, pattern)
      switch direction {
      case .input:
        ports.follower = (port.attachment.slot, MIDIClockFollower(sampleRate: engine.sampleRate))
      case .output: setClock(of: port, isOn: true)
      }
    }
    return .reply(.ok(["ports": portStatus()["ports"] ?? nil, "clock": clockJSON()]))
  }

  private func clockOff(_ direction: MIDIPort.Direction?, _ pattern: String?) throws(Refusal) {
    let only = try direction.flatMap { direction throws(Refusal) in
      pattern == nil ? nil : try attached(direction, pattern)
    }
    if direction != .output, only == nil || only?.attachment.slot == ports.follower?.slot {
      ports.follower = nil
    }
    guard direction != .input else { return }
    for port in ports.attached where port.hasClock && (only == nil || only?.name == port.name) {
      setClock(of: port, isOn: false)
    }
  }

  private func setClock(of port: PortsSide.AttachedPort, isOn: Bool) {
    guard let index = ports.index(.output, slot: port.attachment.slot) else { return }
    ports.attached[index].hasClock = isOn
    sendUnannounced(.midiClock, value: Double(port.attachment.slot), address: isOn ? 1 : 0)
  }

  /// A message of the clock that is followed.
  func follow(_ message: MIDIShortMessage, _ heard: PortMessage) {
    guard var follower = ports.follower else { return }
    let actions = follower.state.take(
      message, frame: Double(heard.frame), playhead: playhead(at: heard.frame))
    ports.follower = follower
    for action in actions {
      do throws(Refusal) { try perform(action) } catch {
        // The next clocks bring the next chance; a full ring is told by whoever filled it.
        Log.debug("the MIDI clock was not followed: \(error.lines[0])")
      }
    }
  }

  /// Where the playhead is heard at a frame of the device; nil while it stands.
  private func playhead(at frame: Int64) -> Double? {
    let report = engine.report.read()
    guard report.rolling, transport.state == .rolling else { return nil }
    return timeline.map.tick(atFrame: Double(report.playheadFrame + frame - report.deviceFrame))
  }

  private func perform(_ action: MIDIClockFollower.Action) throws(Refusal) {
    switch action {
    case .locate(let tick):
      if transport.state == .rolling { _ = try send("midi_clock", .pause, effect: .pause) }
      _ = try send("midi_clock", .locate, tick: tick, effect: .locate, jump: JumpFlags.now)
    case .play(let tick):
      _ = try send("midi_clock", .play, tick: tick, effect: .roll, jump: JumpFlags.now)
    case .pause: _ = try send("midi_clock", .pause, effect: .pause)
    case .tempo(let bpm):
      guard abs(bpm - timeline.map.bpm(atTick: exactPlayhead)) > 0.002 else { return }
      var edited = timeline
      do { try edited.setTempo((bpm * 1000).rounded() / 1000, underPlayhead: playhead) } catch {
        throw Refusal(error)
      }
      _ = try commit("midi_clock", edited)
    }
  }
}
