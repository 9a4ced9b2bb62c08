import Foundation
import Media
import Testing

struct ResamplingTests {
  private func resampled(
    _ left: [Float], _ right: [Float]? = nil, from rate: Int, to target: Double
  ) throws -> AudioBuffer {
    let folder = try TestFolder()
    let data = right.map { right in zip(left, right).flatMap { [$0, $1] } } ?? left
    let file = floatWAV(rate: rate, channels: right == nil ? 1 : 2, data)
    return try AudioFileReader.load(path: try folder.write(file, to: "a.wav"), sampleRate: target)
  }

  /// The worst difference from the ideal sine, away from the edges, in dB of full scale.
  @Test(arguments: [
    (44_100, 48_000.0), (48_000, 44_100), (96_000, 48_000), (44_100, 96_000), (192_000, 44_100),
    (22_050, 48_000),
    (48_000, 48_001.5),
  ])
  func aSineStaysWithin120DecibelsOfTheIdealOne(rate: Int, target: Double) throws {
    let buffer = try resampled(sine(1_000, rate: Double(rate), frames: rate), from: rate, to: target)
    let ideal = sine(1_000, rate: target, frames: Int(buffer.frames))
    let edge = Int(target / 10)
    let worst = zip(samples(buffer.left, buffer), ideal).dropFirst(edge).dropLast(edge)
      .map { Double(($0 - $1).magnitude) }.max()
    let decibels = 20 * log10(try #require(worst))
    #expect(decibels < -120, "\(rate) Hz to \(target) Hz: \(decibels) dB")
  }

  @Test func whatTheTargetRateCannotHoldIsGone() throws {
    // 30 kHz at 96 kHz would come back as 18 kHz at 48 kHz.
    let buffer = try resampled(sine(30_000, rate: 96_000, frames: 96_000), from: 96_000, to: 48_000)
    #expect(20 * log10(Double(peak(samples(buffer.left, buffer)[4_800..<43_200]))) < -120)
  }

  @Test(arguments: [
    (44_100, 48_000.0), (48_000, 44_100), (1_000, 768_000), (768_000, 1_000), (44_100, 44_101),
    (96_000, 48_000),
  ])
  func theLengthIsTheRoundedRatio(rate: Int, target: Double) throws {
    for frames in [1, 2, 3, 7, 100, 441, 4_095, 16_384, 16_385, 40_000] {
      let exact = Double(frames) * target / Double(rate)
      if exact > 400_000 { continue }
      let sound = [Float](repeating: 0.5, count: frames)
      if exact.rounded() >= 1 {
        let buffer = try resampled(sound, from: rate, to: target)
        #expect(Double(buffer.frames) == exact.rounded(), "\(frames) frames")
        // Nothing is made up: soxr itself gives every frame of a constant.
        #expect(samples(buffer.left, buffer).allSatisfy { $0 != 0 }, "\(frames) frames")
      } else {
        let folder = try TestFolder()
        let path = try folder.write(floatWAV(rate: rate, channels: 1, sound), to: "a.wav")
        #expect(loadRefusal(path, rate: target)?.kind == .empty)
      }
    }
  }

  @Test(arguments: [
    (24_000, 48_000.0, 500, 1_000), (44_100, 48_000, 8_820, 9_600), (96_000, 48_000, 2_000, 1_000),
  ])
  func anImpulseStaysWhereItIs(rate: Int, target: Double, frame: Int, expected: Int) throws {
    var sound = [Float](repeating: 0, count: 2 * frame)
    sound[frame] = 1
    let buffer = try resampled(sound, from: rate, to: target)
    let output = samples(buffer.left, buffer)
    #expect(output.indices.max { output[$0] < output[$1] } == expected)
    for distance in 1...200 {
      #expect(abs(output[expected - distance] - output[expected + distance]) < 1e-6)
    }
  }

  @Test func channelsDoNotLeakIntoEachOther() throws {
    let sound = sine(1_000, rate: 44_100, frames: 44_100)
    let silence = [Float](repeating: 0, count: 44_100)
    let buffer = try resampled(sound, silence, from: 44_100, to: 48_000)
    #expect(buffer.channels == 2 && peak(samples(buffer.right, buffer)) == 0)
    let mono = try resampled(sound, from: 44_100, to: 48_000)
    #expect(samples(buffer.left, buffer) == samples(mono.left, mono))
  }
}
