/// A Markov chain of melodic steps: how likely each step in the scale is after the one before.
struct MelodyChain: Sendable {
  /// Steps of the scale that one note may lie from the next.
  static let reach = 5
  static let width = 2 * reach + 1

  /// By the step before, then by the step; each counted from `-reach`.
  private(set) var weights: [[Int]]

  /// Small steps are likelier than leaps, a leap is answered by a step the other way, and a direction is kept a while.
  static let plain: MelodyChain = {
    let base = [2, 3, 6, 10, 24, 8, 24, 10, 6, 3, 2]
    var weights = Array(repeating: base, count: width)
    for before in -reach...reach {
      for step in -reach...reach where step != 0 && before != 0 {
        let isSameWay = (step > 0) == (before > 0)
        let factor = abs(before) >= 3 ? (isSameWay ? 1 : 4) : (isSameWay ? 3 : 2)
        weights[before + reach][step + reach] *= factor
      }
    }
    return MelodyChain(weights: weights)
  }()

  private init(weights: [[Int]]) { self.weights = weights }

  /// What a melody does weighs most; what it never does stays possible.
  init(learnedFrom degrees: [Int]) {
    self = .plain
    var before = 0
    for (one, next) in zip(degrees, degrees.dropFirst()) {
      let step = max(-Self.reach, min(Self.reach, next - one))
      weights[before + Self.reach][step + Self.reach] += 60
      before = step
    }
  }

  /// The next step. `temperature` 0 takes the likeliest, 1 follows the weights, 2 nearly ignores them.
  func step(
    after before: Int, temperature: Double, favour: (Int) -> Int, _ random: inout SeededRandom
  ) -> Int {
    let row = weights[max(-Self.reach, min(Self.reach, before)) + Self.reach]
    var likely = row.indices.map { row[$0] * favour($0 - Self.reach) }
    // Where no step is allowed, the note stays.
    guard likely.contains(where: { $0 > 0 }) else { return 0 }
    if random.below(1000) >= Int(min(temperature, 1) * 1000) {
      let top = likely.max() ?? 0
      for index in likely.indices where likely[index] < top { likely[index] = 0 }
    } else if temperature > 1 {
      let mean = likely.reduce(0, +) / likely.count
      for index in likely.indices where likely[index] > 0 {
        likely[index] += Int((temperature - 1) * 4 * Double(mean))
      }
    }
    return random.pick(likely) - Self.reach
  }
}
