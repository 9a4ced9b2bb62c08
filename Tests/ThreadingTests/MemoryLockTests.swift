import Testing

@testable import Threading

@Suite struct MemoryLockTests {
  private func arenas(_ sizes: [Int], _ body: ([UnsafeRawBufferPointer]) throws -> Void) rethrows {
    let blocks = sizes.map { UnsafeMutableRawBufferPointer.allocate(byteCount: $0, alignment: 4096) }
    defer { for block in blocks { block.deallocate() } }
    try body(blocks.map { UnsafeRawBufferPointer($0) })
  }

  @Test func underALimitTheFirstArenasAreLockedThatFitIntoHalfOfIt() {
    arenas([8192, 65_536, 8192]) { arenas in
      let lock = MemoryLock.take(arenas, limit: 65_536)
      #expect(lock.extent == .part && lock.limitBytes == 65_536)
      #expect(lock.reason == "the limit is 64 KiB; 2 of 3 of the engine's arenas fit into half")
    }
  }

  @Test func withoutALimitWorthTheNameNothingIsLockedAndThatIsSaid() {
    arenas([8192]) { arenas in
      let lock = MemoryLock.take(arenas, limit: 0)
      #expect(lock.extent == .none && lock.reason?.contains("0 of 1") == true)
    }
  }

  @Test func aThreadThatTouchesNewPagesSeesItsFaults() {
    let before = PageFaults.own
    let bytes = 64 * 4096
    let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 4096)
    defer { block.deallocate() }
    for page in 0..<64 { block.storeBytes(of: 1, toByteOffset: page * 4096, as: UInt8.self) }
    let after = PageFaults.own
    // Memory that was used before and never given back faults no more, so the bound is one.
    #expect(after.minor >= before.minor && after.major >= before.major)
    #expect(after.minor - before.minor <= 200)
  }
}
