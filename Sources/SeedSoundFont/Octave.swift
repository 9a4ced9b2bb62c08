/// The grid on which pitched samples are recorded: one period is 704 frames divided by a power of two.
///
/// 48000 / 704 Hz lies 28.05 cents below key 37, so that a whole number of frames per period and a whole
/// number of cents of correction put every octave in tune within a twentieth of a cent.
struct Octave {
  /// 0 is the lowest, 5 the highest.
  let index: Int

  static let longestPeriod = 704
  static let all = (0...5).map { Octave(index: $0) }

  var period: Int { Octave.longestPeriod >> index }
  var frequency: Double { Double(Sample.rate) / Double(period) }
  var pitch: Sample.Pitch { .init(key: 37 + 12 * index, correction: 28) }

  /// The keys a single-cycle wave of this octave serves: half an octave around its root, and the ends.
  var keys: ClosedRange<Int> {
    let low = index == 0 ? 0 : 31 + 12 * index
    let high = index == 5 ? 127 : 42 + 12 * index
    return low...high
  }

  /// Harmonics that stay under 20 kHz at the highest key served, as far as the piano's keyboard goes.
  var harmonics: Int { [120, 100, 54, 27, 13, 4][index] }

  /// One period of sine, from which harmonic h of the wave is read h frames at a time: exact, and exactly
  /// periodic.
  static let sineOfLongestPeriod = (0..<longestPeriod).map {
    Arithmetic.sine(turns: Double($0) / Double(longestPeriod))
  }

  /// One period of a sum of harmonics.
  func cycle(_ harmonics: [Harmonic]) -> [Double] {
    let table = Octave.sineOfLongestPeriod
    let step = Octave.longestPeriod / period
    var cycle = [Double](repeating: 0, count: period)
    for harmonic in harmonics where harmonic.level != 0 {
      var phase = Int((harmonic.phase * Double(Octave.longestPeriod)).rounded()) % Octave.longestPeriod
      let advance = harmonic.number * step % Octave.longestPeriod
      for i in 0..<period {
        cycle[i] += harmonic.level * table[phase]
        phase += advance
        if phase >= Octave.longestPeriod { phase -= Octave.longestPeriod }
      }
    }
    return cycle
  }
}

struct Harmonic {
  let number: Int
  let level: Double
  /// Turns, from 0 to 1.
  var phase = 0.0
}
