/// A piece of music made of rules, as a MIDI file: one minute at 120 BPM, the same each time.
struct BenchPiece {
  let name: String
  let bytes: [UInt8]

  /// Pieces that put their weight on different channels, beside the one that the bench is given.
  static let all = [band, orchestra, piano]

  private static let beats = 120
  private static let ticksPerBeat = 480

  /// Drums in eighths, a bass, two guitars in chords, a lead that bends, strings: six channels.
  private static var band: BenchPiece {
    var score = Score()
    for (channel, program) in [(0, 33), (1, 25), (2, 27), (3, 81), (4, 48)] {
      score.program(channel, program)
    }
    for beat in 0..<beats {
      let root = 40 + [0, 5, 7, 3][beat / 4 % 4]
      for half in 0..<2 {
        let place = Double(beat) + 0.5 * Double(half)
        score.note(9, half == 0 ? 42 : 46, place, 0.2)
        score.note(0, root - 4, place, 0.45)
        for step in [0, 4, 7] { score.note(1 + half, root + 12 + step, place, 0.8) }
        score.note(3, root + 24 + (beat * 5 + half * 3) % 12, place, 0.4)
      }
      score.note(9, beat.isMultiple(of: 2) ? 36 : 38, Double(beat), 0.3)
      for step in 0..<8 { score.bend(3, 8192 + (step - 4) * 200, Double(beat) + Double(step) / 8) }
      if beat.isMultiple(of: 4) {
        for step in [0, 4, 7, 12] { score.note(4, root + 24 + step, Double(beat), 4) }
      }
    }
    return BenchPiece(name: "band", bytes: score.file())
  }

  /// Fourteen channels of long notes whose loudness moves.
  private static var orchestra: BenchPiece {
    var score = Score()
    let programs = [40, 41, 42, 43, 48, 49, 56, 57, 60, 0, 68, 70, 71, 73, 47]
    for (channel, program) in programs.enumerated() where channel != 9 {
      score.program(channel, program)
      for bar in 0..<(beats / 4) {
        let place = Double(4 * bar) + Double(channel % 4) / 4
        let key = 48 + (channel * 7 + bar * 5) % 36
        score.note(channel, key, place, 4.5)
        score.note(channel, key + [3, 4, 7][bar % 3], place + 1, 3.5)
        for step in 0..<8 {
          score.controller(channel, 11, 70 + 7 * ((step + channel) % 8), place + Double(step) / 2)
        }
      }
    }
    return BenchPiece(name: "orchestra", bytes: score.file())
  }

  /// One channel: chords and runs under the pedal.
  private static var piano: BenchPiece {
    var score = Score()
    for beat in 0..<beats {
      if beat.isMultiple(of: 4) {
        score.controller(0, 64, 0, Double(beat))
        score.controller(0, 64, 127, Double(beat) + 0.05)
        for step in [0, 7, 12, 16] { score.note(0, 36 + beat / 4 % 5 + step, Double(beat) + 0.1, 2) }
      }
      for step in 0..<4 {
        score.note(0, 60 + (beat * 7 + step * 4) % 30, Double(beat) + Double(step) / 4, 0.2)
      }
    }
    return BenchPiece(name: "piano", bytes: score.file())
  }

  /// Events on their way into a file of one track.
  private struct Score {
    private var events: [(tick: Int, bytes: [UInt8])] = []

    mutating func program(_ channel: Int, _ number: Int) { add(0, [0xC0 | UInt8(channel), UInt8(number)]) }

    mutating func controller(_ channel: Int, _ number: Int, _ value: Int, _ beat: Double) {
      add(beat, [0xB0 | UInt8(channel), UInt8(number), UInt8(value)])
    }

    mutating func bend(_ channel: Int, _ value: Int, _ beat: Double) {
      add(beat, [0xE0 | UInt8(channel), UInt8(value & 127), UInt8(value >> 7)])
    }

    mutating func note(_ channel: Int, _ key: Int, _ beat: Double, _ length: Double) {
      let velocity = UInt8(70 + (key * 13 + Int(beat * 8) * 7) % 50)
      add(beat, [0x90 | UInt8(channel), UInt8(key), velocity])
      add(beat + length, [0x80 | UInt8(channel), UInt8(key), 0])
    }

    private mutating func add(_ beat: Double, _ bytes: [UInt8]) {
      events.append((Int((beat * Double(ticksPerBeat)).rounded()), bytes))
    }

    func file() -> [UInt8] {
      // In the order in which they were made where they are at the same time.
      let sorted = events.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }
      var track: [UInt8] = []
      var tick = 0
      for (_, event) in sorted {
        let pause = event.tick - tick
        for shift in [14, 7] where pause >> shift > 0 { track.append(0x80 | UInt8(pause >> shift & 127)) }
        track.append(UInt8(pause & 127))
        track += event.bytes
        tick = event.tick
      }
      track += [0, 0xFF, 0x2F, 0]
      let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: track.count >> $0) }
      let division = [UInt8(ticksPerBeat >> 8), UInt8(ticksPerBeat & 255)]
      return Array("MThd".utf8) + [0, 0, 0, 6, 0, 0, 0, 1] + division + Array("MTrk".utf8) + length + track
    }
  }
}
