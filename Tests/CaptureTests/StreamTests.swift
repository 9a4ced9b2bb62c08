import Foundation
import Testing

@testable import Capture

struct StreamTests {
  private func open(_ bench: Bench, channels: Int = 2, chunk: Int64 = 4096) throws -> StreamStatus {
    try Data().write(to: URL(fileURLWithPath: bench.file("0")))
    bench.work.carryOut(
      .openStream(
        token: 1,
        StreamPlan(
          uri: "stream://a", history: bench.history, first: bench.history.written, channels: channels,
          chunkBytes: chunk, path: bench.file("0"))))
    guard case .stream(_, let result)? = bench.takeNews().last else { throw CocoaError(.featureUnsupported) }
    return try result.get()
  }

  /// The next chunk; and those that are full, before or by it.
  @discardableResult
  private func change(_ bench: Bench, to name: String) throws -> (status: StreamStatus, full: [String]) {
    try Data().write(to: URL(fileURLWithPath: bench.file(name)))
    bench.work.carryOut(.switchChunk(token: 1, uri: "stream://a", path: bench.file(name)))
    var full: [String] = []
    for news in bench.takeNews() {
      switch news {
      case .chunkFull(let status, let path, let bytes, let samples):
        #expect((bytes, samples) == (4096, 1024))
        #expect(status.uri == "stream://a")
        full.append(path)
      case .stream(_, let result): return (try result.get(), full)
      default: break
      }
    }
    throw CocoaError(.featureUnsupported)
  }

  private func close(_ bench: Bench) throws -> StreamStatus {
    bench.work.carryOut(.closeStream(token: 1, uri: "stream://a", until: bench.history.written))
    guard case .stream(_, let result)? = bench.takeNews().last else { throw CocoaError(.featureUnsupported) }
    return try result.get()
  }

  /// Frames 1, 2, 3 … as they lie in a file.
  private func interleaved(_ range: ClosedRange<Int>) -> [Float] {
    range.flatMap { [Float($0), -Float($0)] }
  }

  @Test func `No sample is missing from one chunk to the next, however late that comes`() throws {
    let bench = try Bench()
    _ = try open(bench)
    var full: [String] = []
    // 512 frames fit into a chunk; the next one comes hundreds of frames too late, each time.
    for number in 1...4 {
      bench.play(700)
      bench.work.proceed()
      full += try change(bench, to: "\(number)").full
    }
    let status = try close(bench)
    #expect(full == (0...4).map { bench.file("\($0)") })
    var heard: [Float] = []
    for name in 0...3 { heard += try bench.floats("\(name)") }
    #expect(heard == interleaved(1...2048))
    // What fits into the fifth, and zeros behind it: it keeps its size.
    let last = try bench.floats("4")
    #expect(last.count == 1024)
    #expect(Array(last[..<1024]) == interleaved(2049...2560))
    #expect(status.samples + status.discarded == 2 * 2800)
    #expect(status.discarded == 2 * (2800 - 2560))
  }

  @Test func `What waits for a chunk for too long is discarded, and counted`() throws {
    let bench = try Bench(capacity: 1024)
    _ = try open(bench)
    bench.play(512)
    bench.work.proceed()
    #expect(bench.takeNews().contains { if case .chunkFull = $0 { true } else { false } })
    // 3000 more while there is no chunk: the history keeps 1024.
    bench.play(3000)
    bench.work.proceed()
    let status = try change(bench, to: "1").status
    #expect(status.discarded == 2 * (3000 - 1024))
    #expect(try bench.floats("1") == interleaved(2489...3000))
    let end = try close(bench)
    #expect(end.samples + end.discarded == 2 * 3512)
  }

  @Test func `A stream of one channel is the mean of both`() throws {
    let bench = try Bench()
    _ = try open(bench, channels: 1)
    bench.play(1024)
    bench.work.proceed()
    // Each right sample is the negative of the left one.
    #expect(try bench.floats("0") == Array(repeating: 0, count: 1024))
    #expect(try close(bench).samples == 1024)
  }

  @Test func `A chunk that is not there, a size that is none and a second start change nothing`() throws {
    let bench = try Bench()
    for (path, bytes) in [("missing", 4096), ("there", 100), (".", 4096)] as [(String, Int64)] {
      try Data().write(to: URL(fileURLWithPath: bench.file("there")))
      bench.work.carryOut(
        .openStream(
          token: 1,
          StreamPlan(
            uri: "stream://b", history: bench.history, first: 0, channels: 2, chunkBytes: bytes,
            path: bench.file(path))))
      guard case .stream(_, .failure(let error))? = bench.takeNews().last else {
        Issue.record("\(path) was taken")
        continue
      }
      #expect(error.lines[0] == "failed to open initial chunk for stream stream://b")
    }
    #expect(bench.work.status.streams.isEmpty)
    _ = try open(bench)
    #expect(throws: CaptureError.self) { try open(bench) }
    bench.play(100)
    // The chunk before is still written when the next is not there.
    bench.work.carryOut(.switchChunk(token: 1, uri: "stream://a", path: bench.file("missing")))
    let end = try close(bench)
    #expect((end.samples, end.discarded) == (200, 0))
    #expect(throws: CaptureError.self) { try close(bench) }
  }
}
