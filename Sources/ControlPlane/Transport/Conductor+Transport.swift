import Arrangement
import HootWire
import MusicalTime
import RealtimeEngine
import Tools

extension Conductor {
  func play(_ arguments: Arguments) throws(Refusal) -> Answer {
    if arguments.isSet(.toggle), anticipated.isRolling { return try pause(arguments) }
    let from: Tick? = if let text = arguments.text(.from) { try tick(text) } else { nil }
    let end: Tick? = if let text = arguments.text(.to) { try tick(text) } else { nil }
    let moment = try moment(arguments)
    var start = from ?? anticipated.tick
    switch moment {
    case .now: break
    case .standing(let line): start = from ?? line
    case .when(let place), .onRaster(_, let place): start = from ?? place
    }
    if let end, end <= start {
      throw Refusal(
        "empty_range", .refused, "there is nothing to play",
        "it would end at \(timeline.map.barBeat(atTick: end)) and begin at \(timeline.map.barBeat(atTick: start))",
        "garden play --from 1:1 --to 5:1")
    }
    let bars = arguments.integer(.countIn) ?? 0
    try checkCountIn(bars, moment)
    let isPlaced = if case .standing = moment { true } else { from != nil }
    return try perform(
      Order(
        tool: "play", kind: .play, tick: isPlaced ? Double(start) : .nan,
        end: end.map(Double.init) ?? .nan, jump: jumpFlags(arguments),
        effect: bars > 0 ? .count : .roll, value: Double(bars)), moment)
  }

  /// A count never interrupts what sounds.
  private func checkCountIn(_ bars: Int, _ moment: Moment) throws(Refusal) {
    guard bars > 0 else { return }
    guard !anticipated.isRolling else {
      throw Refusal(
        "rolling", .refused, "the music is rolling, and cannot be counted in",
        "--count-in starts from a halt", "garden pause && garden play --count-in \(bars)")
    }
    if case .when = moment {
      throw Refusal(
        "too_many", .usage, "--count-in and --at do not go together",
        "a count starts at once, and --at waits for a playhead that stands", "garden play --count-in \(bars)")
    }
  }

  func pause(_ arguments: Arguments) throws(Refusal) -> Answer {
    try perform(Order(tool: "pause", kind: .pause, effect: .pause), try moment(arguments))
  }

  /// Halts and goes to the marker `start`, or to the start of the timeline.
  func stopRolling(_ arguments: Arguments) throws(Refusal) -> Answer {
    try perform(
      Order(tool: "stop", kind: .stop, tick: Double(timeline.startTick), effect: .stop), try moment(arguments)
    )
  }

  func seek(_ arguments: Arguments) throws(Refusal) -> Answer {
    let target = try tick(arguments.text(.position) ?? "0")
    return try perform(
      Order(
        tool: "seek", kind: .locate, tick: Double(target), jump: jumpFlags(arguments), effect: .locate),
      try moment(arguments))
  }

  func panic() throws(Refusal) -> Answer {
    .reply(.ok(["command": try send("panic", .panic, effect: .panic)]))
  }

  func loop(_ arguments: Arguments) throws(Refusal) -> Answer {
    let edited: Timeline
    if arguments.isSet(.off) || arguments.isSet(.on) {
      let isOn = arguments.isSet(.on)
      edited = try edit { timeline throws(ArrangementError) in try timeline.setLooping(isOn) }
    } else if let start = arguments.text(.start) {
      let range = try loopRange(start, arguments.text(.end))
      edited = try edit { timeline throws(ArrangementError) in
        try timeline.setLoop(range, minimumSeconds: EngineLimits.minimumLoopSeconds)
      }
    } else {
      return .reply(.ok(["loop": loopJSON(timeline)]))
    }
    let command = try commit("loop", edited)
    return .reply(.ok(["command": command, "loop": loopJSON(edited)]))
  }

