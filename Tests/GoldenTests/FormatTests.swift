import Foundation
import Media
import Testing

/// One sound in every container: silence for a quarter of a second, then half a second of 1 kHz on the left.
@Suite struct FormatTests {
  private let studio: Studio

  init() throws { studio = try Studio() }

  /// How far the level of the coder's tone may be off, in dB, and how many frames its begin may be smeared.
  @Test(arguments: [("aiff", 0.01, 8), ("mp3", 0.3, 96), ("ogg", 0.3, 96), ("opus", 0.5, 96)])
  func `A file is heard at its level, at its time and for its length`(
    ending: String, tolerance: Double, smear: Int
  ) throws {
    let path = try #require(Bundle.module.path(forResource: "Fixtures/tone.\(ending)", ofType: nil))
    let sound = try studio.render(path).sound
    // 24 kHz becomes 48: the tone lies from frame 12,000 to 36,000.
    let fit = sound.sineFit(hertz: 1_000, 13_000..<35_000)
    #expect(abs(decibels(fit.amplitude / 0.5)) < tolerance, "\(decibels(fit.amplitude / 0.5)) dB")
    #expect(abs(sound.frequency(13_000..<35_000) / 1_000 - 1) < 0.001)
    let begin = try #require((0..<sound.frames).first { sound.level($0) > 0.2 })
    #expect(abs(begin - 12_000) < smear, "\(begin)")
    #expect(sound.peak(0..<11_500) < 0.02)
    #expect(sound.isSilent(36_001..<sound.frames))
    #expect((0..<36_000).allSatisfy { abs(sound.right($0)) < 0.01 })
  }

  @Test func `FLAC is exact to its 24 bits`() throws {
    let steps = (0..<20_000).map { Float(Int32($0) &* 1_234_577 % 8_388_608) / 8_388_608 }
    var writer = try AudioFileWriter(path: studio.file("steps.flac"), sampleRate: 48_000, channels: 2)
    try writer.write(left: steps, right: steps.reversed(), frames: steps.count)
    try writer.close()
    let sound = try studio.render(studio.file("steps.flac")).sound
    #expect(steps.indices.allSatisfy { sound.left($0) == steps[$0] && sound.right($0) == steps[19_999 - $0] })
    #expect(sound.isSilent(20_000..<sound.frames))
  }
}
