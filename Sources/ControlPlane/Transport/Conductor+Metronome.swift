import AudioDrivers
import HootWire
import RealtimeEngine
import Tools

/// What the metronome was told. It belongs to the rehearsal, not to the session: a render has none unless it asks.
struct MetronomeWish {
  var isOn = false
  var levelDB = -6.0
  var output = ClickOutput.click
  var division = 1
}

extension Conductor {
  func setMetronome(_ arguments: Arguments) throws(Refusal) -> Answer {
    var wish = metronome
    if arguments.isSet(.on) { wish.isOn = true }
    if arguments.isSet(.off) { wish.isOn = false }
    guard !(arguments.isSet(.on) && arguments.isSet(.off)) else {
      throw Refusal(
        "too_many", .usage, "the metronome cannot be on and off", "both were given", "garden metronome on")
    }
    if let level = arguments.number(.level) { wish.levelDB = level }
    if let output = arguments.choice(.output, as: ClickOutput.self) { wish.output = output }
    if let division = arguments.integer(.subdivide) { wish.division = division }
    guard ParameterName.metronome.contains(where: arguments.has) else {
      return .reply(.ok(["metronome": metronomeJSON(wish), "warnings": warnings(of: wish)]))
    }
    try checkRoom(for: 4)
    sendUnannounced(.metronomeLevel, value: Double(Float(decibels: wish.levelDB)))
    sendUnannounced(.metronomeOutput, value: Double(wish.output.channel))
    sendUnannounced(.metronomeDivision, value: Double(wish.division))
    let command = try send("metronome", .metronomeOn, value: wish.isOn ? 1 : 0)
    metronome = wish
    return .reply(
      .ok(["command": command, "metronome": metronomeJSON(wish), "warnings": warnings(of: wish)]))
  }

  func metronomeJSON(_ wish: MetronomeWish) -> JSONValue {
    [
      "on": .bool(wish.isOn), "level_db": .number(wish.levelDB), "output": .string(wish.output.rawValue),
      "subdivide": .integer(Int64(wish.division)), "heard": .bool(clickIsUnheard(wish) == nil),
    ]
  }

  private func warnings(of wish: MetronomeWish) -> JSONValue {
    .array((wish.isOn ? clickIsUnheard(wish) : nil).map { [.string($0)] } ?? [])
  }

  /// Why nobody can hear the click, where that is so. It goes to the audience only when that is asked for.
  func clickIsUnheard(_ wish: MetronomeWish) -> String? {
    guard let status = keeper?.status() else { return "there is no audio device" }
    if status.name == "timer" { return "the click is not heard: the timer plays to nobody" }
    guard wish.output.channel < status.outputs else {
      return "the click is not heard: \(status.name) has \(status.outputs) outputs, and the click goes to "
        + "output \(wish.output.channel + 1); --output main lets the audience hear it"
    }
    return unconnected(wish.output, status).map {
      "the click is not heard: nothing is connected to \($0); connect it with pw-link or jack_connect"
    }
  }

  /// The ports of an output when none of them goes anywhere.
  private func unconnected(_ output: ClickOutput, _ status: DriverStatus) -> String? {
    let (count, ports) =
      switch output {
      case .main: (2, "out_left and out_right")
      case .cue: (2, "cue_left and cue_right")
      case .click: (1, "click")
      }
    guard let connections = status.connections else { return nil }
    return connections.dropFirst(output.channel).prefix(count).contains { $0 > 0 } ? nil : ports
  }
}

extension ParameterName {
  /// What the metronome takes; none of them asks how it is.
  fileprivate static let metronome: [ParameterName] = [.on, .off, .level, .output, .subdivide]
}
