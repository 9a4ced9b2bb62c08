import CRealtime

extension EngineMemory {
  /// The metronome with its three sounds: tones of 30 ms that begin at their loudest, so that a click's first
  /// frame is the beat's.
  func metronome(sampleRate: Double) -> Metronome {
    let frames = Int(EngineLimits.clickSeconds * sampleRate)
    let sounds: UnsafeMutablePointer<Float> = allocate(3 * frames)
    for (index, tone) in Self.tones.enumerated() {
      for frame in 0..<frames {
        let seconds = Double(frame) / sampleRate
        let level = tone.level * rt_exp(-seconds / 0.005)
        sounds[index * frames + frame] = Float(level * rt_cos(2 * .pi * tone.hertz * seconds))
      }
    }
    return Metronome(sounds: UnsafePointer(sounds), soundFrames: frames, bus: bus())
  }

  /// Accent, beat, part of a beat.
  private static let tones: [(hertz: Double, level: Double)] = [(2000, 1), (1333, 0.7), (1333, 0.35)]
}
