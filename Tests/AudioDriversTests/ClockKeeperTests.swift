import CDrivers
import Glibc
import JACKBench
import RealtimeEngine
import Testing
import Threading

@testable import AudioDrivers

/// A device turned by hand, under a keeper: what a card or a server does, without either.
final class HandDevice: Device {
  let sampleRate: Double
  private let cycles: Cycles

  /// Unchecked: one thread of a test at a time.
  private final class Cycles: @unchecked Sendable { var now: Cycle? }

  init(sampleRate: Double = 48_000) {
    self.sampleRate = sampleRate
    cycles = Cycles()
  }

  func start(on baton: Baton) throws(DriverError) {
    cycles.now = try Cycle(baton, sampleRate: sampleRate)
  }

  func stop() { cycles.now?.close() }

  func status() -> DriverStatus {
    guard let cycle = cycles.now else {
      return DriverStatus(name: "hand", device: "", sampleRate: sampleRate)
    }
    return DriverStatus(name: "hand", device: "by hand", cycle: cycle, running: true)
  }

  /// One block; what is in the first channel.
  func turn(frames: Int) -> [Float] {
    guard let cycle = cycles.now else { return [] }
    var samples = [Float](repeating: .nan, count: frames)
    samples.withUnsafeMutableBufferPointer { buffer in
      var outputs: [UnsafeMutablePointer<Float>?] = [buffer.baseAddress, nil, nil, nil, nil]
      drv_cycle_run(cycle.pointer, &outputs, UInt32(frames))
    }
    return samples
  }

  func end() { drv_cycle_end(cycles.now!.pointer, "pulled") }
}

/// The baton between a keeper and a device turned by hand.
@Suite(.serialized) struct BatonTests {
  private let renderer = CountingRenderer()
  private let baton: Baton
  private let keeper: Keeper
  private let thread: OwnedThread

  init() throws {
    let baton = try Baton(renderer.entry, sampleRate: 48_000, isKept: true, tap: nil)
    let keeper = try Keeper(baton, period: 512)
    self.baton = baton
    self.keeper = keeper
    thread = try OwnedThread(name: "keeper") { keeper.run(priority: 70) }
  }

  private func end() {
    keeper.stop()
    thread.join()
    #expect(renderer.faults == 0)
  }

  /// Turns the device until it sounds: the silence before, and what came first.
  private func firstSound(_ device: HandDevice, block: Int = 64) -> ArraySlice<Float> {
    for _ in 0..<100_000 {
      let sound = device.turn(frames: block).drop { $0 == 0 }
      if !sound.isEmpty { return sound }
      usleep(200)
    }
    return []
  }

  @Test func `Without a device the timer plays, and the count is that of the clock`() {
    let start = now()
    let first = renderer.counted
    #expect(eventually { renderer.counted > first + 48_000 })
    // Read the clock after the count: the count may be one block ahead of it, and no more.
    let counted = renderer.counted
    #expect(Double(counted - first) <= (now() - start) * 48_000 + 1024)
    end()
  }

  @Test func `A device takes over in the middle of the count, and one thread renders at a time`() throws {
    let device = HandDevice()
    try device.start(on: baton)
    #expect(eventually { renderer.counted > 10_000 })
    let sound = firstSound(device)
    let first = try #require(sound.first)
    #expect(first > 10_000)
    #expect(firstBreak(sound, from: first) == nil)
    // From now on the device's blocks are the only ones.
    #expect(firstBreak(device.turn(frames: 256), from: first + Float(sound.count)) == nil)
    #expect(baton.figures.is_keeping == false)
    #expect(baton.figures.frames_off == 0)
    end()
  }

  @Test func `A device that does not call loses the baton within the watchdog, and the clock runs on`() throws
  {
    let device = HandDevice()
    try device.start(on: baton)
    _ = firstSound(device)
    let last = try #require(device.turn(frames: 64).last)
    let left = now()
    #expect(eventually { baton.figures.is_keeping })
    // Everything that the clock went on by meanwhile is made up, unheard.
    #expect(eventually { Double(renderer.counted) >= Double(last) + (now() - left) * 48_000 - 1024 })
    let sound = firstSound(device)
    let elapsed = now() - left
    let first = try #require(sound.first)
    #expect(Double(first) <= Double(last) + elapsed * 48_000 + 1024)
    let figures = baton.figures
    #expect(figures.losses == 1)
    #expect(figures.returns == 1)
    #expect(figures.frames_off == 0)
    #expect(figures.seconds_away >= DriverLimits.watchdogSeconds)
    #expect(figures.seconds_away <= elapsed + 0.1)
    end()
  }

  @Test func `A device that ends is not waited for`() throws {
    let device = HandDevice()
    try device.start(on: baton)
    _ = firstSound(device)
    device.end()
    #expect(eventually { baton.figures.is_keeping })
    #expect(baton.figures.losses == 1)
    #expect(device.status().shutdown == "pulled")
    end()
  }

  @Test func `A device that goes while its lost time is made up is lost, and back when it calls`() throws {
    let device = HandDevice()
    try device.start(on: baton)
    // A machine that is busy may keep us away for longer than the watchdog waits; then it is lost at once.
    for _ in 0..<20 {
      #expect(!firstSound(device).isEmpty)
      _ = device.turn(frames: 8192)
      let before = baton.figures
      usleep(300_000)
      for _ in 0..<4 { _ = device.turn(frames: 64) }
      let late = baton.figures
      guard late.resyncs == before.resyncs + 1, late.losses == before.losses else { continue }
      #expect(eventually { baton.figures.losses == before.losses + 1 })
      #expect(baton.figures.returns == before.returns)
      #expect(!firstSound(device).isEmpty)
      #expect(baton.figures.returns == before.returns + 1)
      #expect(baton.figures.seconds_away > 0)
      #expect(baton.figures.frames_off == 0)
      return end()
    }
    Issue.record("no loss of time in twenty")
    end()
  }

