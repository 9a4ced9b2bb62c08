import MIDI

/// One melody on its way to a sequence. Time is counted in sixteenths.
struct MelodicLine {
  enum Goal {
    case tonic
    case beginning
    case key(Int)
  }

  static let ticksPerStep: Int64 = 240

  let parameters: PhraseParameters
  let chain: MelodyChain
  let name: String
  var isLoop = false
  /// What a bridge turns into, from its middle on.
  var arrival: (key: PhraseKey, density: Double, chain: MelodyChain, tempo: Double)?
  private var random: SeededRandom
  private var notes: [(step: Int, end: Int, key: UInt8, velocity: UInt8)] = []
  private let steps: Int

  init(_ parameters: PhraseParameters, chain: MelodyChain, name: String) {
    self.parameters = parameters
    self.chain = chain
    self.name = name
    random = SeededRandom(seed: parameters.seed)
    steps = Int((parameters.beats * 4).rounded())
  }

  mutating func write(from first: Int?, to goal: Goal) {
    let onsets = rhythm()
    let middle = (parameters.register.lowerBound + parameters.register.upperBound) / 2
    var key = parameters.key
    var degree = key.degree(nearest: first ?? middle)
    var before = 0
    for (index, onset) in onsets.enumerated() {
      if let arrival, 2 * onset >= steps, key != arrival.key {
        degree = arrival.key.degree(nearest: key.key(ofDegree: degree))
        key = arrival.key
      }
      if index == 0, first == nil {
        degree = nearestTonic(to: middle, key)
      } else {
        let step = nextStep(after: before, from: degree, key, at: onset)
        before = step
        degree += step
      }
      if index == onsets.count - 1, onsets.count > 1 { degree = end(goal, near: degree, key) }
      let next = index + 1 < onsets.count ? onsets[index + 1] : steps
      append(onset, next, key.key(ofDegree: degree), isLast: index == onsets.count - 1)
    }
  }

  /// A step that stays in the register. On the first of a bar the tones of the triad are favoured.
  private mutating func nextStep(after before: Int, from degree: Int, _ key: PhraseKey, at onset: Int) -> Int
  {
    let isStrong = onset % max(1, parameters.signature.sixteenths) == 0
    let tones = key.scale.semitones.count
    let model = arrival.map { 2 * onset >= steps ? $0.chain : chain } ?? chain
    let register = parameters.register
    return model.step(
      after: before, temperature: parameters.temperature,
      favour: { step in
        guard register.contains(key.key(ofDegree: degree + step)) else { return 0 }
        let place = (((degree + step) % tones) + tones) % tones
        return isStrong && (place == 0 || place == 2 || place == 4) ? 3 : 1
      }, &random)
  }

  private func end(_ goal: Goal, near degree: Int, _ key: PhraseKey) -> Int {
    switch goal {
    case .tonic: return nearestTonic(to: key.key(ofDegree: degree), key)
    case .beginning: return neighbour(of: notes.first.map { Int($0.key) } ?? 60, near: degree, key)
    case .key(let wanted): return neighbour(of: wanted, near: degree, key)
    }
  }

  /// A step of the scale beside a key, on the side the melody comes from, within the register.
  private func neighbour(of wanted: Int, near degree: Int, _ key: PhraseKey) -> Int {
    let target = key.degree(nearest: wanted)
    let beside = degree < target ? target - 1 : target + 1
    let other = degree < target ? target + 1 : target - 1
    return parameters.register.contains(key.key(ofDegree: beside)) ? beside : other
  }

  private func nearestTonic(to wanted: Int, _ key: PhraseKey) -> Int {
    let count = key.scale.semitones.count
    let inside = (0...11).map { $0 * count }.filter { parameters.register.contains(key.key(ofDegree: $0)) }
    return inside.min { abs(key.key(ofDegree: $0) - wanted) < abs(key.key(ofDegree: $1) - wanted) }
      ?? key.degree(nearest: wanted)
  }

  private mutating func append(_ step: Int, _ next: Int, _ key: Int, isLast: Bool) {
    // Full, three quarters or half of the time to the next note, no longer than a bar.
    let room = min(next - step, max(4, parameters.signature.sixteenths))
    let gate = [4, 4, 3, 2][random.below(4)]
    let length = isLast && !isLoop ? next - step : max(1, room * gate / 4)
    let accent = step % max(1, parameters.signature.sixteenths) == 0 ? 12 : step % 4 == 0 ? 4 : -6
    let velocity = Int(parameters.velocity) + accent + random.below(9) - 4
    notes.append((step, step + length, UInt8(max(0, min(127, key))), UInt8(max(1, min(127, velocity)))))
  }

  /// Where notes begin. Bars have their whole share of the density, the fractions carried on from bar to bar.
  private mutating func rhythm() -> [Int] {
    let bar = max(1, parameters.signature.sixteenths)
    let rotations = [random.below(bar), random.below(bar)]
    var onsets: [Int] = []
    var owed = 0.0
    var number = 0
    var start = 0
    while start < steps {
      let size = min(bar, steps - start)
      let share = Double(start) / Double(steps)
      let density =
        arrival.map { parameters.density + ($0.density - parameters.density) * share } ?? parameters.density
      owed += density * Double(size)
      let count = min(size, Int(owed + 0.000_001))
      owed -= Double(count)
      let turn = isLoop ? 0 : rotations[number % 2]
      let pattern = Euclid.pattern(onsets: count, steps: size, rotation: number == 0 ? 0 : turn)
      for (step, isOnset) in pattern.enumerated() where isOnset { onsets.append(start + step) }
      number += 1
      start += size
    }
    // However thin, a phrase has a note.
    return onsets.isEmpty ? [0] : onsets
  }

  var sequence: MIDISequence {
    var events: [MIDIEvent] = []
    if let program = parameters.program {
      events.append(MIDIEvent(tick: 0, kind: .program, channel: parameters.channel, data1: program))
    }
    for note in notes {
      events.append(
        MIDIEvent(
          tick: Int64(note.step) * Self.ticksPerStep, kind: .noteOn, channel: parameters.channel,
          data1: note.key,
          data2: note.velocity))
      events.append(
        MIDIEvent(
          tick: Int64(note.end) * Self.ticksPerStep, kind: .noteOff, channel: parameters.channel,
          data1: note.key,
          data2: 64))
    }
    var tempos = [MIDITempo(tick: 0, bpm: parameters.tempo)]
    if let arrival, arrival.tempo != parameters.tempo {
      tempos.append(MIDITempo(tick: Int64(steps / 2) * Self.ticksPerStep, bpm: arrival.tempo))
    }
    return MIDISequence(
      events: events, lengthTicks: Int64(steps) * Self.ticksPerStep, tempos: tempos,
      signatures: [
        MIDISignature(
          tick: 0, numerator: parameters.signature.numerator, denominator: parameters.signature.denominator)
      ], tracks: [MIDITrackInfo(name: name, channels: [parameters.channel])])
  }
}
