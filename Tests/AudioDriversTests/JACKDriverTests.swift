import Glibc
import JACKBench
import Testing

@testable import AudioDrivers

/// A process belongs to one JACK server at a time, so nothing here runs beside anything else of it.
@Suite(
  .serialized,
  .enabled(if: JACKServer.obstacle == nil, Comment(rawValue: JACKServer.obstacle ?? ""))
)
struct JACKDriverTests {
  private let renderer = CountingRenderer(counting: false)

  /// A started driver, heard by a recorder, about to count.
  private func heard(
    _ server: JACKServer, autoconnect: Bool = false, tap: CaptureTap? = nil
  ) throws -> (JACKDriver, JACKRecorder) {
    let driver = try JACKDriver(serverName: server.name, autoconnect: autoconnect, tap: tap)
    try driver.start(renderer.entry)
    let recorder = try #require(JACKRecorder(server: server.name, capacity: 8_000_000))
    #expect(recorder.connect("chaosgarden:out_left", channel: 0))
    #expect(recorder.connect("chaosgarden:out_right", channel: 1))
    #expect(eventually { renderer.blocks > 5 })
    return (driver, recorder)
  }

  /// What a recorder heard from the first counted frame on.
  private func counted(_ recorder: JACKRecorder, channel: Int) -> ArraySlice<Float> {
    recorder.samples(channel: channel).drop { $0 == 0 }
  }

  @Test(arguments: [64, 256, 1024]) func `Another client hears every frame, in order`(period: Int) throws {
    let server = try JACKServer(period: period)
    let (driver, recorder) = try heard(server)
    // A server in time goes on without a client that a busy machine kept from its block.
    #expect(recorder.setFreewheeling(true))
    renderer.startCounting()
    #expect(eventually { counted(recorder, channel: 1).count > 20_000 })
    driver.stop()
    let left = counted(recorder, channel: 0).prefix(20_000)
    #expect(left.count == 20_000)
    #expect(firstBreak(left) == nil)
    #expect(firstBreak(counted(recorder, channel: 1).prefix(20_000), from: -1, step: -1) == nil)
    #expect(renderer.faults == 0)
    #expect(renderer.beginnings == 1)
    #expect(renderer.largest == period)
    #expect(driver.status().period == period)
  }

  @Test func `It connects to the first two physical outputs`() throws {
    let server = try JACKServer(outputs: 4)
    let (driver, recorder) = try heard(server, autoconnect: true)
    let left = recorder.connections(of: "chaosgarden:out_left")
    let right = recorder.connections(of: "chaosgarden:out_right")
    #expect(Set(left) == ["system:playback_1", "witness:in_left"])
    #expect(Set(right) == ["system:playback_2", "witness:in_right"])
    #expect(driver.status().device == "jackd '\(server.name)', 2 outputs connected")
  }

  @Test func `A single physical output hears both sides`() throws {
    let server = try JACKServer(outputs: 1)
    let (driver, recorder) = try heard(server, autoconnect: true)
    #expect(recorder.connections(of: "system:playback_1").count == 2)
    #expect(driver.status().device.hasSuffix("2 outputs connected"))
  }

  @Test func `Told not to, it connects nowhere, and has its ports`() throws {
    let server = try JACKServer()
    let driver = try JACKDriver(serverName: server.name, autoconnect: false)
    try driver.start(renderer.entry)
    let recorder = try #require(JACKRecorder(server: server.name))
    let names = ["out_left", "out_right", "cue_left", "cue_right", "click", "midi_in", "in_left", "in_right"]
    #expect(Set(recorder.ports("chaosgarden")) == Set(names.map { "chaosgarden:\($0)" }))
    #expect(recorder.connections(of: "chaosgarden:out_left").isEmpty)
    #expect(driver.status().device.hasSuffix("no output connected"))
    // Unheard, its time moves all the same.
    #expect(eventually { renderer.blocks > 5 })
  }

  @Test func `A taken name is told, not hidden`() throws {
    let server = try JACKServer()
    let first = try JACKDriver(serverName: server.name)
    let second = try JACKDriver(serverName: server.name)
    try first.start(renderer.entry)
    let other = CountingRenderer()
    try second.start(other.entry)
    #expect(first.status().device == "jackd '\(server.name)', 2 outputs connected")
    #expect(second.status().device.contains("as 'chaosgarden-01' (the name 'chaosgarden' was taken)"))
    #expect(eventually { other.blocks > 5 && renderer.blocks > 5 })
    second.stop()
    let blocks = renderer.blocks
    #expect(eventually { renderer.blocks > blocks })
  }

