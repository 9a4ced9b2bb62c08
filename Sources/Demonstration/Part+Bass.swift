extension Part {
  /// The bass: sparse in the verses, eighths in the choruses, long notes in between.
  static func bass() -> Part {
    var part = Part(name: "Bass")
    part.open(channel: Channel.bass, program: 33, volume: 108, pan: 64, reverb: 8)
    for (number, bar) in Song.bars.enumerated() {
      let next = number + 1 < Song.bars.count ? Song.bars[number + 1].chord.bass : bar.chord.bass
      switch bar.section {
      case .intro:
        if bar.index >= 2 { part.play([(0, 14, 0)], bar, velocity: 72) }
      case .verse: part.walk(bar, towards: next)
      case .chorus: part.drive(bar, towards: next)
      case .bridge where bar.beats == 3:
        part.play([(0, 4, 0), (4, 4, 0), (8, 2, 0), (10, 2, 12)], bar, velocity: 98)
      case .bridge: part.play([(0, 10, 0), (10, 2, 7), (12, 4, 12)], bar, velocity: 78 + bar.index * 2)
      case .outro: part.play([(0, bar.isLast ? 16 : 15, 0)], bar, velocity: 80 - bar.index * 4)
      }
    }
    return part
  }

  /// Start and length in sixteenths, and semitones above the chord's bass key.
  private mutating func play(_ notes: [(Int, Int, Int)], _ bar: Song.Bar, velocity: Int) {
    for (index, (start, length, offset)) in notes.enumerated() {
      note(
        bar.chord.bass + offset, channel: Channel.bass, at: bar.start + start * Song.ticksPerSixteenth,
        length: length * Song.ticksPerSixteenth - 30,
        velocity: velocity + (start == 0 ? 6 : 0) + Part.sway(bar.start / 960 + index * 5, spread: 3))
    }
  }

  private mutating func walk(_ bar: Song.Bar, towards next: Int) {
    play([(0, 6, 0), (6, 2, 0), (8, 4, 7), (12, 2, 12), (14, 2, step(bar, next))], bar, velocity: 82)
  }

  private mutating func drive(_ bar: Song.Bar, towards next: Int) {
    let offsets =
      bar.isLast ? [0, 0, 12, 0, 7, 0, 3, step(bar, next)] : [0, 0, 12, 0, 0, 7, 12, step(bar, next)]
    play(offsets.enumerated().map { ($0.offset * 2, 2, $0.element) }, bar, velocity: 90)
  }

  /// The last note leads into the next bar's: the neighbour of it in D major that is on the way.
  private func step(_ bar: Song.Bar, _ next: Int) -> Int {
    let from = bar.chord.bass
    guard next != from else { return 7 }
    let side = next > from ? -1 : 1
    let isInKey = [1, 2, 4, 6, 7, 9, 11].contains((next + 2 * side) % 12)
    return next + (isInKey ? 2 : 1) * side - from
  }
}
