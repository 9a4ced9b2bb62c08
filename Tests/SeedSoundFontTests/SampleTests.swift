import Testing

@testable import SeedSoundFont

@Suite struct SampleTests {
  @Test func samplesLieApartBySilenceAndLoopsLieInsideWithTheirGuards() throws {
    let font = try Seed.font()
    var previousEnd = -46
    for sample in font.samples.dropLast() {
      #expect(sample.start == previousEnd + 46, "\(sample.name)")
      #expect(font.frames[sample.end..<sample.end + 46].allSatisfy { $0 == 0 }, "\(sample.name)")
      #expect(sample.rate == 48_000 && sample.type == 1 && (0...127).contains(sample.rootKey))
      previousEnd = sample.end
      guard sample.loopEnd > sample.loopStart else { continue }
      #expect(sample.loopStart >= sample.start + 8 && sample.loopEnd + 8 <= sample.end, "\(sample.name)")
      #expect(sample.loopEnd - sample.loopStart >= 32, "\(sample.name)")
      for offset in 0..<8 {
        #expect(
          font.frames[sample.loopEnd + offset] == font.frames[sample.loopStart + offset], "\(sample.name)")
      }
    }
    #expect(font.frames.count == previousEnd + 46)
  }

  /// The frame before the loop and the loop's last frame both lead into its first: a seam would show as a
  /// jump larger than any inside the loop.
  @Test func pitchedLoopsHaveNoSeam() throws {
    let font = try Seed.font()
    for sample in font.samples.dropLast() where sample.loopEnd > sample.loopStart {
      guard sample.name != "Hiss", sample.name != "Cymbal" else { continue }
      let loop = font.frames[sample.loopStart..<sample.loopEnd].map(Int.init)
      let largest = zip(loop, loop.dropFirst()).map { abs($1 - $0) }.max() ?? 0
      let seam = abs(loop[0] - loop[loop.count - 1])
      #expect(seam <= largest + 2, "\(sample.name) jumps \(seam) at its seam, \(largest) elsewhere")
    }
  }

  @Test func theTestToneIsElevenPeriodsOfASineOfHalfTheScale() throws {
    let font = try Seed.font()
    let tone = try #require(font.samples.first { $0.name == "Test Tone" })
    #expect(tone.rootKey == 69 && tone.correction == 0)
    #expect(tone.loopEnd - tone.loopStart == 1_200)
    let frames = font.frames[tone.start..<tone.end].map(Int.init)
    #expect(frames[0] == 0)
    // 48000 Hz / 440 Hz is 1200 / 11 frames: the quarter, half and three quarters of the eleven periods.
    #expect(frames[300] == -16_384 && frames[600] == 0 && frames[900] == 16_384)
    #expect(frames[100] == Int((16_383.5 * Arithmetic.sine(turns: 11.0 / 12)).rounded()))
  }

  @Test func theTestClicksFirstFrameIsItsLoudest() throws {
    let font = try Seed.font()
    let click = try #require(font.samples.first { $0.name == "Test Click" })
    let frames = font.frames[click.start..<click.end].map { abs(Int($0)) }
    #expect(frames[0] == 29_490)
    #expect(frames.dropFirst().allSatisfy { $0 < frames[0] })
  }

  @Test func theTestToneHasNeitherFilterNorVibratoNorSends() throws {
    let patch = Patch.all[SeedSoundFont.testToneProgram]
    #expect(patch.trim == 0 && patch.layers.count == 1)
    // A release of 50 ms is 1200 * log2(0.05) = -5186 timecents; nothing else leaves its default.
    #expect(patch.layers[0].settings() == [Setting(.release, -5_186)])
  }
}

@Suite struct ArithmeticTests {
  @Test func sineIsExactAtTheQuartersAndKnownAtATwelfth() {
    #expect(Arithmetic.sine(turns: 0) == 0)
    #expect(abs(Arithmetic.sine(turns: 0.25) - 1) < 1e-14)
    #expect(abs(Arithmetic.sine(turns: 1.0 / 12) - 0.5) < 1e-14)
    #expect(abs(Arithmetic.sine(turns: 1_000.75) + 1) < 1e-12)
    #expect(abs(Arithmetic.cosine(turns: 1.0 / 6) - 0.5) < 1e-14)
  }

  @Test func powersAndLogarithmsUndoEachOther() {
    #expect(Arithmetic.exp2(10) == 1_024)
    #expect(Arithmetic.log2(1_024) == 10)
    #expect(abs(Arithmetic.exp2(0.5) - 2.0.squareRoot()) < 1e-14)
    #expect(abs(Arithmetic.exp(1) - 2.718281828459045) < 1e-14)
    #expect(abs(Arithmetic.power(3, 4) - 81) < 1e-11)
    #expect(abs(Arithmetic.exp2(Arithmetic.log2(0.007)) - 0.007) < 1e-15)
  }

  @Test func noiseIsTheSameForTheSameSeedAndStaysInRange() {
    var (one, two, other) = (Noise(seed: 5), Noise(seed: 5), Noise(seed: 6))
    let values = (0..<1_000).map { _ in one.next() }
    #expect(values == (0..<1_000).map { _ in two.next() })
    #expect(values != (0..<1_000).map { _ in other.next() })
    #expect(values.allSatisfy { (-1..<1).contains($0) })
    #expect(abs(values.reduce(0, +)) < 60)
  }
}
