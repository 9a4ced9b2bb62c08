import Testing
import Threading

struct LockedTests {
  @Test func `No change is lost between four threads`() throws {
    let sum = Locked(0)
    let threads = try (0..<4).map { _ in
      try OwnedThread(name: "adds") {
        for _ in 0..<10_000 { sum.withLock { $0 += 1 } }
      }
    }
    for thread in threads { thread.join() }
    #expect(sum.withLock { $0 } == 40_000)
  }

  @Test func `While one holds it, another gets nothing instead of waiting`() throws {
    let value = Locked(1)
    let seen = Locked<Int?>(0)
    try value.withLock { _ in
      let thread = try OwnedThread(name: "asks") {
        let answer = value.withLockIfAvailable { $0 }
        seen.withLock { $0 = answer }
      }
      thread.join()
    }
    #expect(seen.withLock { $0 } == nil)
    #expect(value.withLockIfAvailable { $0 } == 1)
  }

  @Test func `An error thrown inside lets go of it`() {
    struct Refusal: Error {}
    let value = Locked(1)
    #expect(throws: Refusal.self) { try value.withLock { _ in throw Refusal() } }
    #expect(value.withLockIfAvailable { $0 } == 1)
  }
}
