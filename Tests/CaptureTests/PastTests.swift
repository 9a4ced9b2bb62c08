import Foundation
import Testing

@testable import Capture

struct PastTests {
  @Test func `The last frames are saved, the newest of them in memory still`() throws {
    let bench = try Bench(pastMinutes: 1)
    bench.play(10_000)
    let captured = try #require(bench.save(5000, "a.wav")).get()
    #expect((captured.frames, captured.firstFrame) == (5000, 5000))
    #expect(try WaveReading(bench.file("a.wav")).left == (5001...10_000).map { Float($0) })
  }

  @Test func `Fewer are saved when there are fewer`() throws {
    let bench = try Bench(pastMinutes: 1)
    bench.play(300)
    let captured = try #require(bench.save(5000, "a.wav")).get()
    #expect((captured.frames, captured.firstFrame) == (300, 0))
  }

  @Test func `The ring goes around and keeps what it promises`() throws {
    // A minute is 60,000 frames at this rate, and the ring has room for 90,000 and some.
    let bench = try Bench(pastMinutes: 1)
    for _ in 0..<8 {
      bench.play(40_000)
      bench.work.proceed()
    }
    #expect(bench.work.status.past.frames == 60_000)
    let captured = try #require(bench.save(100_000, "a.wav")).get()
    #expect((captured.frames, captured.level.lostFrames) == (60_000, 0))
    #expect(try WaveReading(bench.file("a.wav")).left == (260_001...320_000).map { Float($0) })
  }

  @Test func `Silence is saved as silence, between the sounds`() throws {
    let bench = try Bench(pastMinutes: 1)
    bench.play(2000)
    bench.play(20_000, silent: true)
    bench.play(2000)
    let captured = try #require(bench.save(24_000, "a.wav")).get()
    #expect(!captured.level.isSilent)
    let left = try WaveReading(bench.file("a.wav")).left
    #expect(left[0..<2000].elementsEqual((1...2000).map { Float($0) }))
    #expect(left[2000..<22_000].allSatisfy { $0 == 0 })
    #expect(left[22_000...].elementsEqual((22_001...24_000).map { Float($0) }))
    #expect(try #require(bench.save(1000, "b.wav")).get().level.peak == 24_000)
  }

  @Test func `What the past has missed is counted`() throws {
    let bench = try Bench(capacity: 4096, pastMinutes: 1)
    bench.play(20_000)
    bench.work.proceed()
    #expect(bench.work.status.past.lostFrames == 20_000 - 4096)
    let captured = try #require(bench.save(20_000, "a.wav")).get()
    #expect(captured.frames == 20_000)
    #expect(captured.level.lostFrames == 20_000 - 4096)
  }

  @Test func `Nothing played and nothing kept are refused, and leave no file`() throws {
    let bench = try Bench(pastMinutes: 1)
    #expect(throws: CaptureError.self) { try bench.save(100, "a.wav")?.get() }
    let without = try Bench()
    without.play(100)
    #expect(throws: CaptureError.self) { try without.save(100, "a.wav")?.get() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder).isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: without.folder).isEmpty)
  }
}
