extension Part {
  /// The tune: a flute, which leans into long notes with a little vibrato.
  static func lead() -> Part {
    var part = Part(name: "Lead")
    part.open(channel: Channel.lead, program: 73, volume: 104, pan: 70, reverb: 62)
    part.control(.modulation, 0, channel: Channel.lead, at: 0)
    for bar in Song.bars {
      let notes = Melody.notes(in: bar)
      for (index, note) in notes.enumerated() {
        let tick = bar.start + note.start * Song.ticksPerSixteenth
        let length = note.length * Song.ticksPerSixteenth
        // A breath at the end of a long note, none between quick ones.
        let sounding = length - (note.length >= 8 ? 120 : 30)
        let accent = note.start % 8 == 0 ? 6 : 0
        let velocity = level(bar) + accent + sway(bar.start / 960 + index * 7, spread: 4)
        part.note(note.key, channel: Channel.lead, at: tick, length: sounding, velocity: velocity)
        if note.length >= 8 { part.lean(from: tick + 480, to: tick + sounding) }
      }
    }
    return part
  }

  private static func level(_ bar: Song.Bar) -> Int {
    switch bar.section {
    case .intro: 66
    case .verse: 76 + bar.pass * 6
    case .chorus: 92 + bar.pass * 4
    case .bridge: 74 + bar.index * 4
    case .outro: 80 - bar.index * 5
    }
  }

  /// Vibrato that grows after the note has spoken and is gone when it ends.
  private mutating func lean(from start: Int, to end: Int) {
    for step in 1...4 where start + step * 120 < end {
      control(.modulation, step * 11, channel: Channel.lead, at: start + step * 120)
    }
    control(.modulation, 0, channel: Channel.lead, at: end)
  }
}
