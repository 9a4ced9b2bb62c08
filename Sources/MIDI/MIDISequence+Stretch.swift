extension MIDISequence {
  /// The same music `factor` times as long: every tick is moved, and each note still lasts one tick at least. Tempos are
  /// left out, since what the beats were is no more.
  package func stretched(by factor: Double, to length: Int64) -> MIDISequence {
    func moved(_ tick: Int64) -> Int64 { Int64((Double(tick) * factor).rounded(.down)) }
    var began: [Int: Int64] = [:]
    let events = events.map { event -> MIDIEvent in
      var event = event
      event.tick = moved(event.tick)
      let note = Int(event.channel) << 8 | Int(event.data1)
      switch event.kind {
      case .noteOn: began[note] = event.tick
      case .noteOff: event.tick = max(event.tick, (began[note] ?? -1) + 1)
      default: break
      }
      return event
    }
    return MIDISequence(
      events: events, lengthTicks: length,
      markers: markers.map { MIDIMarker(tick: moved($0.tick), name: $0.name) })
  }
}
