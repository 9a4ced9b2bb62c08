import FoundationEssentials
import MusicalTime
import Testing

@testable import Arrangement

/// Regions placed, changed and removed.
struct RegionTests {
  @Test func aRegionIsNamedAfterItsFileAndAsLongAsItsClip() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff, at: 960)
    #expect(region.name == "riff" && region.start == 960 && region.length == 3_840 && region.end == 4_800)
    #expect(
      Array(scene.timeline.regions) == [region] && scene.timeline.clips == [scene.riff.id: scene.riff])
    #expect(scene.timeline.end == 4_800)
  }

  @Test func keysAreNeverUsedTwice() throws {
    var scene = try Scene()
    let first = try scene.add(scene.riff)
    scene.timeline.removeRegions([first.id])
    let second = try scene.add(scene.riff)
    let third = try scene.add(scene.riff)
    #expect(Set([first.key, second.key, third.key]).count == 3)
  }

  @Test func regionsAreSortedByStartThenByAge() throws {
    var scene = try Scene()
    for (name, start) in [("c", 960), ("a", 0), ("d", 960), ("b", 0)] as [(String, Tick)] {
      try scene.add(scene.riff, at: start, name: name)
    }
    #expect(Array(scene.timeline.regions).map(\.name) == ["a", "b", "c", "d"])
  }

  @Test func aRegionMayBeShapedWhileItIsPlaced() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff, length: 500) {
      $0.gainDB = -6
      $0.loops = 3
      $0.channel = 10
    }
    #expect(region.length == 500 && region.gainDB == -6 && region.loops == 3 && region.channel == 10)
  }

  @Test func theNaturalLengthOfMIDICountsLoopsAndTheOffset() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff) {
      $0.loops = 3
      $0.offsetTicks = 840
    }
    #expect(region.length == 9_000)
  }

  @Test func theNaturalLengthOfAudioFollowsTheTempo() throws {
    // Three seconds from beat 2 on: one at 120 BPM up to beat 4, and two at 60, which are two beats.
    var scene = try Scene([TempoChange(tick: 0, bpm: 120), TempoChange(tick: 3_840, bpm: 60)])
    #expect(try scene.add(scene.take, at: 1_920).length == 1_920 + 1_920)
    // Two passes of the last second: the same two beats at 60.
    let shaped = try scene.add(scene.take, at: 3_840) {
      $0.offsetSeconds = 2
      $0.loops = 2
    }
    #expect(shaped.length == 1_920)
  }

  @Test func theNaturalLengthOfAudioInARampIsItsIntegral() throws {
    // 60 to 120 BPM in four beats: after t seconds beat 4·(exp(t/4) − 1), here 4·(e^0.25 − 1) = 1.1361 beats.
    var scene = try Scene([TempoChange(tick: 0, bpm: 60), TempoChange(tick: 960, bpm: 120, rampTicks: 3_840)])
    let second = Clip(
      path: "/s.wav", kind: .audio, lengthTicks: 0, frames: 48_000, sampleRate: 48_000, fileBytes: 0,
      fileTime: 0)
    #expect(try scene.add(second, at: 960).length == 1_091, "1090.66 ticks, up to the next whole one")
  }

  @Test func noFrameOfAudioIsCutOffByRounding() throws {
    var scene = try Scene([TempoChange(tick: 0, bpm: 100)])
    for frames in [1, 29, 30, 31, 143_999] as [Int64] {
      let clip = Clip(
        path: "/s.wav", kind: .audio, lengthTicks: 0, frames: frames, sampleRate: 48_000, fileBytes: 0,
        fileTime: 0)
      let region = try scene.add(clip, at: 7)
      #expect(scene.timeline.map.frame(atTick: region.end) - scene.timeline.map.frame(atTick: 7) >= frames)
      #expect(scene.timeline.map.frame(atTick: region.end - 1) - scene.timeline.map.frame(atTick: 7) < frames)
    }
  }

  @Test func aChangedRegionKeepsItsLengthOrFollowsItsMaterial() throws {
    var scene = try Scene()
    var region = try scene.add(scene.riff)
    region.loops = 2
    try scene.timeline.updateRegion(region)
    #expect(scene.timeline.regions[region.id]?.length == 3_840)
    try scene.timeline.updateRegion(region, keepsLength: false)
    #expect(scene.timeline.regions[region.id]?.length == 7_680)
  }

  @Test func aRegionThatIsGoneIsNotBroughtBackByAChange() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff)
    scene.timeline.removeRegions([region.id])
    try scene.timeline.updateRegion(region)
    #expect(scene.timeline.regions.isEmpty)
  }

  @Test func aClipStaysAsLongAsARegionPlaysIt() throws {
    var scene = try Scene()
    let (first, second) = (try scene.add(scene.riff), try scene.add(scene.riff))
    scene.timeline.removeRegions([first.id, UUID()])
    #expect(scene.timeline.clips.count == 1)
    scene.timeline.removeRegions([second.id])
    #expect(scene.timeline.clips.isEmpty && scene.timeline.end == 0)
  }

  @Test func regionsAreFoundByNameAndByTheStartOfTheirId() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff)
    let id = region.id.uuidString
    for reference in ["riff", id, id.lowercased(), String(id.prefix(8)), String(id.lowercased().prefix(4))] {
      #expect(try scene.timeline.region(reference) == region)
    }
    for reference in ["Riff", String(id.prefix(3)), "", id + "0", "zzzz"] {
      #expect(
        scene.refusal { s in try s.timeline.region(reference) }?.kind
          == .unknownRegion)
    }
  }

  @Test func aReferenceThatMeansTwoRegionsIsRefusedWithTheirIds() throws {
    var scene = try Scene()
    let ids = [try scene.add(scene.riff), try scene.add(scene.riff)].map {
      String($0.id.uuidString.lowercased().prefix(8))
    }
    let error = scene.refusal { s in try s.timeline.region("riff") }
    #expect(error?.kind == .ambiguous)
    #expect(error?.lines[1] == "their ids begin with \(ids.sorted().joined(separator: ", "))")
  }

  @Test func aHundredThousandRegionsAreAddedSortedAndRemoved() throws {
    var scene = try Scene()
    let first = try scene.add(scene.riff)
    var copies: [Region] = []
    for _ in 0..<3 {
      copies += try scene.timeline.duplicate(first, at: Tick(copies.count) * 3_840, times: 30_000)
    }
    for number in copies.count..<(ArrangementLimits.regions - 1) {
      try scene.add(scene.riff, at: Tick(number))
    }
    #expect(scene.timeline.regions.count == ArrangementLimits.regions)
    #expect(copies[89_999].name == "riff-90001" && copies[89_999].start == 89_999 * 3_840)
    let sorted = Array(scene.timeline.regions)
    #expect(zip(sorted, sorted.dropFirst()).allSatisfy { ($0.start, $0.key) < ($1.start, $1.key) })

    for edit in [
      { (s: inout Scene) throws -> Void in try s.add(s.riff) },
      { (s: inout Scene) throws -> Void in
        _ = try s.timeline.duplicate(first, at: 0, times: 1)
      },
      { (s: inout Scene) throws -> Void in _ = try s.timeline.split(first, at: 960) },
    ] {
      #expect(scene.refusal(edit)?.kind == .full)
    }
    scene.timeline.removeRegions(copies.map(\.id))
    #expect(scene.timeline.regions.count == 10_000)
  }
}
