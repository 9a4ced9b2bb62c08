extension Tone {
  /// A wave that never changes: one period per octave, repeated until the loop has the 32 frames the format
  /// asks for.
  func cycles(_ spectrum: Spectrum) -> [KeyedSample] {
    Octave.all.map { octave in
      let cycle = octave.cycle(spectrum.harmonics(in: octave))
      let periods = max(1, (32 + octave.period - 1) / octave.period)
      let loop = (0..<periods).flatMap { _ in cycle }
      let lead = Array(loop.suffix(octave.period >= Sample.guardFrames ? octave.period : loop.count))
      let sample = Sample(
        "\(rawValue) \(octave.index)", looping: lead + loop, loopLength: loop.count, pitch: octave.pitch)
      return KeyedSample(keys: octave.keys, sample: sample)
    }
  }

  /// How a section of players is recorded.
  struct Section: Sendable {
    struct Zone: Sendable {
      let octave: Int
      let keys: ClosedRange<Int>
      /// Periods in the loop: a player detuned by one period in that many beats once a loop, without a seam.
      let periods: Int
      /// Each player's periods more or fewer. The one in tune leads, so that the section is in tune.
      let players: [Int]
    }

    let zones: [Zone]

    static let strings = Section(zones: [
      Zone(octave: 1, keys: 0...55, periods: 88, players: [0, -1, 1]),
      Zone(octave: 2, keys: 56...67, periods: 104, players: [0, -1, 1]),
      Zone(octave: 3, keys: 68...127, periods: 160, players: [0, -1, 1, -2, 2]),
    ])
    static let choir = Section(zones: [
      Zone(octave: 2, keys: 0...64, periods: 96, players: [0, -1, 1]),
      Zone(octave: 3, keys: 65...127, periods: 136, players: [0, -1, 1]),
    ])
  }

  func section(_ spectrum: Spectrum, _ section: Section) -> [KeyedSample] {
    section.zones.map { zone in
      let octave = Octave(index: zone.octave)
      let length = zone.periods * octave.period
      var loop = [Double](repeating: 0, count: length)
      for (player, offset) in zone.players.enumerated() {
        add(player, of: spectrum, in: octave, detunedBy: offset, from: zone.periods, to: &loop)
      }
      let sample = Sample(
        "\(rawValue) \(octave.index)", looping: Array(loop.suffix(octave.period)) + loop, loopLength: length,
        pitch: octave.pitch)
      return KeyedSample(keys: zone.keys, sample: sample)
    }
  }

  /// Adds a player whose tone fits `periods + offset` times into the loop, read from a wave with phases of
  /// its own.
  private func add(
    _ player: Int, of spectrum: Spectrum, in octave: Octave, detunedBy offset: Int, from periods: Int,
    to loop: inout [Double]
  ) {
    let cycles = periods + offset
    var noise = Noise(seed: UInt64(player * 101 + octave.index * 7 + cycles))
    let harmonics = spectrum.harmonics(in: octave).map {
      Harmonic(number: $0.number, level: $0.level, phase: 0.5 + 0.499 * noise.next())
    }
    // Four times as fine as the period, so that straight lines between the points are close enough.
    let fine = Octave(index: max(0, octave.index - 2))
    let wave = fine.cycle(harmonics)
    let length = loop.count
    let level = offset == 0 ? 1.5 : 0.8
    var position = 0
    let advance = cycles * wave.count
    for i in 0..<length {
      let index = position / length
      let fraction = Double(position - index * length) / Double(length)
      let next = index + 1 == wave.count ? 0 : index + 1
      loop[i] += level * (wave[index] + (wave[next] - wave[index]) * fraction)
      position += advance
      while position >= wave.count * length { position -= wave.count * length }
    }
  }
}
