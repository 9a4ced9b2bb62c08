/// The form: sections of bars, each with its harmony, tempo and signature.
enum Song {
  static let ticksPerBeat = 960
  static let ticksPerSixteenth = ticksPerBeat / 4

  enum Section: String {
    case intro, verse, chorus, bridge, outro
  }

  struct Bar {
    let section: Section
    /// Which bar of its section, from 0.
    let index: Int
    /// The section's length in bars.
    let count: Int
    /// How often the section has been heard before.
    let pass: Int
    let chord: Chord
    let beats: Int
    let start: Int

    var ticks: Int { beats * Song.ticksPerBeat }
    var isLast: Bool { index == count - 1 }
  }

  struct TempoChange {
    let tick: Int
    let beatsPerMinute: Double
  }

  static let bars: [Bar] = {
    var bars: [Bar] = []
    var passes: [Section: Int] = [:]
    var start = 0
    for section in order {
      let chords = harmony(section)
      for (index, chord) in chords.enumerated() {
        // The bridge's last bar drops a beat and tips into the chorus.
        let beats = section == .bridge && index == chords.count - 1 ? 3 : 4
        let bar = Bar(
          section: section, index: index, count: chords.count, pass: passes[section, default: 0],
          chord: chord,
          beats: beats, start: start)
        bars.append(bar)
        start += bar.ticks
      }
      passes[section, default: 0] += 1
    }
    return bars
  }()

  static let end = bars.reduce(0) { $0 + $1.ticks }

  static let tempos: [TempoChange] = {
    var tempos: [TempoChange] = []
    for bar in bars where bar.index == 0 {
      let tempo = tempo(bar.section, pass: bar.pass)
      if tempos.last?.beatsPerMinute != tempo {
        tempos.append(TempoChange(tick: bar.start, beatsPerMinute: tempo))
      }
    }
    // The last two bars slow down beat by beat.
    for beat in 0..<8 {
      let tick = end - (8 - beat) * ticksPerBeat
      tempos.append(TempoChange(tick: tick, beatsPerMinute: 86 - 3 * Double(beat)))
    }
    return tempos
  }()

  private static let order: [Section] = [
    .intro, .verse, .chorus, .verse, .chorus, .bridge, .chorus, .outro,
  ]

  private static func tempo(_ section: Section, pass: Int) -> Double {
    switch section {
    case .intro: 96
    case .verse: pass == 0 ? 96 : 104
    case .chorus: 104
    case .bridge, .outro: 88
    }
  }

  private static func harmony(_ section: Section) -> [Chord] {
    switch section {
    case .intro: [.d9, .b7, .g7, .a4]
    case .verse: [.d9, .b7, .g7, .a4, .d9, .b7, .g7, .a]
    case .chorus: [.g, .a, .fSharp7, .b7, .g, .a, .d9, .dOverFSharp]
    case .bridge: [.e7, .fSharp7, .g7, .a, .bFlat7, .c, .a4, .a]
    case .outro: [.g7, .a, .fSharp7, .b7, .g7, .d9]
    }
  }
}

/// A harmony: its bass key and a voicing around middle C.
struct Chord {
  let bass: Int
  let keys: [Int]

  static let d9 = Chord(bass: 38, keys: [57, 61, 64, 66])
  static let dOverFSharp = Chord(bass: 42, keys: [57, 62, 64, 69])
  static let b7 = Chord(bass: 35, keys: [57, 62, 66, 69])
  static let g7 = Chord(bass: 43, keys: [59, 62, 66, 69])
  static let g = Chord(bass: 43, keys: [59, 62, 67, 71])
  static let a4 = Chord(bass: 33, keys: [57, 62, 64, 69])
  static let a = Chord(bass: 33, keys: [57, 61, 64, 69])
  static let fSharp7 = Chord(bass: 42, keys: [57, 61, 64, 69])
  static let e7 = Chord(bass: 40, keys: [55, 59, 62, 66])
  static let bFlat7 = Chord(bass: 34, keys: [57, 62, 65, 69])
  static let c = Chord(bass: 36, keys: [55, 60, 64, 67])
}