  @Test func `Another device follows where the first one left, at its own rate`() throws {
    let first = HandDevice()
    try first.start(on: baton)
    let heard = try #require(firstSound(first).last)
    first.stop()
    let second = HandDevice(sampleRate: 44_100)
    try second.start(on: baton)
    #expect(!firstSound(second).isEmpty)
    #expect(second.status().resampling)
    // A ramp resampled is a ramp: 48000/44100 counts a frame.
    _ = second.turn(frames: 256)
    let ramp = second.turn(frames: 1024)
    #expect(ramp[0] > heard)
    let step = Float(48_000.0 / 44_100)
    for frame in 1..<1024 { #expect(abs(ramp[frame] - ramp[frame - 1] - step) < 0.05) }
    #expect(abs(ramp[1023] - ramp[0] - step * 1023) < 0.5)
    end()
  }

  @Test func `A closed device plays silence and is not rendered for`() throws {
    let device = HandDevice()
    try device.start(on: baton)
    _ = firstSound(device)
    device.stop()
    #expect(device.turn(frames: 64).allSatisfy { $0 == 0 })
    #expect(eventually { baton.figures.is_keeping })
    let count = renderer.counted
    #expect(eventually { renderer.counted > count })
    end()
  }
}

extension JACKDriverTests {
  private func wishes(_ server: JACKServer) -> DriverWishes {
    var wishes = DriverWishes()
    wishes.serverName = server.name
    return wishes
  }

  private func isPlaying(_ keeper: ClockKeeper) -> Bool {
    keeper.status().name == "jack" && keeper.status().keeper?.isKeeping == false
  }

  @Test func `A server that hangs loses the baton, and has it again when it goes on`() throws {
    let server = try JACKServer()
    let keeper = try ClockKeeper("jack", wishes(server))
    let renderer = CountingRenderer()
    try keeper.start(renderer.entry)
    #expect(eventually { isPlaying(keeper) })
    for round in 1...3 {
      server.freeze()
      #expect(eventually { keeper.status().keeper?.isKeeping == true })
      server.thaw()
      #expect(eventually { keeper.status().keeper?.returns == UInt64(round) }, "round \(round)")
    }
    // The supervisor sees it a moment later.
    #expect(eventually { keeper.status().keeper?.away == nil })
    let status = try #require(keeper.status().keeper)
    #expect(status.worstFramesOff == 0)
    var events: [DeviceEvent] = []
    #expect(
      eventually {
        events += keeper.takeEvents()
        return events.count == 6
      })
    keeper.stop()
    #expect(renderer.faults == 0)
    for (index, event) in events.enumerated() {
      if case .lost = event { #expect(index % 2 == 0) } else { #expect(index % 2 == 1) }
    }
  }

  @Test func `The keeper moves between devices, and a refusal changes nothing`() throws {
    let server = try JACKServer()
    let keeper = try ClockKeeper("timer", wishes(server))
    let renderer = CountingRenderer()
    try keeper.start(renderer.entry)
    try keeper.use("jack", wishes(server))
    #expect(keeper.status().name == "jack")
    #expect(keeper.status().period == 256)
    var elsewhere = wishes(server)
    elsewhere.serverName = "nobody"
    #expect(throws: DriverError.self) { try keeper.use("jack", elsewhere) }
    #expect(eventually { isPlaying(keeper) })
    elsewhere.period = 9
    #expect(throws: DriverError.self) { try keeper.use("timer", elsewhere) }
    try keeper.use("timer", wishes(server))
    #expect(keeper.status().name == "timer")
    #expect(keeper.takeEvents().isEmpty)
    let count = renderer.counted
    #expect(eventually { renderer.counted > count })
    keeper.stop()
    #expect(renderer.faults == 0)
  }

  @Test(arguments: [("E", "It refused"), ("a", "It took the request and did nothing")])
  func `A jackd that lets no client connect itself is played through, and that is told once`(
    mode: String, answer: String
  ) throws {
    let server = try JACKServer(selfConnect: mode)
    let keeper = try ClockKeeper("jack", wishes(server))
    let renderer = CountingRenderer()
    try keeper.start(renderer.entry)
    #expect(eventually { isPlaying(keeper) })
    var told: [DriverError] = []
    func listen() {
      for case .unconnected(let error) in keeper.takeEvents() { told.append(error) }
    }
    #expect(
      eventually {
        listen()
        return !told.isEmpty
      })
    #expect(keeper.status().connected == 0)
    #expect(keeper.status().device == "jackd '\(server.name)', no output connected")
    let error = try #require(told.first)
    #expect(error.what.contains("chaosgarden:out_left to system:playback_1"))
    #expect(error.why.hasPrefix(answer))
    #expect(error.next.hasSuffix("jack_connect 'chaosgarden:out_left' 'system:playback_1'"))
    let hand = try #require(JACKRecorder(server: server.name, capacity: 1000))
    #expect(hand.connect(from: "chaosgarden:out_left", to: "system:playback_1"))
    #expect(eventually { keeper.status().connected == 1 })
    usleep(600_000)
    listen()
    #expect(told.count == 1)
    keeper.stop()
    #expect(renderer.faults == 0)
  }
}
