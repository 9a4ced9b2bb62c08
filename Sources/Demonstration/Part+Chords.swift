extension Part {
  /// The harmony: an electric piano that breaks the chords or strikes them, and strings behind it.
  static func chords() -> Part {
    var part = Part(name: "Chords")
    part.open(channel: Channel.keys, program: 4, volume: 100, pan: 52, reverb: 45)
    part.open(channel: Channel.strings, program: 48, volume: 76, pan: 76, reverb: 80)
    for bar in Song.bars {
      switch bar.section {
      case .chorus: part.strike(bar)
      case .outro where bar.isLast: part.roll(bar)
      default: part.arpeggio(bar)
      }
      part.bow(bar)
    }
    return part
  }

  /// Eighths up and down through the chord, with the bass note of the hand held under them.
  private mutating func arpeggio(_ bar: Song.Bar) {
    let shape = bar.section == .bridge ? [0, 2, 1, 3, 2, 3, 1, 2] : [0, 1, 2, 3, 2, 1, 3, 2]
    let base = bar.section == .bridge ? 58 + bar.index * 3 : bar.section == .outro ? 60 - bar.index * 3 : 62
    for step in 0..<bar.beats * 2 {
      let key = bar.chord.keys[shape[step % shape.count]]
      let late = Part.sway(bar.start / 480 + step, spread: 4) + 5
      let accent = step % 4 == 0 ? 10 : 0
      note(
        key, channel: Channel.keys, at: bar.start + step * 480 + late, length: step % 4 == 0 ? 900 : 620,
        velocity: base + accent + Part.sway(bar.start / 960 * 8 + step, spread: 5))
    }
  }

  /// Syncopated chords: on the beat, and pushed ahead of the third and fourth.
  private mutating func strike(_ bar: Song.Bar) {
    let hits = bar.isLast ? [(0, 5), (6, 8)] : [(0, 3), (3, 3), (6, 4), (10, 3), (13, 2)]
    for (start, length) in hits {
      for (voice, key) in bar.chord.keys.enumerated() {
        note(
          key, channel: Channel.keys, at: bar.start + start * Song.ticksPerSixteenth + voice * 4,
          length: length * Song.ticksPerSixteenth - 40,
          velocity: (start == 0 ? 80 : 70) + bar.pass * 3
            + Part.sway(bar.start / 960 + voice + start, spread: 4))
      }
    }
  }

  /// The last chord, from the bottom up.
  private mutating func roll(_ bar: Song.Bar) {
    let keys = [50] + bar.chord.keys + [74]
    for (index, key) in keys.enumerated() {
      let start = index * 110
      note(
        key, channel: Channel.keys, at: bar.start + start, length: bar.ticks - start, velocity: 58 - index * 2
      )
    }
  }

  /// Long notes that swell and sink with the section.
  private mutating func bow(_ bar: Song.Bar) {
    let isSilent =
      bar.section == .intro && bar.index < 2 || bar.section == .verse && bar.pass == 0 && bar.index < 4
    guard !isSilent else { return }
    for key in bar.chord.keys.dropFirst() {
      let high = bar.section == .chorus && bar.pass > 0 ? 12 : 0
      note(key + high, channel: Channel.strings, at: bar.start, length: bar.ticks - 40, velocity: 64)
    }
    let (from, to) = swell(bar)
    for step in 0..<8 {
      let value = from + (to - from) * step / 8
      control(.expression, value, channel: Channel.strings, at: bar.start + bar.ticks * step / 8)
    }
  }

  private func swell(_ bar: Song.Bar) -> (from: Int, to: Int) {
    switch bar.section {
    case .intro: (40 + bar.index * 8, 48 + bar.index * 8)
    case .verse: bar.isLast ? (72, 100) : (66, 72)
    case .chorus: bar.isLast ? (104, 80) : (94, 104)
    case .bridge: (50 + bar.index * 8, 58 + bar.index * 8)
    case .outro: (90 - bar.index * 12, 78 - bar.index * 12)
    }
  }
}
