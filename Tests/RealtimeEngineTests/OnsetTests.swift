import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// FluidSynth ramps a voice up over its own block from zero, so the first frame of a sound is silent.
private let attackFrames = 1

@Suite struct OnsetTests {
  @Test(arguments: [16, 17, 32, 64, 100, 128, 256, 480, 512, 1024, 4096, 8192])
  func `a note lands within 32 frames of its due frame at every block size`(block: Int) throws {
    // 137 BPM: a tick is no whole number of frames.
    var song = Song(changes: [TempoChange(tick: 0, bpm: 137)])
    let ticks = (0..<16).map { Tick($0 * 401 + 3) }
    song.midi(key: 1, at: 0, length: 9600, Notes.clicks(ticks))
    let tempo = try song.tempo()
    let sound = try HandTurnedEngine.play(song, frames: 180_000, block: block)
    let onsets = sound.onsets(gap: 2000, above: 1e-4).map { $0 - attackFrames }
    let due = ticks.map { Int(tempo.frame(atTick: $0)) }.filter { $0 < 179_000 }
    #expect(onsets.count == due.count)
    for (onset, due) in zip(onsets, due) { #expect(abs(onset - due) <= 32, "\(onset) for \(due)") }
  }

  @Test func `an audio region's first sample is on its exact frame`() throws {
    // Tick 961 at 120 BPM is frame 24,025; tick 1 of 48 kHz is frame 25.
    for tick in [0, 1, 2, 3, 961, 1000, 1337] as [Tick] {
      var song = Song()
      song.audio(key: 1, at: tick, length: 960, .staircase(frames: 500))
      let sound = try HandTurnedEngine.play(song, frames: 40_000, synthTracks: 0)
      #expect(sound.firstSounding() == Int(tick) * 25)
      #expect(sound.left[Int(tick) * 25] == Float(1) / 1_000_000)
    }
  }

  @Test func `an audio region between two frames starts on the nearest one`() throws {
    // 119 BPM: tick 955 lies at frame 24,075.63, so the first sample is that of frame 24,076.
    var song = Song(changes: [TempoChange(tick: 0, bpm: 119)])
    song.audio(key: 1, at: 955, length: 960, .staircase(frames: 500))
    let sound = try HandTurnedEngine.play(song, frames: 40_000, synthTracks: 0)
    #expect(sound.firstSounding() == 24_076)
  }

  @Test func `every sample of an audio region comes out as it is`() throws {
    var song = Song()
    let clip = AudioClip.staircase(frames: 3000)
    song.audio(key: 1, at: 7, length: 960, clip)
    let sound = try HandTurnedEngine.play(song, frames: 8000, block: 100, synthTracks: 0)
    for frame in 0..<3000 {
      #expect(sound.left[175 + frame] == clip.left[frame] && sound.right[175 + frame] == clip.right[frame])
    }
    #expect(sound[3175..<8000].isSilent)
  }

  @Test func `a note shorter than a grid block sounds`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 960, Notes.tones([(100, 1, 69)]))
    let sound = try HandTurnedEngine.play(song, frames: 24_000)
    let onset = try #require(sound.firstSounding(above: 1e-5)) - attackFrames
    #expect(abs(onset - 2500) <= 32)
    #expect(sound.peak() > 0.01)
    #expect(sound.peak(12_000..<24_000) < 1e-4)
  }
}
