import Glibc
import MusicalTime
import RealtimeBench
import RealtimeEngine

/// A hundred regions that sound one after the other, alone and among 100,000: a tenth of a second of sound in
/// turns, thread CPU time, the median of the ratios.
struct ScaleBench {
  private static let pairs = 101
  private static let blocksPerTurn = 75
  private static let sounding = 100
  private static let regions = 100_000
  /// Half of the others stand before those that sound, half behind.
  private static let before = 49_950
  private static let start = Tick(before * 10)

  static func figures() throws -> [Figure] {
    let few = try hand(others: 0)
    let many = try hand(others: regions - sounding)
    let output = UnsafeMutablePointer<Float>.allocate(capacity: 64)
    defer { output.deallocate() }
    for hand in [few, many] {
      hand.send(.play, tick: Double(start))
      _ = hand.render(4_800)
    }
    var ratios: [Double] = []
    for pair in 0..<pairs {
      var times = (few: 0.0, many: 0.0)
      for isFew in [pair.isMultiple(of: 2), !pair.isMultiple(of: 2)] {
        let begin = RendererBench.threadSeconds()
        _ = (isFew ? few : many).render(64 * blocksPerTurn, block: 64)
        let time = RendererBench.threadSeconds() - begin
        if isFew { times.few = time } else { times.many = time }
      }
      ratios.append(times.many / times.few)
    }
    return [
      Figure(
        name: "renderer_100000_regions", value: ratios.sorted()[pairs / 2], unit: "ratio",
        against: "100 regions, the same ones sounding", goal: 1.1)
    ]
  }

  /// A region begins each tenth of a second and lasts a fifth of one, round and round.
  private static func hand(others: Int) throws -> HandTurnedEngine {
    var song = Song()
    let clip = AudioClip.sine(hertz: 440, frames: 9_600)
    for index in 0..<sounding {
      song.audio(
        key: UInt64(index + 1), at: start + Tick(192 * index), length: 384, clip,
        RegionShape(fadeIn: 240, fadeOut: 240, track: index % 8))
    }
    let end = start + Tick(192 * sounding)
    for index in 0..<others {
      let place = index < before ? Tick(10 * index) : end + Tick(10 * (index - before))
      song.audio(key: UInt64(1_000 + index), at: place, length: 10, clip)
    }
    song.loop = start..<end
    return try HandTurnedEngine(song, synthTracks: 0, limiter: true)
  }
}
