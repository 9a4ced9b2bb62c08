import Arrangement
import ContentStore
import Foundation
import Media
import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@testable import ControlPlane

/// How one take leaves for another, by its samples: the old one is 0.25 throughout, the new one 0.5. 48 kHz, 120 bpm:
/// a beat is 24,000 frames.
@Suite struct EntranceTests {
  /// Two takes of one region, which begins with the music.
  private struct Stage {
    var timeline: Timeline
    var material: [UUID: ClipMaterial] = [:]
    let old: Region
    let new: Region
    let partKey: UInt64

    init() throws {
      timeline = Timeline(map: try TempoMap(sampleRate: 48_000))
      let track = try timeline.addTrack(name: "lead")
      let (first, second) = (try Self.constant(8_192), try Self.constant(16_384))
      old = try timeline.addRegion(clip: first.clip, track: track.id, at: 0)
      (new, partKey) = try timeline.replaceClip(of: old.id, with: second.clip, length: 0)
      for clip in [first, second] { material[clip.clip.id] = clip }
    }

    /// Five seconds of one 16-bit value.
    private static func constant(_ value: Int16) throws -> ClipMaterial {
      let path = "/tmp/cg-entrance-\(UUID().uuidString.prefix(8)).wav"
      defer { unlink(path) }
      func bytes(_ number: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
      }
      let samples = (0..<480_000).flatMap { _ in bytes(UInt32(UInt16(bitPattern: value)), 2) }
      let format =
        bytes(1, 2) + bytes(2, 2) + bytes(48_000, 4) + bytes(192_000, 4) + bytes(4, 2) + bytes(16, 2)
      let size = UInt32(samples.count)
      var file = Array("RIFF".utf8) + bytes(36 + size, 4) + Array("WAVEfmt ".utf8) + bytes(16, 4)
      file += format + Array("data".utf8) + bytes(size, 4) + samples
      try Data(file).write(to: URL(fileURLWithPath: path))
      return try ClipMaterial.load(
        path, from: ContentStore(folder: "/tmp/cg-none", stateFolder: "/tmp/cg-none"), sampleRate: 48_000,
        residentBytes: 1 << 30, limitBytes: 1 << 30)
    }

    func schedule(_ entrance: Entrance, _ revision: UInt64) -> CompiledSchedule {
      var passes: [UUID: ScheduledRegion.Pass] = [:]
      var added: [Region] = []
      for (region, pass) in entrance.parts(in: timeline.map) {
        added.append(region)
        passes[region.id] = pass
      }
      var compiler = ScheduleCompiler()
      let sounding = timeline.overlaid(without: [new.id], with: added)
      return compiler.schedule(
        sounding, material: material, passes: passes, revision: revision, tempoRevision: revision)
    }
  }

  /// The sound while it rolls through an entrance from the start on, as the conductor would tell the renderer of it.
  private func play(
    _ stage: Stage, line: Tick?, crossfade: Tick, frames: Int, toldAt: Int = 24_000
  ) throws -> (sound: Sound, entrance: Entrance) {
    var before = ScheduleCompiler()
    var timeline = stage.timeline
    timeline = timeline.overlaid(without: [stage.new.id], with: [stage.old])
    let hand = try HandTurnedEngine(synthTracks: 0)
    hand.take(before.schedule(timeline, material: stage.material, revision: 1, tempoRevision: 1))
    hand.send(.play, tick: 0)
    var sound = hand.render(toldAt)
    var entrance = Entrance(
      stage.new, over: stage.old, partKey: stage.partKey, line: line, crossfade: crossfade)
    hand.take(stage.schedule(entrance, 2))
    var revision: UInt64 = 3
    while sound.frames < frames {
      sound += hand.render(4_800)
      let tick = stage.timeline.map.tick(atFrame: Double(sound.frames))
      let loop = stage.timeline.isLooping ? stage.timeline.loop : nil
      let place = loop.map { Double($0.lowerBound) + tick.truncatingRemainder(dividingBy: Double($0.count)) }
      if entrance.move(to: place ?? tick, isInside: true, in: stage.timeline.map) {
        hand.take(stage.schedule(entrance, revision))
        revision += 1
      }
    }
    return (sound, entrance)
  }

  @Test func `A crossfade of two beats is of equal power, from the line's frame to its last`() throws {
    let stage = try Stage()
    let (sound, entrance) = try play(stage, line: 3_840, crossfade: 1_920, frames: 168_000)
    let (line, end) = (96_000, 144_000)
    #expect(sound.left[0..<line].allSatisfy { $0 == 0.25 }, "not a frame sooner")
    #expect(sound.left[end..<168_000].allSatisfy { $0 == 0.5 }, "not a frame longer")
    var worst: Float = 0
    for frame in line..<end {
      let way = Double(frame - line) / Double(end - line) * .pi / 2
      worst = max(worst, abs(sound.left[frame] - Float(0.25 * cos(way) + 0.5 * sin(way))))
    }
    // The levels are taken a frame apart at most: π/2 of a 48,000th, of 0.5.
    #expect(worst < 0.000_05, "\(worst)")
    #expect(sound.left == sound.right)
    #expect(entrance.phase == .passing, "the whole region is there for the next pass")
  }

  @Test func `A hard cut is one on the line's very frame`() throws {
    let (sound, _) = try play(try Stage(), line: 3_840, crossfade: 0, frames: 120_000)
    #expect(sound.left[95_999] == 0.25 && sound.left[96_000] == 0.5)
    #expect(sound.left[0..<96_000].allSatisfy { $0 == 0.25 })
    #expect(sound.left[96_000..<120_000].allSatisfy { $0 == 0.5 })
  }

  @Test func `What waits for the next pass comes on the frame of the loop's jump`() throws {
    var stage = try Stage()
    try stage.timeline.setLoop(0..<3_840, minimumSeconds: 0.1)
    let (sound, _) = try play(stage, line: nil, crossfade: 0, frames: 288_000)
    #expect(sound.left[0..<96_000].allSatisfy { $0 == 0.25 })
    // What the jump leaves fades within 5 ms, as at any jump.
    #expect(sound.left[96_000] >= 0.5)
    #expect(sound.left[96_240..<192_000].allSatisfy { $0 == 0.5 })
    #expect(sound.left[192_240..<288_000].allSatisfy { $0 == 0.5 })
  }
}
