import MIDI

/// What can be told of a piece of music by its notes: its key, register, density, and the way its melody goes.
package struct MusicPortrait: Sendable {
  package let key: PhraseKey
  /// MIDI keys of its lowest and highest note, an octave apart at least.
  package let register: ClosedRange<Int>
  /// Onsets by sixteenths.
  package let density: Double
  package let firstKey: Int
  package let lastKey: Int
  let channel: UInt8
  let program: UInt8?
  let tempo: Double
  let signature: PhraseParameters.MeterSignature
  /// The highest note of each onset.
  private let melody: [Int]

  /// Drums apart, which have no key. Throws where nothing else is left.
  package init(_ sequence: MIDISequence) throws(GeneratorError) {
    var onsets: [(tick: Int64, key: Int, velocity: Int)] = []
    var lengths = Array(repeating: 0.0, count: 12)
    var sounding: [Int: Int64] = [:]
    var counts = Array(repeating: 0, count: 16)
    for event in sequence.events where event.channel != 9 {
      let place = Int(event.channel) << 7 | Int(event.data1)
      if event.kind == .noteOn {
        onsets.append((event.tick, Int(event.data1), Int(event.data2)))
        counts[Int(event.channel)] += 1
        sounding[place] = event.tick
      } else if event.kind == .noteOff, let begin = sounding.removeValue(forKey: place) {
        lengths[Int(event.data1) % 12] += min(Double(event.tick - begin), 8 * 960)
      }
    }
    guard let first = onsets.first else {
      throw GeneratorError(
        "no_notes", "The given MIDI has no melody", why: "It has no notes outside of the drum channel.",
        next: "garden midi info FILE")
    }
    var melody: [Int] = []
    var ticks: [Int64] = []
    for onset in onsets {
      if ticks.last == onset.tick {
        melody[melody.count - 1] = max(melody[melody.count - 1], onset.key)
      } else {
        ticks.append(onset.tick)
        melody.append(onset.key)
      }
    }
    self.melody = melody
    key = Self.key(of: lengths)
    let keys = onsets.map(\.key)
    register = Self.octave(around: keys.min() ?? first.key, keys.max() ?? first.key)
    let span = max(960, sequence.lengthTicks - first.tick)
    density = min(1, max(0.02, Double(ticks.count) * 240 / Double(span)))
    firstKey = melody[0]
    lastKey = melody[melody.count - 1]
    let busiest = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    channel = UInt8(busiest)
    program = sequence.events.last { $0.kind == .program && Int($0.channel) == busiest }?.data1
    let bpm = sequence.tempos.last?.bpm ?? 120
    tempo = min(
      max(bpm.isFinite ? bpm : 120, GeneratorLimits.tempo.lowerBound), GeneratorLimits.tempo.upperBound)
    let last = sequence.signatures.last
    let fits = last.map { (1...32).contains($0.numerator) && $0.denominator <= 16 } ?? false
    signature = PhraseParameters.MeterSignature(
      numerator: fits ? last?.numerator ?? 4 : 4, denominator: fits ? last?.denominator ?? 4 : 4)
  }

  private static func octave(around low: Int, _ high: Int) -> ClosedRange<Int> {
    var (low, high) = (low, high)
    while high - low < GeneratorLimits.registerSpan {
      if low > 0 { low -= 1 }
      if high < 127 { high += 1 }
    }
    return low...high
  }

  /// Krumhansl and Kessler's probe-tone ratings (1982), in hundredths.
  private static let major = [635.0, 223, 348, 233, 438, 409, 252, 519, 239, 366, 229, 288]
  private static let minor = [633.0, 268, 352, 538, 260, 353, 254, 475, 398, 269, 334, 317]

  /// The major or minor key whose ratings go best with how long each tone sounds: Pearson's correlation.
  private static func key(of lengths: [Double]) -> PhraseKey {
    var best = (PhraseKey(tonic: 0, scale: .major), -2.0)
    for tonic in 0..<12 {
      for (ratings, scale) in [(major, Scale.major), (minor, Scale.minor)] {
        let fit = correlation(lengths, (0..<12).map { ratings[($0 - tonic + 12) % 12] })
        if fit > best.1 + 1e-9 { best = (PhraseKey(tonic: tonic, scale: scale), fit) }
      }
    }
    return best.0
  }

  private static func correlation(_ one: [Double], _ other: [Double]) -> Double {
    let oneMean = one.reduce(0, +) / 12
    let otherMean = other.reduce(0, +) / 12
    var (both, first, second) = (0.0, 0.0, 0.0)
    for index in 0..<12 {
      let (a, b) = (one[index] - oneMean, other[index] - otherMean)
      both += a * b
      first += a * a
      second += b * b
    }
    return first > 0 && second > 0 ? both / (first * second).squareRoot() : -1
  }

  func chain(in key: PhraseKey) -> MelodyChain {
    MelodyChain(learnedFrom: melody.suffix(4096).map { key.degree(nearest: $0) })
  }

  /// The music's own ways with the length, seed, temperature and velocity that are asked for.
  func parameters(_ asked: PhraseParameters) -> PhraseParameters {
    var parameters = asked
    parameters.key = key
    parameters.register = register
    parameters.density = density
    parameters.channel = channel
    parameters.program = program
    parameters.tempo = tempo
    parameters.signature = signature
    return parameters
  }
}
