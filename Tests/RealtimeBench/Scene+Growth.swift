import MusicalTime
import RealtimeEngine

extension Scene {
  /// Regions that take each other's places, and regions of every kind that become more while they are played: in time, too
  /// late, and with less than there was.
  func growth(_ play: (Int) -> Void) throws {
    song.loop = 300..<1300
    song.midi(key: 950, at: 200, length: 3000, Scene.chord(20), RegionShape(track: 1))
    song.audio(key: 960, at: 210, length: 2900, grown, RegionShape(gain: 0.1, track: 3))
    song.change(key: 960) { $0.audio.passFrames = ScheduledAudio.endless }
    try hand.take(song)
    hand.send(.locate, tick: 400)
    play(4096)
    for count in stride(from: 20, through: 400, by: 76) {
      song.remove(key: 950)
      song.midi(key: 950, at: 200, length: 3000, Scene.chord(count), RegionShape(track: 1))
      song.change(key: 960) { $0.audio.ready = Int64(count * 100) }
      try hand.take(song)
      play(8192)
    }
    try exchange(play)
    for key in [950, 951, 960, 961] as [UInt64] { song.remove(key: key) }
    song.loop = nil
    try hand.take(song)
  }

  /// What sounds, sounds on up to the next pass, in which others start.
  private func exchange(_ play: (Int) -> Void) throws {
    song.change(key: 950) { $0.pass = .last }
    song.change(key: 960) {
      $0.pass = .last
      $0.audio.ready = Int64(grown.frames)
    }
    song.midi(key: 951, at: 200, length: 3000, Scene.chord(30), RegionShape(track: 1))
    song.audio(key: 961, at: 210, length: 2900, grown, RegionShape(gain: 0.1, track: 3))
    for key in [951, 961] as [UInt64] { song.change(key: key) { $0.pass = .next } }
    try hand.take(song)
    play(65_536)
  }
}
