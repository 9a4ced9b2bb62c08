import Foundation
import Media
import Testing

struct LoudnessTests {
  private func measure(_ left: [Float], _ right: [Float]? = nil, rate: Int = 48_000) throws -> Loudness {
    try LoudnessMeter.measure(left: left, right: right, frames: left.count, sampleRate: rate)
  }

  /// EBU Tech 3341, test 1: a stereo 1 kHz sine with its peaks at -23 dBFS measures -23 LUFS, within 0.1.
  @Test(arguments: [44_100, 48_000, 96_000])
  func theBroadcastersReferenceToneMeasuresMinus23(rate: Int) throws {
    let tone = sine(1_000, rate: Double(rate), frames: 5 * rate, amplitude: pow(10, -23.0 / 20))
    let loudness = try measure(tone, tone.map { $0 }, rate: rate)
    #expect(abs(try #require(loudness.integratedLUFS) + 23) < 0.1)
    #expect(abs(loudness.samplePeakDB + 23) < 0.01)
    #expect(abs(try #require(loudness.truePeakDB) + 23) < 0.2)
    // A sine's power is 3.01 dB below its peak.
    #expect(abs(loudness.rmsDB + 26.01) < 0.01)
    #expect(!loudness.silent && loudness.clippedFrames == 0 && loudness.frames == Int64(5 * rate))
  }

  @Test func oneChannelCountsOnce() throws {
    let tone = sine(1_000, rate: 48_000, frames: 240_000, amplitude: pow(10, -23.0 / 20))
    #expect(abs(try #require(try measure(tone).integratedLUFS) + 26.01) < 0.1)
  }

  @Test func peaksBetweenSamplesAreFound() throws {
    // A quarter of the sample rate, sampled 45 degrees off its peaks: every sample is 0.7071.
    let tone = sine(12_000, rate: 48_000, frames: 48_000, phase: .pi / 4)
    let loudness = try measure(tone)
    #expect(abs(loudness.samplePeakDB + 3.01) < 0.01)
    #expect(abs(try #require(loudness.truePeakDB)) < 0.3)
  }

  /// Loud and soft stretches by turns, so that most of it is left out, in blocks shorter and longer than the filter.
  @Test(arguments: [44_100, 48_000, 96_000, 192_000])
  func theTruePeakIsTheLibrarysThoughMostOfItIsLeftOut(rate: Int) throws {
    var state: UInt32 = 1
    let noise = (0..<40_000).map { (frame: Int) -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      let level: Float = frame / 700 % 5 == 2 ? 0.8 + Float(frame) / 400_000 : 0.3
      return (Float(state >> 8) / Float(1 << 23) - 1) * level
    }
    let other = noise.reversed().map { 0.99 * $0 }
    var running = try LoudnessMeter.Running(channels: 2, sampleRate: rate)
    var start = 0
    for length in [1, 3, 11, 12, 47, 64, 65, 999, 5_000, 10_000, 23_798] {
      running.add(
        left: Array(noise[start..<start + length]), right: Array(other[start..<start + length]),
        frames: length)
      start += length
    }
    var library = try LoudnessMeter.Live(sampleRate: rate)
    library.add(interleaved: zip(noise, other).flatMap { [$0, $1] }, frames: noise.count)
    let result = running.result()
    let peak = try #require(result.truePeakDB)
    #expect(result.frames == 40_000)
    #expect(abs(peak - (try #require(library.result().maximumTruePeakDB))) < 0.001)
    #expect(rate > 100_000 ? peak == result.samplePeakDB : peak > result.samplePeakDB + 0.5)
  }

  @Test func silenceHasNoLoudnessAndFiniteFigures() throws {
    let loudness = try measure([Float](repeating: 0, count: 48_000))
    #expect(loudness.integratedLUFS == nil && loudness.truePeakDB == nil && loudness.silent)
    #expect(loudness.samplePeakDB == -200 && loudness.rmsDB == -200)
    _ = try JSONEncoder().encode(loudness)
    #expect(try measure([]).silent)
    // One step of 16 bits is silence, two are not.
    #expect(try measure([1.0 / 32_768]).silent)
    #expect(try !measure([2.0 / 32_768]).silent)
  }

  @Test func clippedFramesAndBrokenSamplesAreCounted() throws {
    let loudness = try measure([0.5, 1, -1.5, 0.9, .nan], [0, 1, 0, -1, .infinity])
    #expect(loudness.clippedFrames == 3 && loudness.notFiniteSamples == 2 && loudness.frames == 5)
    #expect(abs(loudness.samplePeakDB - 3.52) < 0.01)
  }

  @Test func blocksAddUpToTheWhole() throws {
    let tone = sine(997, rate: 48_000, frames: 100_000, amplitude: 0.3)
    var running = try LoudnessMeter.Running(channels: 2, sampleRate: 48_000)
    for start in stride(from: 0, to: 100_000, by: 999) {
      let part = Array(tone[start..<min(start + 999, 100_000)])
      running.add(left: part, right: part, frames: part.count)
    }
    let whole = try measure(tone, tone.map { $0 })
    let parts = running.result()
    #expect(abs(try #require(parts.integratedLUFS) - (try #require(whole.integratedLUFS))) < 1e-9)
    #expect(parts.samplePeakDB == whole.samplePeakDB && parts.frames == whole.frames)
  }

  @Test func aFileMeasuresLikeItsSamples() throws {
    let folder = try TestFolder()
    let tone = sine(997, rate: 44_100, frames: 100_000, amplitude: 0.3)
    let path = try folder.write(floatWAV(rate: 44_100, channels: 1, tone), to: "a.wav")
    #expect(try LoudnessMeter.measure(path: path) == measure(tone, rate: 44_100))
    let buffer = try AudioFileReader.load(path: path, sampleRate: 44_100)
    #expect(try LoudnessMeter.measure(buffer) == measure(tone, rate: 44_100))
    let error = refusal { () throws(MediaError) in try LoudnessMeter.measure(path: folder("none.wav")) }
    #expect(error?.kind == .missing)
  }

  @Test(arguments: [(0, 48_000), (3, 48_000), (1, 999), (1, 768_001)])
  func aMeterOutsideTheRangesIsRefused(channels: Int, rate: Int) {
    let error = refusal { () throws(MediaError) in
      _ = try LoudnessMeter.Running(channels: channels, sampleRate: rate)
    }
    #expect(error?.kind == (channels == 1 ? .badRate : .tooManyChannels))
  }
}
