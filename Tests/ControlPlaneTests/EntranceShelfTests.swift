import Arrangement
import FoundationEssentials
import Testing

@testable import ControlPlane

@Suite struct EntranceShelfTests {
  private func awaited(_ line: Int64) -> EntranceShelf.Awaited {
    let region = Region(
      id: UUID(), key: UInt64(line), name: "r", track: UUID(), clip: UUID(), start: 0, length: 3840)
    return EntranceShelf.Awaited(
      region: region, old: nil, partKey: 9, arrival: Arrival(), line: line, misses: 0)
  }

  @Test func `A schedule must be there before the first line of all that it brings`() {
    var shelf = EntranceShelf()
    #expect(shelf.notAfter == .infinity)
    for line in [3840, 1920, 7680] as [Int64] { shelf.expect(awaited(line)) }
    #expect(shelf.notAfter == 1920)
    shelf.ride(on: 1)
    shelf.landed(1)
    #expect(shelf.notAfter == .infinity)
  }

  @Test func `What came in time is not missed with a later schedule`() {
    var shelf = EntranceShelf()
    let (first, second) = (awaited(1920), awaited(3840))
    shelf.expect(first)
    shelf.ride(on: 1)
    shelf.expect(second)
    shelf.ride(on: 2)
    shelf.landed(1)
    let late = shelf.missed(2)
    #expect(late.map(\.line) == [3840])
    #expect(!shelf.isAwaited(first.region.id) && !shelf.isAwaited(second.region.id))
  }
}
