import FoundationEssentials
import MusicalTime
import Testing

@testable import Arrangement

/// The sorted chunks and what is found in them, against a plain dictionary.
struct RegionSetTests {
  private struct Dice {
    var state: UInt64

    mutating func roll(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
  }

  private let tracks = (0..<3).map { _ in UUID() }
  private let clips = (0..<5).map { _ in UUID() }

  private func region(_ key: UInt64, _ dice: inout Dice) -> Region {
    Region(
      key: key, name: "n\(dice.roll(40))", track: tracks[dice.roll(3)], clip: clips[dice.roll(5)],
      start: Tick(dice.roll(5_000)), length: Tick(1 + dice.roll(200)))
  }

  private func check(_ set: RegionSet, _ all: [UUID: Region]) throws {
    let sorted = all.values.sorted { ($0.start, $0.key) < ($1.start, $1.key) }
    try #require(Array(set) == sorted && set.count == all.count && set.isEmpty == all.isEmpty)
    #expect(set.end == (sorted.map(\.end).max() ?? 0))
    #expect(set.chunks.allSatisfy { (1...256).contains($0.elements.count) })
    #expect(set.chunks.allSatisfy { chunk in chunk.reach == chunk.elements.map(\.end).max() })
    for region in sorted.prefix(50) + sorted.suffix(50) {
      #expect(set[region.id] == region && set[key: region.key] == region)
    }
    #expect(set[UUID()] == nil && set[key: 1 << 40] == nil)
    for name in ["n0", "n17", "n39", "other"] {
      let named = sorted.filter { $0.name == name }
      #expect(set.named(name, atMost: .max) == named && set.count(named: name) == named.count)
      #expect(set.hasName(name) == !named.isEmpty)
    }
    for (track, clip) in zip(tracks, clips) {
      #expect(set.count(onTrack: track) == sorted.filter { $0.track == track }.count)
      #expect(set.count(ofClip: clip) == sorted.filter { $0.clip == clip }.count)
    }
    for tick in [-1, 0, 777, 4_000, 6_000] as [Tick] {
      #expect(set.first(8, endingAfter: tick) == Array(sorted.filter { $0.end > tick }.prefix(8)))
    }
  }

  @Test(arguments: 1...3) func anySeriesOfChangesIsWhatADictionaryHolds(seed: Int) throws {
    var dice = Dice(state: UInt64(seed))
    var set = RegionSet()
    var all: [UUID: Region] = [:]
    var key: UInt64 = 0
    for step in 0..<120 {
      let before = set
      let held = all
      switch dice.roll(6) {
      case 0:
        let added = (0..<dice.roll(900)).map { _ in
          key += 1
          return region(key, &dice)
        }
        set.insert(new: added)
        for region in added { all[region.id] = region }
      case 1:
        let gone = Array(all.values.prefix(dice.roll(500)))
        set.remove(gone)
        for region in gone { all[region.id] = nil }
      case 2:
        key += 1
        let added = region(key, &dice)
        set.insert(added)
        all[added.id] = added
      default:
        guard var changed = all.values.first else { continue }
        let other = region(changed.key, &dice)
        (changed.name, changed.start, changed.track) = (other.name, other.start, other.track)
        (changed.clip, changed.length, changed.gainDB) = (other.clip, other.length, -1)
        set.insert(changed)
        all[changed.id] = changed
      }
      if step % 10 == 9 {
        try check(set, all)
        // A copy is a value: what came after it did not change it.
        #expect(Array(before) == held.values.sorted { ($0.start, $0.key) < ($1.start, $1.key) })
      }
    }
    try check(set, all)
    set.remove(Array(set))
    try check(set, [:])
  }

  @Test func anEditMakesNoMoreThanTwoChunksAnew() throws {
    var scene = try Scene()
    let first = try scene.add(scene.riff)
    _ = try scene.timeline.duplicate(first, at: 0, times: 20_000)
    let before = scene.timeline.regions.chunks.map { ObjectIdentifier($0) }
    #expect(before.count > 39)
    func changed(_ edit: (inout Scene) throws -> Void) throws -> Int {
      var edited = scene
      try edit(&edited)
      return edited.timeline.regions.chunks.filter { !before.contains(ObjectIdentifier($0)) }.count
    }
    var region = try scene.timeline.region("riff-9000")
    #expect(try changed { _ = try $0.add($0.riff, at: 5_000) } <= 2)
    #expect(try changed { $0.timeline.removeRegions([region.id]) } == 1)
    region.gainDB = -6
    #expect(try changed { try $0.timeline.updateRegion(region) } == 1)
    region.start = 0
    #expect(try changed { try $0.timeline.updateRegion(region) } <= 3)
    #expect(try changed { _ = try $0.timeline.split(region, at: 960) } <= 4)
    #expect(try changed { try $0.timeline.addMarker(name: "a", at: 0) } == 0)
  }

  @Test func namesWithoutEndAreFoundWithoutLookingAtAllOfThem() throws {
    var asked = 0
    var names = FreeNames(like: "a") { name in
      asked += 1
      return Int(name.dropFirst(2)).map { $0 <= 70_000 } ?? false
    }
    #expect(names.next() == "a-70001" && names.next() == "a-70002" && asked < 60)
    // A gap among the first is filled.
    var gap = FreeNames(like: "a") { $0 != "a-7" }
    #expect(gap.next() == "a-7")
  }

  @Test func theStartOfAnIdentifierIsARangeOfNumbers() throws {
    let id = try #require(UUID(uuidString: "0A1B2C3D-4E5F-4789-8ABC-DEF012345678"))
    let number = BigID(id)
    for text in ["", "0", "0a1b2c3d", "0A1B2C3D-4", id.uuidString, id.uuidString.lowercased()] {
      #expect(try #require(BigID.range(text)).contains(number), "\(text)")
    }
    for text in ["1", "0a1b2c3d-5", "0A1B2C3E"] {
      #expect(!(try #require(BigID.range(text)).contains(number)), "\(text)")
    }
    for text in ["0a1b2c3d4", "-", "x", id.uuidString + "0"] { #expect(BigID.range(text) == nil, "\(text)") }
  }
}