  private func loopRange(_ start: String, _ end: String?) throws(Refusal) -> Range<Tick> {
    guard let end else {
      throw Refusal(
        "missing", .usage, "a loop needs an end", "only its start was given: \(start)",
        "garden loop \(start) +4")
    }
    let (first, last) = (try tick(start), try tick(end))
    guard first < last else {
      throw Refusal(
        "empty_range", .refused, "the loop is empty",
        "it would end at \(timeline.map.barBeat(atTick: last)) and begin at \(timeline.map.barBeat(atTick: first))",
        "garden loop 1:1 5:1")
    }
    return first..<last
  }

  func loopJSON(_ timeline: Timeline) -> JSONValue {
    guard timeline.isLooping, let loop = timeline.loop else { return nil }
    return [
      "start_beat": .number(Double(loop.lowerBound) / Double(ticksPerBeat)),
      "end_beat": .number(Double(loop.upperBound) / Double(ticksPerBeat)),
      "start": .string(timeline.map.barBeat(atTick: loop.lowerBound).description),
      "end": .string(timeline.map.barBeat(atTick: loop.upperBound).description),
    ]
  }

  // MARK: Tempo

  func tempo(_ arguments: Arguments) throws(Refusal) -> Answer {
    guard let bpm = arguments.number(.bpm) else {
      guard arguments.text(.at) == nil, arguments.number(.ramp) == nil else {
        throw Refusal(
          "missing", .usage, "no tempo was given", "--at and --ramp need one, 20 to 999 BPM",
          "garden tempo 120 --at 5:1")
      }
      return .reply(.ok(tempoJSON(timeline)))
    }
    var edited = timeline
    let ramp = Tick(((arguments.number(.ramp) ?? 0) * Double(ticksPerBeat)).rounded())
    let place: Tick? = if let at = arguments.text(.at) { try tick(at) } else { ramp > 0 ? playhead : nil }
    do {
      if let place {
        try edited.setTempo(bpm, at: place, ramp: ramp)
      } else {
        try edited.setTempo(bpm, underPlayhead: playhead)
      }
    } catch { throw Refusal(error) }
    let command = try commit("tempo", edited)
    return .reply(
      .ok(["command": command, "tempo_bpm": .number(bpm), "segments": tempoJSON(edited)["segments"] ?? nil]))
  }

  /// A tap, timed where it came in; or the intervals that somebody else has timed.
  func tap(_ arguments: Arguments, at arrival: ContinuousClock.Instant) throws(Refusal) -> Answer {
    let intervals = arguments.numbers(.intervals)
    let needed = ("needed", JSONValue.integer(Int64(TapTempo.tapsNeeded)))
    if intervals.isEmpty { taps.tap(at: (arrival - started).inSeconds) }
    let count = intervals.isEmpty ? taps.taps : intervals.count + 1
    var result: [(String, JSONValue)] = [("taps", .integer(Int64(count))), needed]
    guard let bpm = intervals.isEmpty ? taps.bpm : TapTempo.bpm(of: intervals) else {
      return .reply(.ok(JSONValue(result + [("tempo_bpm", nil)])))
    }
    var edited = timeline
    do { try edited.setTempo(bpm, underPlayhead: playhead) } catch { throw Refusal(error) }
    result.append(("command", try commit("tap", edited)))
    result.append(("tempo_bpm", .number(bpm)))
    result.append(("segments", tempoJSON(edited)["segments"] ?? nil))
    return .reply(.ok(JSONValue(result)))
  }

  private func tempoJSON(_ timeline: Timeline) -> JSONValue {
    let segments = timeline.map.changes.map { change -> JSONValue in
      [
        "beat": .number(Double(change.tick) / Double(ticksPerBeat)),
        "position": .string(timeline.map.barBeat(atTick: change.tick).description),
        "tempo_bpm": .number(change.bpm),
        "ramp_beats": .number(Double(change.rampTicks) / Double(ticksPerBeat)),
      ]
    }
    return ["tempo_bpm": .number(timeline.map.bpm(atTick: exactPlayhead)), "segments": .array(segments)]
  }
}