  @Test func `Period changes are survived without a frame lost`() throws {
    let server = try JACKServer(period: 256)
    let tap = try CaptureTap(capacity: 2_000_000)
    let (driver, recorder) = try heard(server, tap: tap)
    renderer.startCounting()
    for period in [1024, 64, 8192, 128] {
      #expect(recorder.setPeriod(period))
      #expect(eventually { driver.status().period == period })
      let count = renderer.counted
      #expect(eventually { renderer.counted > count + 2 * period })
    }
    driver.stop()
    #expect(driver.status().periodChanges == 4)
    #expect(renderer.largest == 8192)
    #expect(firstBreak(tap.samples().left.drop { $0 == 0 }) == nil)
    let left = counted(recorder, channel: 0)
    let end = left.firstIndex(of: 0) ?? left.endIndex
    #expect(firstBreak(left[..<end]) == nil)
    #expect(left[..<end].count > 16_384)
  }

  @Test func `A killed server is noticed, the stop returns, and a new server can be joined`() throws {
    let server = try JACKServer()
    let driver = try JACKDriver(serverName: server.name)
    try driver.start(renderer.entry)
    #expect(eventually { renderer.blocks > 5 })
    #expect(driver.status().alive)
    server.kill9()
    #expect(eventually(within: 2) { !driver.status().alive })
    #expect(driver.status().onShutdown)
    #expect(driver.status().shutdown?.isEmpty == false)
    driver.stop()
    let blocks = renderer.blocks
    driver.stop()
    #expect(throws: DriverError.self) { try driver.start(renderer.entry) }
    let successor = try JACKServer(name: server.name)
    #expect(renderer.blocks == blocks)
    try driver.start(renderer.entry)
    #expect(eventually { renderer.blocks > blocks + 5 })
    #expect(driver.status().alive)
    #expect(driver.status().onShutdown == false)
    driver.stop()
    successor.quit()
  }

  @Test func `A server that hangs is noticed, and does not keep the stop from returning`() throws {
    let server = try JACKServer()
    let driver = try JACKDriver(serverName: server.name)
    try driver.start(renderer.entry)
    #expect(eventually { renderer.blocks > 5 })
    server.freeze()
    #expect(eventually { !driver.status().alive })
    #expect(driver.status().shutdown?.hasPrefix("the server has not called for") == true)
    server.thaw()
    #expect(eventually { driver.status().alive })
    server.freeze()
    driver.stop()
    let blocks = renderer.blocks
    let error = #expect(throws: DriverError.self) { try driver.start(renderer.entry) }
    #expect(error?.why.contains("has not answered") == true)
    // It is asked by one thread at a time, however often somebody tries.
    var wishes = DriverWishes()
    wishes.serverName = server.name
    let again = #expect(throws: DriverError.self) { try DriverChoice.device("jack", wishes) }
    #expect(again?.why.hasPrefix("The one before has not answered") == true)
    server.thaw()
    usleep(200_000)
    #expect(renderer.blocks == blocks)
    #expect(eventually { DriverChoice.clientsOpen == 0 })
    try driver.start(renderer.entry)
    #expect(eventually { renderer.blocks > blocks + 5 })
  }

  @Test func `A driver that was never stopped outlives its server`() throws {
    let server = try JACKServer()
    var driver: JACKDriver? = try JACKDriver(serverName: server.name)
    try driver?.start(renderer.entry)
    server.quit()
    #expect(eventually { driver?.status().alive == false })
    driver = nil
    let blocks = renderer.blocks
    usleep(100_000)
    #expect(renderer.blocks == blocks)
  }

  @Test func `After the stop the renderer is not called again, and it can be started again`() throws {
    let server = try JACKServer(period: 64)
    let driver = try JACKDriver(serverName: server.name)
    for _ in 1...3 {
      let before = renderer.blocks
      try driver.start(renderer.entry)
      #expect(throws: DriverError.self) { try driver.start(renderer.entry) }
      #expect(eventually { renderer.blocks > before + 5 })
      driver.stop()
      let blocks = renderer.blocks
      usleep(50_000)
      #expect(renderer.blocks == blocks)
    }
    #expect(renderer.beginnings == 3)
    #expect(renderer.faults == 0)
  }

  @Test func `A freewheeling server makes nothing late`() throws {
    let server = try JACKServer()
    let (driver, recorder) = try heard(server)
    #expect(recorder.setFreewheeling(true))
    #expect(eventually { driver.status().freewheeling })
    renderer.startCounting()
    let count = renderer.counted
    #expect(eventually { renderer.counted > count + 100_000 })
    #expect(recorder.setFreewheeling(false))
    #expect(eventually { !driver.status().freewheeling })
    driver.stop()
    #expect(driver.status().lateBlocks == 0)
    #expect(firstBreak(counted(recorder, channel: 0).prefix(50_000)) == nil)
  }

  @Test(arguments: [true, false]) func `It is realtime, or says why it is not`(realtime: Bool) throws {
    let server = try JACKServer(realtime: realtime)
    let driver = try JACKDriver(serverName: server.name)
    try driver.start(renderer.entry)
    #expect(eventually { renderer.blocks > 5 })
    let status = driver.status()
    #expect(status.realtime == (status.refusal == nil))
    if !realtime { #expect(status.refusal == "the server itself runs without realtime scheduling") }
    #expect(status.name == "jack")
    #expect(status.sampleRate == 48_000)
  }
}
