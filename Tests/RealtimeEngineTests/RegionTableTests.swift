import MusicalTime
import RealtimeBench
import Testing

@testable import RealtimeEngine

/// What is found in a table of regions, against looking at all of them.
struct RegionTableTests {
  private struct Filed {
    let chunks: [RegionChunk]
    let memory = EngineMemory()
    let table: RegionTable
    let sorted: [ScheduledRegion]

    init(_ places: [(start: Tick, end: Tick)]) {
      let clip = AudioClip.constant(0, frames: 1)
      let regions = places.enumerated().map { index, place in
        ScheduledRegion(
          key: UInt64(index + 1), stamp: 1, kind: .audio, track: 0, start: place.start, end: place.end,
          gain: 1, fadeInFrames: 0, fadeOutFrames: 0, curve: .linear)
      }
      chunks = RegionChunk.chunks(of: regions.map { RegionEntry(region: $0, content: clip) })
      table = memory.table(of: chunks)
      sorted = regions.sorted { ($0.start, $0.key) < ($1.start, $1.key) }
    }

    func covering(_ tick: Double) -> [UInt64] {
      var keys: [UInt64] = []
      var place = table.last(endingAfter: tick, before: table.first(after: tick))
      while place.chunk >= 0, let region = table.region(at: place) {
        keys.insert(region.pointee.key, at: 0)
        place = table.last(endingAfter: tick, before: place)
      }
      return keys
    }
  }

  private static func random(_ count: Int, _ seed: UInt64) -> [(start: Tick, end: Tick)] {
    var state = seed
    func roll(_ bound: UInt64) -> Tick {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Tick((state >> 33) % bound)
    }
    return (0..<count).map { _ in
      let start = roll(20_000)
      return (start, start + 1 + (roll(50) == 0 ? roll(15_000) : roll(40)))
    }
  }

  @Test(arguments: [0, 1, 15, 16, 17, 255, 256, 257, 9_000])
  func whatCoversAPlaceIsFoundWhereverItBegan(count: Int) {
    let filed = Filed(Self.random(count, UInt64(count)))
    defer { filed.memory.deallocate() }
    for tick in stride(from: -1.0, to: 36_000, by: count > 1000 ? 613.5 : 97.5) {
      let wanted = filed.sorted.filter { Double($0.start) <= tick && Double($0.end) > tick }.map(\.key)
      #expect(filed.covering(tick) == wanted, "tick \(tick)")
      let after = filed.table.index(of: filed.table.first(after: tick))
      #expect(after == filed.sorted.filter { Double($0.start) <= tick }.count)
    }
    for region in filed.sorted {
      #expect(filed.table.find(start: region.start, key: region.key)?.pointee.key == region.key)
      #expect(filed.table.find(start: region.start, key: region.key + 1_000_000) == nil)
    }
    #expect(filed.table.find(start: -5, key: 1) == nil && filed.table.find(start: 1 << 40, key: 1) == nil)
  }

  @Test func `places follow one another over the chunks' ends`() {
    let filed = Filed(Self.random(1_300, 5))
    defer { filed.memory.deallocate() }
    var place = RegionPlace()
    var keys: [UInt64] = []
    while let region = filed.table.region(at: place) {
      keys.append(region.pointee.key)
      place = filed.table.place(after: place)
    }
    #expect(keys == filed.sorted.map(\.key))
  }

  @Test func `one region under a hundred thousand is found and plays wherever the playhead is put`() throws {
    var song = Song()
    song.audio(key: 1, at: 0, length: 960_000, .constant(0.25, frames: 64), passFrames: 64, passes: 400_000)
    let clip = AudioClip.constant(0.5, frames: 25)
    for index in 0..<99_999 {
      song.audio(key: UInt64(index + 2), at: Tick(9 * index), length: 1, clip)
    }
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    for tick in [0, 450_004, 899_995, 899_998, 3] as [Double] {
      hand.send(.locate, tick: tick)
      _ = hand.render(512)
      let started = hand.notices.last { if case .regionStarted = $0.kind { $0.id == 1 } else { false } }
      #expect(started?.tick == tick && started?.late == (tick > 0 ? 1 : 0))
    }
    #expect(hand.report.regionsRefused == 0)
  }

  @Test func `more regions that begin at once than may are counted, and the renderer goes on`() throws {
    var song = Song()
    let clip = AudioClip.constant(0.001, frames: 2_000)
    for key in 0..<5_000 { song.audio(key: UInt64(key), at: 100, length: 50, clip) }
    song.audio(key: 9_000, at: 200, length: 50, clip)
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    _ = hand.render(8_000)
    #expect(hand.report.regionsRefused == UInt64(5_000 - EngineLimits.audioVoices))
    #expect(hand.notices.contains { if case .regionStarted = $0.kind { $0.id == 9_000 } else { false } })
  }

  @Test func `chunks that stay are shared by schedules and freed with the last`() throws {
    weak var chunk: RegionChunk?
    weak var owner: AudioClip?
    do {
      let clip = AudioClip.constant(0.5, frames: 64)
      owner = clip
      var song = Song()
      song.audio(key: 1, at: 0, length: 10, clip)
      let made = RegionChunk(song.regions)
      chunk = made
      let tempo = CompiledTempo(try song.tempo(), revision: 1)
      let first = CompiledSchedule(revision: 1, tempo: tempo, audio: [made], midi: [])
      let second = CompiledSchedule(revision: 2, tempo: tempo, audio: [made], midi: [])
      #expect(first.address != second.address)
      #expect(first.pointer.pointee.audio.chunks.pointee.regions == made.regions)
      #expect(second.pointer.pointee.audio.chunks.pointee.regions == made.regions)
    }
    #expect(chunk == nil && owner == nil)
  }
}
