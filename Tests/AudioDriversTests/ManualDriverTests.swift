import AudioDrivers
import Testing

/// The cycle that all drivers share, turned by hand.
struct ManualDriverTests {
  private let renderer = CountingRenderer()

  @Test func `A block longer than 8192 frames is rendered in slices, complete and in order`() throws {
    let tap = try CaptureTap(capacity: 30_000)
    let driver = try ManualDriver(tap: tap)
    try driver.start(renderer.entry)
    driver.turn(frames: 20_000)
    #expect(renderer.blocks == 3)
    #expect(renderer.largest == 8192)
    #expect(tap.count == 20_000)
    #expect(firstBreak(tap.samples().left) == nil)
    #expect(firstBreak(tap.samples().right, from: -1, step: -1) == nil)
    let status = driver.status()
    #expect(status.callbacks == 1)
    #expect(status.period == 20_000)
    #expect(status.frames == 20_000)
  }

  @Test func `The thread is prepared once, before its first block`() throws {
    let driver = try ManualDriver()
    try driver.start(renderer.entry)
    #expect(renderer.beginnings == 0)
    for _ in 0..<5 { driver.turn(frames: 64) }
    #expect(renderer.beginnings == 1)
    #expect(renderer.faults == 0)
  }

  @Test(arguments: [16, 32, 63, 441, 8192]) func `The frames of every block are believed`(frames: Int) throws
  {
    let driver = try ManualDriver()
    try driver.start(renderer.entry)
    driver.turn(frames: 100)
    driver.turn(frames: frames)
    #expect(driver.status().period == frames)
    #expect(renderer.counted == 100 + frames)
  }

  @Test(arguments: [0, -1, Int.min, Int.max]) func `A block of no possible length asks for nothing`(
    frames: Int
  ) throws {
    let driver = try ManualDriver()
    try driver.start(renderer.entry)
    driver.turn(frames: frames)
    #expect(renderer.blocks == 0)
    #expect(driver.status().callbacks == 0)
  }

  @Test func `Nothing is rendered before the start, after the stop, or for a driver that is gone`() throws {
    let driver = try ManualDriver()
    driver.turn(frames: 64)
    #expect(renderer.blocks == 0)
    try driver.start(renderer.entry)
    #expect(driver.status().alive)
    driver.turn(frames: 64)
    driver.stop()
    driver.stop()
    driver.turn(frames: 64)
    #expect(renderer.blocks == 1)
    #expect(driver.status().alive == false)
    #expect(driver.status().frames == 64)
    try driver.start(renderer.entry)
    #expect(driver.status().frames == 0)
    driver.turn(frames: 64)
    #expect(renderer.counted == 128)
  }

  @Test func `A block that works through three quarters of its period is late, one that only waits is not`()
    throws
  {
    let driver = try ManualDriver(sampleRate: 48_000)
    try driver.start(renderer.entry)
    // 4800 frames are 100 ms.
    renderer.notes.sleep.store(120_000, ordering: .relaxed)
    driver.turn(frames: 4800)
    #expect(driver.status().lateBlocks == 0)
    renderer.notes.work.store(75_000, ordering: .relaxed)
    driver.turn(frames: 4800)
    let status = driver.status()
    #expect(status.lateBlocks == 1)
    #expect(status.worst >= 0.75)
    // A fifth of the step, as 100 ms of half a second.
    #expect(status.load >= 0.15)
    #expect(status.load < status.worst)
  }

  @Test func `A tap keeps the first frames and counts those it had no room for`() throws {
    let tap = try CaptureTap(capacity: 100)
    let driver = try ManualDriver(tap: tap)
    try driver.start(renderer.entry)
    driver.turn(frames: 64)
    #expect(tap.count == 64)
    #expect(tap.isFull == false)
    driver.turn(frames: 64)
    driver.turn(frames: 10)
    #expect(tap.isFull)
    #expect(tap.missed == 38)
    #expect(firstBreak(tap.samples().left) == nil)
    #expect(tap.samples(in: 98..<500).left == [99, 100])
    #expect(tap.samples(in: 200..<500).left.isEmpty)
  }

  @Test(arguments: [0, -5, Int.max]) func `A tap of an impossible size is refused in three lines`(frames: Int)
  {
    let error = #expect(throws: DriverError.self) { try CaptureTap(capacity: frames) }
    #expect(error?.lines.count == 3)
    #expect(error?.why.contains("\(frames)") == true)
  }

  @Test(arguments: [0, -1, 7_999, 192_001, .nan, .infinity] as [Double])
  func `A sample rate out of range is refused`(rate: Double) {
    #expect(throws: DriverError.self) { try ManualDriver(sampleRate: rate) }
    #expect(throws: DriverError.self) { try TimerDriver(sampleRate: rate, period: 256) }
  }
}
