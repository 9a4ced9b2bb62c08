import Foundation
import Testing

@testable import MusicalTime

/// Where 10,000 changes over two hours lie, against a table that exact fractions and 60 digits have made
/// (`Fixtures/tempo-oracle.py`).
struct TempoOracleTests {
  struct Table: Sendable, CustomTestStringConvertible {
    var kind: String
    var rate: Int
    var rows: [(tick: Tick, frame: Frame, checksum: UInt64)] = []
    var ties = 0
    var testDescription: String { "\(kind) at \(rate)" }
  }

  static let tables: [Table] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/tempo-oracle.txt"
    // Without the table there is nothing to compare with, and the count below says so.
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    var tables: [Table] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if words.count == 3, let tick = Tick(words[0]), let frame = Frame(words[1]) {
        tables[tables.count - 1].rows.append((tick, frame, UInt64(words[2], radix: 16) ?? 0))
      } else if words.count == 2, words[0] == "ties" {
        tables[tables.count - 1].ties = Int(words[1]) ?? 0
      } else if words.count == 2 {
        tables.append(Table(kind: words[0], rate: Int(words[1]) ?? 0))
      }
    }
    return tables
  }()

  @Test func theTableHasStepsRampsAndHalvesAtThreeRates() {
    #expect(Self.tables.count == 9 && Self.tables.allSatisfy { $0.rows.count == 101 })
    #expect(Self.tables.filter { $0.kind == "halves" }.allSatisfy { $0.ties > 10 })
  }

  @Test(arguments: tables) func everyPlaceIsOnTheFrameOfTheTable(table: Table) throws {
    let seed = UInt64(table.rate) + (table.kind == "ramps" ? 1 : table.kind == "halves" ? 2 : 0)
    let made = Self.changes(Dice(seed: seed), table.kind)
    let map = try TempoMap(sampleRate: Double(table.rate), changes: made.map(\.change))
    var checksum: UInt64 = 0xCBF2_9CE4_8422_2325
    var rows = table.rows.makeIterator()
    var index = 0
    for (change, ticks) in made {
      for tick in [change.tick, change.tick + ticks / 2] {
        let frame = map.frame(atTick: tick)
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
          checksum = (checksum ^ (UInt64(frame) >> shift & 0xFF)) &* 0x100_0000_01B3
        }
        if index % 200 == 0 || index == 2 * made.count - 1, let row = rows.next() {
          try #require(tick == row.tick)
          #expect(frame == row.frame, "tick \(tick)")
          try #require(checksum == row.checksum, "some place in the hundred changes before tick \(tick)")
        }
        index += 1
      }
    }
    #expect(rows.next() == nil && map.frame(atTick: made[made.count - 1].change.tick) > table.rate * 6_600)
  }

  /// The same changes as the table's: a whole BPM, hundredths of one, or whole microseconds a beat.
  private static func changes(_ seeded: Dice, _ kind: String) -> [(change: TempoChange, ticks: Tick)] {
    var dice = seeded
    func tempo() -> (bpm: Double, sixteenths: Int) {
      switch dice.roll(0...2) {
      case 0:
        let bpm = dice.roll(20...999)
        return (Double(bpm), bpm * 16)
      case 1:
        let hundredths = dice.roll(2_000...99_900)
        return (Double(hundredths) / 100, hundredths * 16 / 100)
      default:
        let microseconds = dice.roll(60_061...3_000_000)
        return (60_000_000 / Double(microseconds), 60_000_000 * 16 / microseconds)
      }
    }
    let halves = [112, 224, 448, 176, 352, 704].map { (bpm: Double($0), sixteenths: $0 * 16) }
    let pool = kind == "halves" ? halves : (0..<64).map { _ in tempo() }
    var tick: Tick = 0
    return (0..<10_000).map { _ in
      let tempo = pool[dice.roll(0...(pool.count - 1))]
      let ticks = max(1, tempo.sixteenths * dice.roll(36...108) / 100)
      let ramp = kind == "ramps" ? dice.roll(0...2 * ticks) : 0
      defer { tick += Tick(ticks) }
      return (TempoChange(tick: tick, bpm: tempo.bpm, rampTicks: Tick(ramp)), Tick(ticks))
    }
  }
}
