import Foundation
import Media
import Testing

/// Audio files against their own samples.
@Suite struct AudioTests {
  private let studio: Studio

  init() throws { studio = try Studio() }

  /// Every frame tells its place, and the sides differ.
  private func ramp(_ frames: Int) -> (left: [Float], right: [Float]) {
    ((0..<frames).map { Float($0 + 1) / 100_000 }, (0..<frames).map { Float(-$0 - 1) / 50_000 })
  }

  @Test(arguments: [["--no-limiter"], []])
  func `A stereo file at the session's rate comes out as it is, to the bit`(flags: [String]) throws {
    let (left, right) = ramp(30_000)
    let path = try studio.write(WAV.floats([left, right]), "ramp.wav")
    let sound = try studio.render(path, flags: flags).sound
    #expect((0..<30_000).allSatisfy { sound.left($0) == left[$0] && sound.right($0) == right[$0] })
    #expect(sound.isSilent(30_000..<sound.frames))
  }

  @Test func `A mono file stands in the middle, 3 dB down on each side`() throws {
    let (ramp, _) = ramp(30_000)
    let sound = try studio.render(try studio.write(WAV.floats([ramp]), "mono.wav")).sound
    let half = Float(0.5.squareRoot())
    // A multiplication by the nearest Float to √½, or by its neighbour, rounded once.
    let wrong = ramp.indices.first { frame in
      let due = ramp[frame] * half
      return abs(sound.left(frame) - due) > due * 2e-7 || abs(sound.right(frame) - due) > due * 2e-7
    }
    #expect(wrong == nil)
    #expect(sound.isSilent(30_000..<sound.frames))
  }

  @Test func `16 bit samples are 1/32768 steps`() throws {
    let steps = (0..<20_000).map { Int16(truncatingIfNeeded: $0 * 523) }
    let path = try studio.write(WAV.integers([steps, steps.reversed()]), "steps.wav")
    let sound = try studio.render(path).sound
    let wrong = steps.indices.first { frame in
      sound.left(frame) != Float(steps[frame]) / 32_768
        || sound.right(frame) != Float(steps[19_999 - frame]) / 32_768
    }
    #expect(wrong == nil)
  }

  /// A sine keeps its frequency, its phase and its level: a frame of the file is heard where its time says.
  @Test(arguments: [8_000, 22_050, 32_000, 44_100, 88_200, 96_000, 192_000])
  func `A file at another rate lasts its true time and stays 100 dB above its error`(rate: Int) throws {
    let (seconds, hertz) = (1.5, 997.0)
    let frames = Int(seconds * Double(rate))
    let tone = (0..<frames).map { Float(0.5 * sin(2 * .pi * hertz * Double($0) / Double(rate))) }
    let sound = try studio.render(studio.write(WAV.floats([tone, tone], rate: rate), "tone.wav")).sound
    let due = Int(seconds * 48_000)
    // The first and the last 20 ms hold what a cut in the tone does to any filter.
    let fit = sound.sineFit(hertz: hertz, 960..<(due - 960))
    let analytic = 0.5 * 0.5.squareRoot()
    let phaseError =
      ((fit.sine - 0.5) * (fit.sine - 0.5) + fit.cosine * fit.cosine).squareRoot() * 0.5.squareRoot()
    let error = (fit.error * fit.error + phaseError * phaseError).squareRoot()
    #expect(decibels(error / analytic) < -100, "\(decibels(error / analytic)) dB")
    #expect(sound.isSilent((due + 1)..<sound.frames))
    #expect(sound.level(due - 2) != 0)
  }

  @Test func `Six channels are folded by the stated matrix`() throws {
    // Left, right, centre, low frequencies, left and right surround.
    let levels: [Float] = [0.01, 0.02, 0.04, 0.5, 0.08, 0.16]
    let channels = levels.map { level in (0..<4_000).map { Float($0 % 100) / 100 * level } }
    let sound = try studio.render(studio.write(WAV.floats(channels), "six.wav")).sound
    let half = 0.5.squareRoot()
    var error = 0.0
    for frame in 0..<4_000 {
      let unit = Double(frame % 100) / 100
      error = max(error, abs(Double(sound.left(frame)) - unit * (0.01 + half * 0.04 + half * 0.08)))
      error = max(error, abs(Double(sound.right(frame)) - unit * (0.02 + half * 0.04 + half * 0.16)))
    }
    #expect(error < 1e-7)
  }

  @Test func `Each channel of three to eight goes where the matrix says`() throws {
    // Per count: the gains to the left and to the right, in WAVE's order of channels.
    let half = 0.5.squareRoot()
    let (front, surround) = ([(1.0, 0.0), (0.0, 1.0)], [(half, 0.0), (0.0, half)])
    let (centre, low) = ([(half, half)], [(0.0, 0.0)])
    let matrices = [
      3: front + centre, 4: front + surround, 5: front + centre + surround,
      6: front + centre + low + surround,
      7: front + centre + low + [(0.5, 0.5)] + surround, 8: front + centre + low + surround + surround,
    ]
    for (count, gains) in matrices {
      // One channel sounds at a time, for 100 frames each.
      let channels = (0..<count).map { channel in
        (0..<(100 * count)).map { Float($0 / 100 == channel ? 0.5 : 0) }
      }
      let sound = try studio.render(studio.write(WAV.floats(channels), "\(count).wav")).sound
      for (channel, gain) in gains.enumerated() {
        let frame = 100 * channel + 50
        #expect(abs(Double(sound.left(frame)) - 0.5 * gain.0) < 1e-7, "channel \(channel) of \(count), left")
        #expect(
          abs(Double(sound.right(frame)) - 0.5 * gain.1) < 1e-7, "channel \(channel) of \(count), right")
      }
    }
  }

  @Test func `A gigabyte file streams into a render instead of into memory`() throws {
    // 1.2 GB of stereo floats, silent but for one frame; the disk keeps little of it.
    let bytes = 1_200_000_000
    let path = try studio.write(
      WAV.header(rate: 48_000, channels: 2, bits: 32, tag: 3, dataBytes: bytes), "long.wav")
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: UInt64(44 + bytes))
    try file.seek(toOffset: 44 + 24_000 * 8)
    try file.write(contentsOf: withUnsafeBytes(of: (Float(0.5), Float(-0.25))) { Data($0) })
    try file.close()
    let out = studio.file("out.wav")
    let outcome = try studio.chaosgarden(["render", "--no-limiter", "-o", out, "--to", "1s", path])
    #expect(outcome.status == 0, "\(outcome.error)")
    let sound = try Sound(wav: out)
    #expect(sound.frames == 48_000)
    #expect(sound.left(24_000) == 0.5 && sound.right(24_000) == -0.25)
    #expect((0..<48_000).allSatisfy { $0 == 24_000 || sound.left($0) == 0 })
  }
}
