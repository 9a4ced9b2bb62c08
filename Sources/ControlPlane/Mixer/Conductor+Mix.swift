import Arrangement
import HootWire
import RealtimeEngine

extension Conductor {
  /// Commands a change of the mix sends at most: a bus's strip, the plan and one more.
  static let commandsOfMix = 8

  /// Puts an edited timeline in place and sends who feeds whom in it: all of it lands at once, in ramps.
  func commitMix(_ tool: String, _ edited: Timeline) throws(Refusal) -> JSONValue {
    try checkJournal()
    let effects = mixes.effects(for: edited)
    let plan = Bridge.mix(edited, effects: effects, auditioned: mixes.auditioned)
    // What `send` would send first takes an id too.
    sendSchedule()
    let id = landing.nextID
    let command = try send(tool, .mix, address: plan.address)
    mixes.keep(plan, effects, id: id)
    timeline = edited
    return command
  }

  /// Sends who feeds whom, unannounced. There must be room for the command.
  func sendMix(_ timeline: Timeline) {
    let effects = mixes.effects(for: timeline)
    let plan = Bridge.mix(timeline, effects: effects, auditioned: mixes.auditioned)
    let id = landing.newID()
    let command = Command(id: id, kind: .mix, dueFrame: deviceFrame, address: plan.address)
    // Nothing is kept of what was not sent.
    if engine.commands.push(command) { mixes.keep(plan, effects, id: id) }
  }

  /// A bus's strip. There must be room for the commands.
  func sendStrip(_ bus: Bus) {
    let strip = EngineLimits.firstBusStrip + bus.slot
    sendUnannounced(.trackGain, track: strip, value: Double(Float(decibels: bus.gainDB)))
    sendUnannounced(.trackPan, track: strip, value: bus.pan)
    sendUnannounced(.trackMute, track: strip, value: bus.isMuted ? 1 : 0)
    sendUnannounced(.trackSolo, track: strip, value: bus.isSoloed ? 1 : 0)
  }
}

extension Conductor {
  /// The main output's loudness and true peak, of at most 50 ms ago; null where nothing passes the gate.
  func loudnessJSON() -> JSONValue {
    let loudness = loudness.loudness
    func shown(_ value: Double?) -> JSONValue { value.map { .number($0.hundredths) } ?? nil }
    return [
      "momentary_lufs": shown(loudness.momentaryLUFS), "short_term_lufs": shown(loudness.shortTermLUFS),
      "integrated_lufs": shown(loudness.integratedLUFS), "range_lu": shown(loudness.rangeLU),
      "true_peak_db": shown(loudness.truePeakDB), "max_true_peak_db": shown(loudness.maximumTruePeakDB),
      "seconds": .number(loudness.seconds.hundredths),
      "missed_blocks": JSONValue(engine.report.read().meterBlocksDropped),
    ]
  }

  func resetMeter() throws(Refusal) -> Answer {
    guard loudness.reset() else {
      throw Refusal(
        "busy", .tryLater, "the meter was not reset", "it has too much to do", "try again in a moment")
    }
    return .reply(.ok(["reset": true]))
  }
}
