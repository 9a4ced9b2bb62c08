import FoundationEssentials
import Testing

@testable import Demonstration

@Suite struct DemonstrationTests {
  @Test func theCommittedFilesAreWhatTheGeneratorMakes() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "config/demo")
    let files = Demonstration.files()
    #expect(
      files.map(\.name) == ["demo.mid", "lead.mid", "chords.mid", "bass.mid", "drums.mid", "texture.wav"])
    for file in files {
      let committed = try [UInt8](Data(contentsOf: folder.appending(path: file.name)))
      #expect(committed.elementsEqual(file.bytes), "\(file.name): run `swift run make-assets` and commit")
    }
  }

  @Test func thePieceLastsBetweenTwoMinutesFiveAndTwoMinutesForty() {
    var seconds = 0.0
    for (index, tempo) in Song.tempos.enumerated() {
      let end = index + 1 < Song.tempos.count ? Song.tempos[index + 1].tick : Song.end
      seconds += Double(end - tempo.tick) / 960 * 60 / tempo.beatsPerMinute
    }
    #expect((125.0...160.0).contains(seconds), "\(seconds) s")
  }

  @Test func everyBarOfTheTuneFillsItsBarOrLess() {
    for bar in Song.bars {
      let notes = Melody.notes(in: bar)
      #expect((notes.last.map { $0.start + $0.length } ?? 0) <= bar.beats * 4, "\(bar.section) \(bar.index)")
    }
  }

  @Test func oneBarHasThreeBeatsAndTheTempoChangesBeforeTheEndAtLeastTwice() {
    #expect(Song.bars.filter { $0.beats == 3 }.count == 1)
    #expect(
      Song.tempos.prefix { $0.tick < Song.end - 8 * 960 }.map(\.beatsPerMinute) == [96, 104, 88, 104, 88])
  }

  @Test(arguments: [Part.lead(), Part.chords(), Part.bass(), Part.drums()])
  func everyNoteIsReleasedOnceAndNoneOverlapsItself(_ part: Part) {
    var sounding: Set<[UInt8]> = []
    let ordered = part.events.enumerated().sorted {
      ($0.element.tick, $0.element.rank, $0.offset) < ($1.element.tick, $1.element.rank, $1.offset)
    }
    for (_, event) in ordered {
      let voice = [event.bytes[0] & 0x0F] + event.bytes.dropFirst().prefix(1)
      switch event.bytes[0] & 0xF0 {
      case 0x90: #expect(sounding.insert(voice).inserted, "\(voice) at \(event.tick)")
      case 0x80: #expect(sounding.remove(voice) != nil, "\(voice) at \(event.tick)")
      default: break
      }
    }
    #expect(sounding.isEmpty)
    #expect(part.events.allSatisfy { (0...Song.end).contains($0.tick) })
  }

  @Test func aPartsFileHasTheSameConductorAsTheWholeAndStartsAtTickZero() {
    let files = Dictionary(uniqueKeysWithValues: Demonstration.files().map { ($0.name, $0.bytes) })
    let whole = tempoEvents(files["demo.mid"] ?? [])
    #expect(whole.count == Song.tempos.count)
    for name in ["lead.mid", "chords.mid", "bass.mid", "drums.mid"] {
      #expect(tempoEvents(files[name] ?? []) == whole, "\(name)")
    }
  }

  @Test func theTextureIsSevenAndAHalfSecondsOfStereoThatBeginsAndEndsInSilence() {
    let bytes = Texture.waveFile()
    #expect(bytes.count == 44 + 360_000 * 4)
    #expect(Array(bytes[44..<48]) == [0, 0, 0, 0] && Array(bytes.suffix(4)) == [0, 0, 0, 0])
    let frames = stride(from: 44, to: bytes.count, by: 2).map {
      abs(Int(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)))
    }
    #expect(frames.max() == 3_277)
  }

  /// The tempo events with their microseconds, in order of appearance.
  private func tempoEvents(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.indices.dropLast(6).filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0x51 && bytes[$0 + 2] == 3 }
      .map { Array(bytes[$0..<$0 + 6]) }
  }
}
