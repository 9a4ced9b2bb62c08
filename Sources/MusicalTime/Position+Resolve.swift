/// What a position needs to know to become a tick.
package struct PositionContext {
  package var map: TempoMap
  package var playhead: Tick
  package var end: Tick
  /// Name to tick.
  package var markers: [String: Tick]
  /// The last loop range, in use or not.
  package var loop: Range<Tick>?
  /// The playhead in ticks as a real number: between two ticks the next line is still to come.
  package var exactPlayhead: Double
  package var isRolling = false

  package init(
    map: TempoMap, playhead: Tick, end: Tick, markers: [String: Tick], loop: Range<Tick>? = nil
  ) {
    self.map = map
    self.playhead = playhead
    self.end = end
    self.markers = markers
    self.loop = loop
    exactPlayhead = Double(playhead)
  }
}

extension Position {
  /// The tick meant by a text, between 0 and `TimeLimits.maximumTick`.
  package static func tick(_ text: String, in context: PositionContext) throws(PositionError) -> Tick {
    try parse(text).resolve(text, in: context)
  }

  /// `text` is what the user wrote, for the refusal.
  package func resolve(_ text: String, in context: PositionContext) throws(PositionError) -> Tick {
    switch self {
    case .beats(let beats):
      return try checked(beats * Double(ticksPerBeat), text)
    case .bar(let place):
      guard let tick = context.map.tick(of: place) else {
        // Every bar that can be reached has a first beat.
        let isFar = place.bar >= 1 && context.map.tick(of: BarBeat(bar: place.bar, beat: 1)) == nil
        throw isFar ? .tooFar(text) : .noSuchBeat(text, signature: signature(near: place, in: context.map))
      }
      return try checked(Double(tick), text)
    case .seconds(let seconds):
      guard seconds <= Double(TimeLimits.maximumTick) else { throw .tooFar(text) }
      return try checked(context.map.tick(atSeconds: seconds), text)
    case .marker(let name):
      guard let tick = context.markers[name] else {
        throw .unknownMarker(name, known: context.markers.keys.sorted())
      }
      return tick
    case .place(let place):
      return try checked(Double(context.tick(place)), text)
    case .relativeBeats(let beats):
      return try checked(Double(context.playhead) + beats * Double(ticksPerBeat), text)
    case .percent(let percent):
      return try checked(Double(context.end) * percent / 100, text)
    }
  }

  private func checked(_ ticks: Double, _ text: String) throws(PositionError) -> Tick {
    guard ticks > -0.5 else { throw .beforeStart(text) }
    guard ticks <= Double(TimeLimits.maximumTick) else { throw .tooFar(text) }
    return Tick(ticks.rounded())
  }

  private func signature(near place: BarBeat, in map: TempoMap) -> String {
    let signature = map.signature(atTick: map.tick(of: BarBeat(bar: max(1, place.bar), beat: 1)) ?? 0)
    return "\(signature.numerator)/\(signature.denominator)"
  }
}
