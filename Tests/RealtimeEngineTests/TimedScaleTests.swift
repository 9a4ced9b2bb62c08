import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// Commands that wait for the playhead, as many as may.
struct TimedScaleTests {
  private static let count = 100_000

  /// A number for each command, in an order that is none.
  private static func tick(_ number: Int) -> Tick { Tick(number * 7_919 % 20_000) }

  @Test func `100,000 commands land each once, in the order of place and coming, on their grid line`() throws
  {
    let hand = try HandTurnedEngine(Song(), synthTracks: 0)
    for number in 0..<Self.count {
      hand.wait(
        Command(
          id: 1_000 + UInt64(number), kind: .masterGain, dueFrame: 0, value: 1, at: Self.tick(number)))
      // The ring takes 4,096, and a block 512 of them.
      if number % 400 == 399 { _ = hand.render(64, block: 64) }
    }
    _ = hand.render(1_024)
    hand.send(.play, tick: 0)
    let start = Int64(hand.report.deviceFrame)
    _ = hand.render(20_000 * 25 + 6_400)
    let landed = hand.notices.filter { if case .landed = $0.kind { $0.id >= 1_000 } else { false } }
    let wanted = (0..<Self.count).map { (Self.tick($0), $0) }.sorted { $0 < $1 }
    try #require(landed.count == Self.count)
    var wrong = 0
    for (notice, (tick, number)) in zip(landed, wanted) {
      let due = start + tick * 25
      if notice.id != UInt64(1_000 + number) || abs(notice.frame - due) > 32
        || notice.late != notice.frame - due
      {
        wrong += 1
      }
    }
    #expect(wrong == 0)
    #expect(hand.report.commandsIgnored == 0 && hand.report.noticesDropped == 0)
  }

  @Test func `when more land at once than can be told, the rest lands later and none is lost`() throws {
    let hand = try HandTurnedEngine(Song(), synthTracks: 0)
    for number in 0..<9_000 {
      hand.wait(Command(id: 1_000 + UInt64(number), kind: .masterGain, dueFrame: 0, value: 1, at: 100))
      if number % 400 == 399 { _ = hand.render(64, block: 64) }
    }
    _ = hand.render(512)
    hand.send(.play, tick: 0)
    // Nobody reads the notices during these blocks, and 4,096 of them may be of timed commands.
    for _ in 0..<3 { _ = hand.render(8_192, block: 8_192) }
    let ids = hand.notices.filter { if case .landed = $0.kind { $0.id >= 1_000 } else { false } }.map(\.id)
    let isWhole = ids.elementsEqual((0..<9_000).map { 1_000 + UInt64($0) })
    #expect(isWhole, "\(ids.count) have landed")
    #expect(hand.report.noticesDropped == 0)
  }

  @Test func `a command that is moved lands at its new place only`() throws {
    let hand = try HandTurnedEngine(Song(), synthTracks: 0)
    for (id, tick) in [(1_000, 100), (1_001, 100), (1_002, 100)] as [(UInt64, Tick)] {
      hand.wait(Command(id: id, kind: .masterGain, dueFrame: 0, value: 1, at: tick))
    }
    func move(_ id: UInt64, from tick: Double, to place: Tick) {
      _ = hand.engine.commands.push(Command(id: id, kind: .postpone, dueFrame: 0, tick: tick, at: place))
    }
    move(1_001, from: 100, to: 300)
    // Neither of these waits where it is said to.
    move(1_002, from: 99, to: 400)
    move(1_003, from: 100, to: 400)
    hand.send(.play, tick: 0)
    _ = hand.render(12_800)
    move(1_000, from: 100, to: 900)
    _ = hand.render(25_600)
    for (id, tick) in [(1_000, 100), (1_001, 300), (1_002, 100)] as [(UInt64, Int64)] {
      let landings = hand.notices.filter { if case .landed = $0.kind { $0.id == id } else { false } }
      #expect(landings.count == 1 && abs((landings.first?.frame ?? -1000) - tick * 25) <= 32, "\(id)")
    }
    #expect(hand.landed(1_003) == nil)
  }
}
