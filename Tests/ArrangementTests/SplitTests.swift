import FoundationEssentials
import MusicalTime
import Testing

@testable import Arrangement

/// Regions cut in two, and repeated.
struct SplitTests {
  @Test func theTwoPartsOfASplitCoverTheRegion() throws {
    var scene = try Scene()
    let whole = try scene.add(scene.riff, at: 960) {
      ($0.fadeInSeconds, $0.fadeOutSeconds, $0.gainDB, $0.transpose) = (0.5, 0.25, -3, 7)
    }
    let (left, right) = try scene.timeline.split(whole, at: 2_000)
    #expect(left.id == whole.id && left.key == whole.key && left.name == "riff")
    #expect(right.id != whole.id && right.key != whole.key && right.name == "riff-2")
    #expect(left.start == 960 && left.end == 2_000 && right.start == 2_000 && right.end == whole.end)
    // The outer fades stay, the cut has none.
    #expect(left.fadeInSeconds == 0.5 && left.fadeOutSeconds == 0)
    #expect(right.fadeInSeconds == 0 && right.fadeOutSeconds == 0.25)
    #expect(
      right.gainDB == -3 && right.transpose == 7 && right.clip == whole.clip && right.track == whole.track)
    #expect(Array(scene.timeline.regions) == [left, right])
  }

  @Test func theRightPartSkipsWhatTheLeftOneHasPlayed() throws {
    var scene = try Scene([TempoChange(tick: 0, bpm: 120), TempoChange(tick: 1_920, bpm: 60)])
    let whole = try scene.add(scene.take, at: 960, length: 3_840)
    // One beat at 120 BPM and one at 60: half a second and a second.
    let (left, right) = try scene.timeline.split(whole, at: 2_880)
    #expect(left.skipFrames == 0 && left.skipTicks == 0)
    #expect(right.skipFrames == 72_000 && right.skipTicks == 1_920)
    // Cut again, the skips add up: another beat at 60.
    let last = try scene.timeline.split(right, at: 3_840).1
    #expect(last.skipFrames == 120_000 && last.skipTicks == 2_880 && last.name == "take-2-2")
    #expect(last.loops == 1 && last.offsetSeconds == 0)
  }

  @Test func atAnotherSampleRateThePartsSkipTheSameTime() throws {
    var scene = try Scene()
    let whole = try scene.add(scene.take)
    let right = try scene.timeline.split(whole, at: 1_920).1
    try scene.timeline.resample(to: 44_100)
    #expect(right.skipFrames == 48_000 && scene.timeline.regions[right.id]?.skipFrames == 44_100)
    #expect(scene.timeline.regions[right.id]?.skipTicks == 1_920 && scene.timeline.map.sampleRate == 44_100)
    #expect(throws: TempoMapError.self) { try scene.timeline.resample(to: .nan) }
  }

  @Test func thePartsOfALoopedRegionKeepTheirLoops() throws {
    var scene = try Scene()
    let whole = try scene.add(scene.riff) {
      $0.loops = 4
      $0.offsetTicks = 960
    }
    let (left, right) = try scene.timeline.split(whole, at: 5_000)
    #expect(left.loops == 4 && right.loops == 4 && right.skipTicks == 5_000 && right.offsetTicks == 960)
    // What is left of the material is as long as what is left of the region.
    #expect(right.naturalLength(of: scene.riff, in: scene.timeline.map) == right.length)
  }

  @Test(arguments: [960, 4_800, 0, 959, 4_801, -1, .max, .min] as [Tick])
  func aCutOutsideTheRegionIsRefused(tick: Tick) throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff, at: 960)
    let error = scene.refusal { s in _ = try s.timeline.split(region, at: tick) }
    #expect(error?.kind == .notInside)
    #expect(error?.lines[1] == "it lasts from 1:2:000 to 2:2:000")
  }

  @Test func aCutMayLeaveASingleTick() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff)
    let (left, right) = try scene.timeline.split(region, at: 1)
    #expect(left.length == 1 && right.length == 3_839)
  }

  @Test func copiesFollowEndToEndWithNamesOfTheirOwn() throws {
    var scene = try Scene()
    try scene.add(scene.riff, at: 40_000, name: "riff-3")
    let region = try scene.add(scene.riff) { $0.gainDB = -3 }
    let copies = try scene.timeline.duplicate(region, at: 5_000, times: 3)
    #expect(copies.map(\.name) == ["riff-2", "riff-4", "riff-5"])
    #expect(copies.map(\.start) == [5_000, 8_840, 12_680] && copies.allSatisfy { $0.length == 3_840 })
    #expect(copies.allSatisfy { $0.gainDB == -3 && $0.clip == region.clip })
    #expect(Set((copies + [region]).map(\.key)).count == 4 && scene.timeline.regions.count == 5)
  }

  @Test func copiesThatDoNotFitAreNotMadeAtAll() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff)
    let start = TimeLimits.maximumTick - 2 * 3_840
    let error = scene.refusal { s in
      _ = try s.timeline.duplicate(region, at: start, times: 3)
    }
    #expect(error?.kind == .outOfRange)
    #expect(try scene.timeline.duplicate(region, at: start, times: 2).count == 2)
  }

  @Test(arguments: [0, -1, .min, 100_000, .max])
  func impossibleNumbersOfCopiesAreRefused(times: Int) throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff)
    let error = scene.refusal { s in
      _ = try s.timeline.duplicate(region, at: 0, times: times)
    }
    #expect(error?.kind == (times < 1 ? .outOfRange : .full))
  }

  @Test func copiesStartWhereTheTimelineDoesAndNotBefore() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff)
    for start in [-1, .min, .max] as [Tick] {
      let error = scene.refusal { s in
        _ = try s.timeline.duplicate(region, at: start, times: 2)
      }
      #expect(error?.kind == .outOfRange)
    }
  }

  @Test func theNameOfACopyIsNeverTooLong() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff, name: String(repeating: "x", count: 200))
    let copy = try scene.timeline.duplicate(region, at: 0, times: 1)[0]
    #expect(copy.name == String(repeating: "x", count: 198) + "-2")
    let wide = try scene.add(scene.riff, name: String(repeating: "👩‍👩‍👧", count: 55))
    #expect(
      try scene.timeline.duplicate(wide, at: 0, times: 1)[0].name == String(repeating: "👩‍👩‍👧", count: 55) + "-2")
  }
}
