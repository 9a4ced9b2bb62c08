import FoundationEssentials
import MusicalTime
import Testing

@testable import Arrangement

/// What an edit changed: found by comparing, made again, and taken back.
@Suite struct TimelineChangeTests {
  /// Numbers that look random and are the same each time.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  /// One edit of any kind; one that is refused changes nothing.
  private static func edit(_ scene: inout Scene, _ dice: inout Dice) {
    let regions = Array(scene.timeline.regions)
    let tick = Tick.random(in: 0..<100_000, using: &dice)
    let name = "n\(Int.random(in: 0..<40, using: &dice))"
    do {
      switch Int.random(in: 0..<14, using: &dice) {
      case 0, 1: try scene.add(scene.riff, at: tick)
      case 2: try scene.add(scene.take, at: tick)
      case 3:
        guard var region = regions.randomElement(using: &dice) else { return }
        (region.start, region.gainDB) = (tick, -3)
        try scene.timeline.updateRegion(region)
      case 4: scene.timeline.removeRegions(regions.shuffled(using: &dice).prefix(2).map(\.id))
      case 5: try scene.timeline.addTrack(name: name)
      case 6:
        if let track = scene.timeline.tracks.dropFirst().randomElement(using: &dice) {
          scene.timeline.removeTrack(track.id)
        }
      case 7: try scene.timeline.addMarker(name: name, at: tick)
      case 8: try scene.timeline.removeMarker(name: name)
      case 9: try scene.timeline.setTempo(Double.random(in: 60..<180, using: &dice), at: tick, ramp: 0)
      case 10: _ = try scene.timeline.addBus(name: name, effect: Bus.Effect())
      case 11:
        guard let bus = scene.timeline.buses.randomElement(using: &dice) else { return }
        try scene.timeline.setOutput(of: .track(scene.track), to: bus)
      case 12: try scene.timeline.setLoop(tick..<tick + 9_600, minimumSeconds: 0.1)
      default: scene.timeline.setMasterGain(Double(Int.random(in: -9..<6, using: &dice)))
      }
    } catch {}
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `Whatever the edit, its change leads there, back, and through JSON`(seed: UInt64) throws {
    var dice = Dice(state: seed)
    var scene = try Scene()
    var replayed = scene.timeline
    var edits = 0
    for _ in 0..<300 {
      let before = scene.timeline
      Self.edit(&scene, &dice)
      guard let found = TimelineChange(from: before, to: scene.timeline) else {
        #expect(before == scene.timeline)
        continue
      }
      edits += 1
      let change = try JSONDecoder().decode(TimelineChange.self, from: JSONEncoder().encode(found))
      #expect(change == found)
      try change.apply(to: &replayed)
      #expect(replayed == scene.timeline)
      var back = scene.timeline
      try change.inverted.apply(to: &back)
      #expect(back.tracks == before.tracks && back.regions == before.regions && back.clips == before.clips)
      #expect(back.markers == before.markers && back.map == before.map && back.routes == before.routes)
      #expect(back.loop == before.loop && back.masterGainDB == before.masterGainDB)
    }
    #expect(edits > 100)
  }

  @Test func `Of many regions only what one edit touched is told`() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff, at: 0)
    _ = try scene.timeline.duplicate(region, at: 3_840, times: 3_000)
    let before = scene.timeline
    var moved = Array(scene.timeline.regions)[0]
    moved.start = 9_000_000
    try scene.timeline.updateRegion(moved)
    let change = try #require(TimelineChange(from: before, to: scene.timeline))
    #expect(change.count == 1 && change.regions?.first?.old?.start == 0)
    #expect(change.regions?.first?.new?.start == 9_000_000)
    #expect(TimelineChange(from: before, to: before) == nil)
  }

  @Test func `What somebody changed since is not taken back, and named`() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff, at: 0, name: "intro")
    let before = scene.timeline
    var louder = region
    louder.gainDB = 3
    try scene.timeline.updateRegion(louder)
    let change = try #require(TimelineChange(from: before, to: scene.timeline))
    louder.transpose = 5
    try scene.timeline.updateRegion(louder)
    let now = scene.timeline
    let conflict = #expect(throws: TimelineConflict.self) { try change.inverted.apply(to: &scene.timeline) }
    #expect(conflict?.object == .region(region.id) && conflict?.name == "the region intro")
    #expect(scene.timeline == now)
  }

  @Test func `A track on which others have put regions since stays`() throws {
    var scene = try Scene()
    let before = scene.timeline
    let track = try scene.timeline.addTrack(name: "new")
    let change = try #require(TimelineChange(from: before, to: scene.timeline))
    try scene.timeline.addRegion(clip: scene.riff, track: track.id, at: 0)
    let now = scene.timeline
    let conflict = #expect(throws: TimelineConflict.self) { try change.inverted.apply(to: &scene.timeline) }
    #expect(conflict?.object == .track(track.id) && scene.timeline == now)
  }
}
