private enum Drum {
  static let kick = 36
  static let stick = 37
  static let snare = 38
  static let floorTom = 43
  static let closedHat = 42
  static let lowTom = 45
  static let openHat = 46
  static let middleTom = 47
  static let crash = 49
  static let highTom = 50
  static let ride = 51
  static let tambourine = 54
  static let shaker = 70
  static let triangle = 81
}

extension Part {
  /// The kit: brushes of it in the verse, all of it in the chorus, toms under the bridge.
  static func drums() -> Part {
    var part = Part(name: "Drums")
    part.open(channel: Channel.drums, program: 0, volume: 114, pan: 64, reverb: 30)
    for bar in Song.bars {
      if bar.index == 0, bar.section != .intro {
        part.hit(Drum.crash, bar, 0, bar.section == .chorus ? 96 : 70)
      }
      switch bar.section {
      case .intro: part.intro(bar)
      case .verse: part.verse(bar)
      case .chorus: part.chorus(bar)
      case .bridge: part.bridge(bar)
      case .outro: part.outro(bar)
      }
    }
    return part
  }

  /// `position` in sixteenths from the bar's start.
  private mutating func hit(_ key: Int, _ bar: Song.Bar, _ position: Int, _ velocity: Int) {
    let sway = Part.sway(bar.start / 240 + position * 3 + key, spread: 4)
    note(
      key, channel: Channel.drums, at: bar.start + position * Song.ticksPerSixteenth, length: 200,
      velocity: velocity + sway)
  }

  private mutating func intro(_ bar: Song.Bar) {
    if bar.index == 0 { hit(Drum.triangle, bar, 0, 70) }
    guard bar.index >= 2 else { return }
    for position in stride(from: 0, to: 16, by: 2) {
      hit(Drum.shaker, bar, position, position % 4 == 0 ? 66 : 48)
    }
    if bar.isLast { fill(bar, [(12, Drum.stick), (14, Drum.lowTom), (15, Drum.floorTom)], velocity: 72) }
  }

  private mutating func verse(_ bar: Song.Bar) {
    for position in [0, 7, 8] { hit(Drum.kick, bar, position, position == 7 ? 66 : 92) }
    let back = bar.pass == 0 ? Drum.stick : Drum.snare
    let end = bar.isLast ? 12 : 16
    for position in [4, 12] where position < end { hit(back, bar, position, 84) }
    for position in stride(from: 0, to: end, by: 2) {
      hit(Drum.closedHat, bar, position, position % 4 == 0 ? 84 : 62)
    }
    if bar.pass > 0 { for position in [3, 11] { hit(Drum.closedHat, bar, position, 46) } }
    if bar.isLast { fill(bar, Part.rollDown, velocity: 84) }
  }

  private mutating func chorus(_ bar: Song.Bar) {
    let end = bar.isLast ? 8 : 16
    for position in [0, 6, 8, 11] where position < end {
      hit(Drum.kick, bar, position, position % 8 == 0 ? 104 : 84)
    }
    for position in [4, 12] where position < end {
      hit(Drum.snare, bar, position, 104)
      hit(Drum.tambourine, bar, position, 72)
    }
    for position in stride(from: 0, to: end, by: 2) {
      let isOpen = position == 14
      hit(isOpen ? Drum.openHat : Drum.closedHat, bar, position, position % 4 == 0 ? 92 : 70)
    }
    if bar.index == 4 { hit(Drum.crash, bar, 0, 84) }
    for position in [7, 9] where position < end { hit(Drum.snare, bar, position, 38) }
    if bar.isLast {
      fill(
        bar,
        [
          (8, Drum.snare), (9, Drum.snare), (10, Drum.highTom), (11, Drum.highTom), (12, Drum.middleTom),
          (13, Drum.lowTom), (14, Drum.floorTom), (15, Drum.floorTom),
        ], velocity: 88)
    }
  }

  private mutating func bridge(_ bar: Song.Bar) {
    let sixteenths = bar.beats * 4
    for position in stride(from: 0, to: sixteenths, by: 4) {
      hit(Drum.ride, bar, position, 66 + bar.index * 3)
    }
    hit(Drum.kick, bar, 0, 80 + bar.index * 2)
    if bar.index < 4 {
      hit(Drum.stick, bar, 8, 70)
    } else if bar.beats == 4 {
      for position in stride(from: 0, to: 16, by: 2) {
        hit(position % 8 == 6 ? Drum.lowTom : Drum.floorTom, bar, position, 58 + bar.index * 4)
      }
    } else {
      for position in 0..<sixteenths { hit(Drum.snare, bar, position, 48 + position * 5) }
    }
  }

  private mutating func outro(_ bar: Song.Bar) {
    guard bar.index < 4 else {
      if bar.isLast { hit(Drum.triangle, bar, 0, 64) }
      return
    }
    for position in stride(from: 0, to: 16, by: 4) { hit(Drum.ride, bar, position, 70 - bar.index * 6) }
    for position in [0, 8] { hit(Drum.kick, bar, position, 78 - bar.index * 6) }
    hit(Drum.stick, bar, 12, 66 - bar.index * 5)
  }

  private static let rollDown = [
    (12, Drum.snare), (13, Drum.highTom), (14, Drum.middleTom), (15, Drum.floorTom),
  ]

  /// A fill that grows.
  private mutating func fill(_ bar: Song.Bar, _ hits: [(Int, Int)], velocity: Int) {
    for (index, (position, key)) in hits.enumerated() { hit(key, bar, position, velocity + index * 3) }
  }
}
