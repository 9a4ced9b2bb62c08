import Testing

@testable import MusicalTime

/// Long maps against exact arithmetic.
struct TempoPrecisionTests {
  /// Tempos in half BPM whose sum of reciprocals has a denominator that fits: 60·rate·ticks/(bpm·960) is
  /// exact in it.
  private static let halfBPM = [
    40, 97, 120, 144, 151, 180, 194, 200, 240, 241, 250, 256, 288, 300, 320, 360, 384, 400, 500, 1_998,
  ]

  @Test(arguments: [44_100, 48_000, 192_000])
  func tenThousandChangesOverTwoHoursAreNotOneFrameOff(rate: Int) throws {
    var random = Dice(seed: UInt64(rate))
    let steps = (0..<10_000).map { _ in
      // 0.72 seconds each, give or take half of it, in whole ticks.
      let tempo = Self.halfBPM[random.roll(0...(Self.halfBPM.count - 1))]
      return (tempo: tempo, ticks: Tick(tempo * 480 * random.roll(36...108) / 6_000))
    }
    var changes: [TempoChange] = []
    var tick: Tick = 0
    for step in steps {
      changes.append(TempoChange(tick: tick, bpm: Double(step.tempo) / 2))
      tick += step.ticks
    }
    let map = try TempoMap(sampleRate: Double(rate), changes: changes)
    try compare(map, with: steps, rate: rate)
  }

  private func compare(_ map: TempoMap, with steps: [(tempo: Int, ticks: Tick)], rate: Int) throws {
    // frames = ticks·60·rate/(tempo/2·960) = ticks·rate/(8·tempo), over one denominator for all of them.
    let common = Int128(8) * Self.halfBPM.reduce(Int128(1)) { Self.leastCommonMultiple($0, Int128($1)) }
    var sum: Int128 = 0
    var tick: Tick = 0
    var compared = 0
    for step in steps {
      let middle = sum + Int128(step.ticks / 2) * Int128(rate) * (common / Int128(8 * step.tempo))
      for (place, exact) in [(tick, sum), (tick + step.ticks / 2, middle)] {
        let fraction = Double(exact % common) / Double(common)
        #expect(abs(map.exactFrame(atTick: Double(place)) - (Double(exact / common) + fraction)) < 2e-6)
        // Within a millionth of the border between two frames either is right.
        guard abs(fraction - 0.5) > 1e-6 else { continue }
        #expect(map.frame(atTick: place) == Frame(exact / common) + (fraction > 0.5 ? 1 : 0))
        compared += 1
      }
      sum += Int128(step.ticks) * Int128(rate) * (common / Int128(8 * step.tempo))
      tick += step.ticks
    }
    #expect(compared > 19_000)
    #expect(sum / common > Int128(rate) * 7_000, "two hours, nearly")
    #expect(map.frame(atTick: tick) == Frame((sum * 2 + common) / (common * 2)))
  }

  private static func leastCommonMultiple(_ a: Int128, _ b: Int128) -> Int128 {
    var (x, y) = (a, b)
    while y != 0 { (x, y) = (y, x % y) }
    return a / x * b
  }

  @Test func everyTickOfLongMapsComesBack() throws {
    var random = Dice(seed: 3)
    var tick: Tick = 0
    let changes = (0..<5_000).map { _ in
      defer { tick += Tick(random.roll(1...4_000)) }
      return TempoChange(tick: tick, bpm: Double(random.roll(2_000...99_900)) / 100)
    }
    let map = try TempoMap(sampleRate: 48_000, changes: changes)
    for place in stride(from: Tick(0), through: tick + 5_000, by: 997) {
      #expect(abs(map.tick(atFrame: map.exactFrame(atTick: Double(place))) - Double(place)) < 1e-5)
    }
  }
}
