import Foundation
import Media
import RealtimeBench
import RealtimeEngine
import Threading

@testable import ControlPlane

/// A disk whose files hang when they are told to: a read of one does not come back before they are let go.
final class HungDisk: DiskProbe {
  private let hung = Locked<Set<String>>([])
  private let others: @Sendable (String) -> UInt64?

  /// - Parameter disk: the disk that a file is on, where it is not the one it is really on.
  init(disk: @escaping @Sendable (String) -> UInt64? = { _ in nil }) { others = disk }

  func hang(_ paths: [String]) { hung.withLock { $0.formUnion(paths) } }
  func letGo() { hung.withLock { $0 = [] } }

  func willRead(path: String, offset: Int64, bytes: Int64) {
    while hung.withLock({ $0.contains(path) }) { usleep(500) }
  }

  func disk(of path: String) -> UInt64? { others(path) }
}

/// An engine turned by hand with the real reader, real files, and a disk in between.
final class DiskStage {
  let folder: String
  let disk: HungDisk
  private(set) var song = Song()
  private(set) var clips: [StreamedClip] = []
  private var next: UInt64 = 1
  private var hand: HandTurnedEngine?
  private var reader: StreamReader?
  /// Clips that the engine is not turned ahead of.
  var waitedFor: Set<UInt64> = []
  private(set) var hasWaitedLong = false

  static func run(_ disk: HungDisk = HungDisk(), _ body: (DiskStage) throws -> Void) throws {
    let stage = DiskStage(disk)
    try FileManager.default.createDirectory(atPath: stage.folder, withIntermediateDirectories: true)
    defer {
      disk.letGo()
      stage.reader?.stop()
      // What cannot be removed stays in the temporary folder.
      try? FileManager.default.removeItem(atPath: stage.folder)
    }
    try body(stage)
  }

  private init(_ disk: HungDisk) {
    folder = "/tmp/cg-disk-\(UUID().uuidString.prefix(8))"
    self.disk = disk
  }

  /// Writes a file with sound on one side, and puts a region that streams it on the song.
  @discardableResult
  func add(_ name: String, _ samples: [Float], isRight: Bool, at tick: Int64 = 0) throws -> StreamedClip {
    let path = "\(folder)/\(name).wav"
    var writer = try AudioFileWriter(path: path, sampleRate: 48_000, channels: 2, format: .float32)
    let silence = [Float](repeating: 0, count: samples.count)
    try writer.write(
      left: isRight ? silence : samples, right: isRight ? samples : silence, frames: samples.count)
    try writer.close()
    let clip = StreamedClip(try StreamedAudio(path: path, sampleRate: 48_000, probe: disk))
    clips.append(clip)
    let length = Int64(samples.count) / 25
    song.audio(key: next, at: tick, length: length, AudioClip(left: samples, right: samples))
    song = song.streaming(as: clip.id, keys: [next])
    next += 1
    return clip
  }

  /// Starts the reader and plays; answers the engine and the sound from the frame on which the music began.
  func play(frames: Int) throws -> (hand: HandTurnedEngine, sound: Sound) {
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    let reader = try StreamReader(hand.engine.streams)
    (self.hand, self.reader) = (hand, reader)
    reader.tell(.clips(clips))
    hand.before = { [unowned self] in waitForReader(hand.engine.streams) }
    _ = hand.render(512)
    hand.send(.play, tick: 0)
    for _ in 0..<10_000 where !hand.report.rolling {
      _ = hand.render(64, block: 64)
      usleep(500)
    }
    // The report is of the last block: the music began with it.
    return (hand, hand.render(frames - 64))
  }

  /// Until every ring that is waited for has half a second, or all there is.
  private func waitForReader(_ pool: StreamPool) {
    let deadline = ContinuousClock.now + .seconds(30)
    func isBehind(_ ring: Int) -> Bool {
      let order = pool.order(ring)
      guard waitedFor.contains(order.stream) else { return false }
      return pool.ahead(ring) < min(24_000, order.frames - pool.taken(ring).frames)
    }
    while (0..<pool.count).contains(where: isBehind) {
      guard ContinuousClock.now < deadline else {
        hasWaitedLong = true
        return
      }
      usleep(200)
    }
  }

  var news: [StreamReader.News] { reader?.drain() ?? [] }
  var hungReaders: Int { reader?.hung ?? 0 }

  /// Noise of its own for each seed, never 0 at the start.
  static func noise(_ frames: Int, seed: UInt32) -> [Float] {
    var state = seed
    return (0..<frames).map { index in
      state = state &* 1_664_525 &+ 1_013_904_223
      return index == 0 ? 0.2 : 0.25 * (Float(state >> 8) / 8_388_608 - 1)
    }
  }
}

extension HandTurnedEngine {
  /// The regions of notices of a kind, with their causes.
  func starved() -> [(region: UInt64, cause: UInt64)] {
    notices.compactMap { notice in
      if case .starving = notice.kind { (notice.id, UInt64(notice.address)) } else { nil }
    }
  }
}
