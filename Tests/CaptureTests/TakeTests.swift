import Foundation
import Glibc
import Testing

@testable import Capture

struct TakeTests {
  @Test func `A capture holds every sample from its start to its end, bit for bit`() throws {
    let bench = try Bench()
    bench.play(100)
    let started = try #require(bench.start("a.wav")).get()
    #expect(started.firstFrame == 100)
    for _ in 0..<10 {
      bench.play(777)
      bench.work.proceed()
    }
    bench.play(13)
    let captured = try #require(bench.stop()).get()
    #expect(captured.frames == 7783)
    #expect(captured.level.lostFrames == 0)
    #expect(captured.level.peak == 7883)
    let wave = try WaveReading(bench.file("a.wav"))
    #expect((wave.form, wave.tag, wave.channels) == ("RIFF", 3, 2))
    #expect((wave.bits, wave.rate) == (32, 1000))
    #expect(wave.left == (101...7883).map { Float($0) })
    #expect(wave.right == (101...7883).map { -Float($0) })
  }

  @Test func `A file that nobody closed is whole as of its last second`() throws {
    let bench = try Bench()
    _ = try #require(bench.start("a.wav")).get()
    bench.play(500)
    usleep(1_100_000)
    bench.work.proceed()
    // Written, and not yet told by the header.
    bench.play(300)
    bench.work.proceed()
    #expect(try WaveReading(bench.file("a.wav")).left == (1...500).map { Float($0) })
  }

  @Test func `What was too fast for the disk is counted, and silence stands in its place`() throws {
    let bench = try Bench(capacity: 1024)
    _ = try #require(bench.start("a.wav")).get()
    bench.play(64)
    bench.work.proceed()
    // 4096 frames into a history of 1024: the first 3072 of them are gone.
    bench.play(4096)
    let captured = try #require(bench.stop()).get()
    #expect(captured.frames == 4160)
    #expect(captured.level.lostFrames == 3072)
    let wave = try WaveReading(bench.file("a.wav"))
    #expect(wave.left[0..<64].elementsEqual((1...64).map { Float($0) }))
    #expect(wave.left[64..<3136].allSatisfy { $0 == 0 })
    #expect(wave.left[3136...].elementsEqual((3137...4160).map { Float($0) }))
  }

  @Test func `Silence is told as silence, and a single sample is not`() throws {
    let bench = try Bench()
    _ = try #require(bench.start("a.wav")).get()
    bench.play(1000, silent: true)
    #expect(try #require(bench.stop()).get().level.isSilent)
    _ = try #require(bench.start("b.wav")).get()
    bench.play(500, silent: true)
    bench.play(1)
    #expect(!(try #require(bench.stop()).get().level.isSilent))
  }

  @Test func `A file that is there is left alone, unless it may be overwritten`() throws {
    let bench = try Bench()
    try Data("mine".utf8).write(to: URL(fileURLWithPath: bench.file("a.wav")))
    let refused = bench.start("a.wav")
    #expect(throws: CaptureError.self) { try refused?.get() }
    #expect(try Data(contentsOf: URL(fileURLWithPath: bench.file("a.wav"))) == Data("mine".utf8))
    _ = try #require(bench.start("a.wav", replaces: true)).get()
    // One file has one writer.
    #expect(throws: CaptureError.self) { try bench.start("a.wav", id: 2, replaces: true)?.get() }
    bench.play(10)
    #expect(try #require(bench.stop()).get().frames == 10)
  }

  @Test func `What is no file is not written to`() throws {
    let bench = try Bench()
    try #require(mkfifo(bench.file("pipe"), 0o600) == 0)
    for name in ["pipe", ".", "nowhere/a.wav", "", String(repeating: "x", count: 5000)] {
      #expect(throws: CaptureError.self, "\(name.prefix(20))") {
        try bench.start(name, replaces: true)?.get()
      }
    }
    #expect(bench.work.status.captures.isEmpty)
  }

  @Test func `No more captures run than may`() throws {
    let bench = try Bench()
    for id in 1...UInt64(CaptureLimits.takes) { _ = try #require(bench.start("\(id).wav", id: id)).get() }
    #expect(throws: CaptureError.self) { try bench.start("more.wav", id: 99)?.get() }
    #expect(access(bench.file("more.wav"), F_OK) != 0)
  }

  @Test func `Beyond 4 GiB the header is that of an RF64`() {
    let frames: Int64 = 600_000_000
    let short = WaveFile.header(frames: 10, sampleRate: 48_000)
    let long = WaveFile.header(frames: frames, sampleRate: 48_000)
    #expect(short.count == Int(WaveFile.headerBytes) && long.count == short.count)
    #expect(String(decoding: short[0..<4] + short[12..<16], as: UTF8.self) == "RIFFJUNK")
    #expect(String(decoding: long[0..<4] + long[12..<16], as: UTF8.self) == "RF64ds64")
    func number(_ place: Int, _ count: Int) -> UInt64 {
      (0..<count).reduce(0) { $0 | UInt64(long[place + $1]) << UInt64(8 * $1) }
    }
    #expect(number(4, 4) == 0xFFFF_FFFF && number(88, 4) == 0xFFFF_FFFF)
    #expect(number(20, 8) == 4_800_000_084 && number(28, 8) == 4_800_000_000 && number(36, 8) == 600_000_000)
  }
}
