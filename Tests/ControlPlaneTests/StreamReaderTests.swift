import Foundation
import RealtimeBench
import RealtimeEngine
import Testing

@testable import ControlPlane

/// Disks that hang, forget and lose what is being played from them, heard through the renderer.
@Suite(.serialized) struct StreamReaderTests {
  @Test func `a file on a hung disk falls silent alone, keeps its time and comes back`() throws {
    try DiskStage.run { stage in
      let lost = DiskStage.noise(288_000, seed: 1)
      let near = DiskStage.noise(140_000, seed: 2)
      let later = DiskStage.noise(100_000, seed: 3)
      let hung = try stage.add("hung", lost, isRight: false)
      let others = [
        try stage.add("near", near, isRight: true), try stage.add("later", later, isRight: true, at: 6000),
      ]
      stage.waitedFor = Set((others + [hung]).map(\.id))
      let (hand, first) = try stage.play(frames: 32_000)
      var sound = first
      let offset = 64
      stage.waitedFor = Set(others.map(\.id))
      stage.disk.hang([hung.audio.path])
      sound += hand.render(200_000)
      #expect(!stage.hasWaitedLong)
      // What hangs fades out when its ring has run dry, within two seconds.
      let end = try #require(sound.left.lastIndex { $0 != 0 })
      #expect((100_000..<140_000).contains(end))
      #expect(hand.starved().map(\.region) == [1])
      #expect(hand.starved().map(\.cause) == [StreamCause.late])
      // The others are what they are from memory, one of them opened while the disk hung.
      #expect(sound.right[0..<(140_000 - offset)].elementsEqual(near[offset...]))
      #expect(sound.right[(150_000 - offset)..<(220_000 - offset)].elementsEqual(later[0..<70_000]))
      stage.disk.letGo()
      stage.waitedFor.insert(hung.id)
      let back = hand.render(20_000)
      let place = sound.left.count + offset
      #expect(back.left[10_000..<20_000].elementsEqual(lost[(place + 10_000)..<(place + 20_000)]))
      #expect(back.right.prefix(10_000).elementsEqual(later[(place - 150_000)...].prefix(10_000)))
      #expect(hand.report.starvations == 1)
    }
  }

  @Test func `a dead disk with many files keeps no file of another disk waiting`() throws {
    let disk = HungDisk { $0.contains("dead") ? 1 : 2 }
    try DiskStage.run(disk) { stage in
      let good = DiskStage.noise(180_000, seed: 9)
      let dead = try (0..<6).map { number in
        try stage.add("dead-\(number)", DiskStage.noise(180_000, seed: UInt32(number)), isRight: false)
      }
      let clip = try stage.add("good", good, isRight: true)
      stage.waitedFor = Set((dead + [clip]).map(\.id))
      let (hand, first) = try stage.play(frames: 16_064)
      var sound = first
      stage.waitedFor = [clip.id]
      disk.hang(dead.map(\.audio.path))
      sound += hand.render(150_000)
      #expect(!stage.hasWaitedLong)
      #expect(sound.right.elementsEqual(good[64..<(sound.right.count + 64)]))
      #expect(Set(hand.starved().map(\.region)) == [1, 2, 3, 4, 5, 6])
      // Two wait for it, however many files it has.
      #expect(stage.hungReaders == ControlLimits.readersOfADisk)
    }
  }

  @Test func `a file whose pages are evicted again and again plays on, bit for bit`() throws {
    try DiskStage.run { stage in
      let samples = DiskStage.noise(150_000, seed: 4)
      let clip = try stage.add("evicted", samples, isRight: true)
      let file = open(clip.audio.path, O_RDONLY)
      try #require(file >= 0)
      defer { close(file) }
      fsync(file)
      stage.waitedFor = [clip.id]
      let (hand, first) = try stage.play(frames: 1088)
      var sound = first
      for _ in 0..<100 {
        #expect(posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0)
        sound += hand.render(1280)
      }
      #expect(sound.right.elementsEqual(samples[64..<(sound.right.count + 64)]))
      #expect(hand.report.starvations == 0)
    }
  }

  @Test(arguments: [0, 400_000])
  func `a file cut short while it plays is silent from there, and said to be`(bytes: Int) throws {
    try DiskStage.run { stage in
      let cut = DiskStage.noise(288_000, seed: 5)
      let whole = DiskStage.noise(288_000, seed: 6)
      let clip = try stage.add("cut", cut, isRight: false)
      let other = try stage.add("whole", whole, isRight: true)
      stage.waitedFor = [clip.id, other.id]
      let (hand, first) = try stage.play(frames: 16_064)
      var sound = first
      stage.waitedFor = [other.id]
      #expect(truncate(clip.audio.path, off_t(bytes)) == 0)
      sound += hand.render(200_000)
      let end = try #require(sound.left.lastIndex { $0 != 0 })
      #expect(end < 140_000)
      #expect(sound.right.elementsEqual(whole[64..<(sound.right.count + 64)]))
      #expect(hand.starved().map(\.region).allSatisfy { $0 == 1 })
      #expect(hand.starved().last?.cause == StreamCause.cutShort)
      let changed = stage.news.compactMap { news -> UInt64? in
        if case .changed(let id) = news { id } else { nil }
      }
      #expect(changed == [clip.id])
    }
  }
}
