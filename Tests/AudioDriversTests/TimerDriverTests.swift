import AudioDrivers
import Glibc
import Testing

@Suite(.serialized) struct TimerDriverTests {
  private let renderer = CountingRenderer()

  @Test(arguments: [16, 32, 64, 100, 256, 1000, 4096, 8192])
  func `Every period is played, complete and in order`(period: Int) throws {
    let tap = try CaptureTap(capacity: period * 5)
    let driver = try TimerDriver(period: period, tap: tap)
    try driver.start(renderer.entry)
    #expect(eventually { tap.isFull })
    driver.stop()
    #expect(firstBreak(tap.samples().left) == nil)
    #expect(renderer.largest == period)
    #expect(renderer.faults == 0)
    #expect(renderer.beginnings == 1)
    let status = driver.status()
    #expect(status.name == "timer")
    #expect(status.period == period)
    #expect(Int(status.frames) == renderer.counted)
    #expect(Int(status.callbacks) == renderer.blocks)
  }

  @Test func `It plays no faster than the clock, and keeps up with it`() throws {
    let driver = try TimerDriver(sampleRate: 48_000, period: 1024)
    let start = now()
    try driver.start(renderer.entry)
    usleep(1_000_000)
    driver.stop()
    let due = (now() - start) * 48_000
    // One block is due at once, and one period of lateness may be made good.
    #expect(Double(renderer.counted) <= due + 2 * 1024)
    #expect(Double(renderer.counted) >= due / 2)
  }

  @Test func `Time lost to a stall is counted as an xrun and not made good in a burst`() throws {
    let driver = try TimerDriver(sampleRate: 48_000, period: 1024)
    let start = now()
    try driver.start(renderer.entry)
    #expect(eventually { renderer.blocks > 2 })
    renderer.notes.sleep.store(400_000, ordering: .relaxed)
    #expect(eventually { driver.status().xruns > 0 })
    let blocks = renderer.blocks
    #expect(eventually { renderer.blocks > blocks + 5 })
    driver.stop()
    let sounding = (now() - start - 0.4) * 48_000
    #expect(Double(renderer.counted) <= sounding + 3 * 1024)
    #expect(renderer.faults == 0)
  }

  @Test(arguments: [32, 8192]) func `After the stop the renderer is not called again`(period: Int) throws {
    let driver = try TimerDriver(period: period)
    try driver.start(renderer.entry)
    #expect(eventually { renderer.blocks > 1 })
    driver.stop()
    let blocks = renderer.blocks
    driver.stop()
    usleep(300_000)
    #expect(renderer.blocks == blocks)
    #expect(driver.status().alive == false)
  }

  @Test func `It starts again where the renderer stands`() throws {
    let tap = try CaptureTap(capacity: 20_000)
    let driver = try TimerDriver(period: 128, tap: tap)
    for round in 1...3 {
      try driver.start(renderer.entry)
      #expect(driver.status().alive)
      let count = renderer.counted
      #expect(eventually { renderer.counted > count + 1000 })
      driver.stop()
      #expect(renderer.beginnings == round)
    }
    #expect(tap.count == min(renderer.counted, tap.capacity))
    #expect(firstBreak(tap.samples().left) == nil)
  }

  @Test func `A second start is refused and the first plays on`() throws {
    let driver = try TimerDriver(period: 128)
    try driver.start(renderer.entry)
    let other = CountingRenderer()
    let error = #expect(throws: DriverError.self) { try driver.start(other.entry) }
    #expect(error?.lines.count == 3)
    let count = renderer.counted
    #expect(eventually { renderer.counted > count })
    #expect(other.blocks == 0)
  }

  @Test func `A driver that is dropped stops first`() throws {
    var driver: TimerDriver? = try TimerDriver(period: 64)
    try driver?.start(renderer.entry)
    #expect(eventually { renderer.blocks > 1 })
    driver = nil
    let blocks = renderer.blocks
    usleep(100_000)
    #expect(renderer.blocks == blocks)
  }

  @Test func `It is realtime, or says why it is not`() throws {
    let driver = try TimerDriver(period: 256)
    try driver.start(renderer.entry)
    #expect(eventually { renderer.blocks > 0 })
    let status = driver.status()
    #expect(status.realtime == (status.refusal == nil))
    driver.stop()
    let impossible = try TimerDriver(period: 256, priority: 100)
    try impossible.start(renderer.entry)
    #expect(eventually { impossible.status().refusal?.contains("100") == true })
    #expect(impossible.status().realtime == false)
    #expect(impossible.status().alive)
  }

  @Test(arguments: [-1, 0, 15, 8193, Int.max]) func `A period out of range is refused`(period: Int) {
    let error = #expect(throws: DriverError.self) { try TimerDriver(period: period) }
    #expect(error?.why.contains("16...8192") == true)
  }
}
