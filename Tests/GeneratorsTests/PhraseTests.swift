import MIDI
import Testing

@testable import Generators

@Suite struct PhraseTests {
  @Test func onsetsAreSharedOutEvenly() {
    func text(_ onsets: Int, _ steps: Int, _ turn: Int = 0) -> String {
      String(Euclid.pattern(onsets: onsets, steps: steps, rotation: turn).map { $0 ? "x" : "." })
    }
    #expect(text(3, 8) == "x..x..x.")
    #expect(text(4, 16) == "x...x...x...x...")
    #expect(text(5, 8) == "x.x.xx.x" || text(5, 8).filter { $0 == "x" }.count == 5)
    #expect(text(3, 8, 3) == "x..x.x..")
    #expect(text(0, 4) == "....")
    #expect(text(9, 4) == "xxxx")
    for steps in 1...32 {
      for onsets in 1...steps {
        let places = Euclid.pattern(onsets: onsets, steps: steps).enumerated().filter(\.element).map(\.offset)
        let gaps = places.indices.map {
          (places[($0 + 1) % places.count] - places[$0] + steps - 1) % steps + 1
        }
        #expect(places.count == onsets && places.first == 0)
        #expect((gaps.max() ?? 0) - (gaps.min() ?? 0) <= 1, "\(onsets) of \(steps)")
      }
    }
  }

  @Test func theSameSeedIsTheSameFileAndAnotherIsAnother() throws {
    var parameters = PhraseParameters()
    parameters.seed = 7
    let one = SMFWriter.write(try PhraseGenerator.phrase(parameters))
    #expect(SMFWriter.write(try PhraseGenerator.phrase(parameters)) == one)
    parameters.seed = 8
    #expect(SMFWriter.write(try PhraseGenerator.phrase(parameters)) != one)
  }

  @Test func aPhraseIsWhatWasAskedFor() throws {
    for seed in UInt64(0)..<40 {
      for scale in Scale.allCases {
        var parameters = PhraseParameters()
        parameters.seed = seed
        parameters.key = PhraseKey(tonic: Int(seed) % 12, scale: scale)
        parameters.density = Double(seed % 10 + 1) / 10
        parameters.signature = .init(numerator: 3, denominator: 4)
        parameters.setBars(8)
        parameters.register = 48...64
        parameters.channel = 3
        parameters.program = 33
        parameters.tempo = 96
        let sequence = try PhraseGenerator.phrase(parameters)
        let notes = heard(sequence)
        #expect(sequence.lengthTicks == 8 * 3 * 960)
        #expect(notes.count == Int(parameters.density * 96 + 0.001))
        #expect(notes.allSatisfy { (48...64).contains($0.key) && parameters.key.contains(key: $0.key) })
        #expect(notes.last.map { ($0.key - parameters.key.tonic) % 12 } == 0)
        #expect(notes.allSatisfy { $0.length > 0 && $0.start + $0.length <= sequence.lengthTicks })
        #expect(sequence.events.allSatisfy { $0.channel == 3 })
        #expect(sequence.events.first?.kind == .program && sequence.tempos.first?.bpm == 96)
      }
    }
  }

  @Test func aLoopLeadsBackToItsBeginning() throws {
    for seed in UInt64(0)..<50 {
      var parameters = PhraseParameters()
      parameters.seed = seed
      let notes = heard(try PhraseGenerator.loop(parameters))
      let first = try #require(notes.first)
      let last = try #require(notes.last)
      #expect(abs(first.key - last.key) <= 2 && last.start + last.length <= 16 * 960)
    }
  }

  @Test func parametersOutOfRangeAreRefused() {
    func refused(_ change: (inout PhraseParameters) -> Void) -> Bool {
      var parameters = PhraseParameters()
      change(&parameters)
      do { _ = try PhraseGenerator.phrase(parameters) } catch { return true }
      return false
    }
    #expect(refused { $0.density = .nan } && refused { $0.density = 1.1 })
    #expect(refused { $0.beats = 0 } && refused { $0.beats = .infinity } && refused { $0.beats = 1025 })
    #expect(
      refused { $0.register = 60...70 } && refused { $0.register = -1...60 }
        && refused { $0.register = 100...128 })
    #expect(refused { $0.tempo = 5 } && refused { $0.velocity = 0 } && refused { $0.channel = 16 })
    #expect(refused { $0.signature = .init(numerator: 4, denominator: 3) })
    #expect(!refused { _ in })
  }

  private func material(_ music: String, key: String) throws -> MIDISequence {
    try ABCParser.parse("X:1\nL:1/8\nQ:1/4=80\nK:\(key)\n\(music)\n").tunes[0].sequence()
  }

  @Test(arguments: [("C", 0), ("D", 2), ("Eb", 3), ("F#", 6), ("A", 9)])
  func aScaleWithItsTriadTellsItsKey(name: String, tonic: Int) throws {
    let given = try ABCTransposer.transpose("X:1\nL:1/8\nK:C\nC2EG c2BA G2FE D2C2 C8|\n", toKey: name)
    let portrait = try MusicPortrait(try ABCParser.parse(given.text).tunes[0].sequence())
    #expect(portrait.key == PhraseKey(tonic: tonic, scale: .major))
    // 12 onsets in 24 eighths are 48 sixteenths.
    #expect(portrait.density == 0.25)
  }

  @Test func aContinuationStaysInTheGivenMusicsWays() throws {
    let given = try material("A2ce a2gf e2dc B2A2 A8|", key: "Am")
    var asked = PhraseParameters()
    asked.beats = 32
    for seed in UInt64(0)..<30 {
      asked.seed = seed
      let result = try PhraseGenerator.continuation(of: given, asked)
      let notes = heard(result)
      #expect(result.lengthTicks == 32 * 960)
      #expect(notes.count == 32, "a quarter of 128 sixteenths")
      #expect(
        notes.allSatisfy {
          PhraseKey(tonic: 9, scale: .minor).contains(key: $0.key) && (69...81).contains($0.key)
        })
      #expect(abs((notes.first?.key ?? 0) - 69) <= 9)
      #expect(result.tempos.first?.bpm.rounded() == 80)
    }
  }

  @Test func aBridgeEndsBesideWhatFollows() throws {
    let first = try material("C2EG c2BA G2FE D2C2|", key: "C")
    let second = try material("A4 ^c4 e4 a4 A8|", key: "A")
    var asked = PhraseParameters()
    for seed in UInt64(0)..<30 {
      asked.seed = seed
      let result = try PhraseGenerator.bridge(from: first, to: second, asked)
      let notes = heard(result)
      #expect(abs((notes.last?.key ?? 0) - 69) <= 2)
      #expect(abs((notes.first?.key ?? 0) - 60) <= 9)
      #expect(
        SMFWriter.write(result) == SMFWriter.write(try PhraseGenerator.bridge(from: first, to: second, asked))
      )
    }
  }

  @Test func musicWithoutAMelodyIsRefused() {
    let drums = MIDISequence(events: [
      MIDIEvent(tick: 0, kind: .noteOn, channel: 9, data1: 36, data2: 90),
      MIDIEvent(tick: 100, kind: .noteOff, channel: 9, data1: 36),
    ])
    #expect(throws: GeneratorError.self) { try PhraseGenerator.continuation(of: drums, PhraseParameters()) }
    #expect(throws: GeneratorError.self) {
      try PhraseGenerator.continuation(of: MIDISequence(events: []), PhraseParameters())
    }
  }
}
