import Foundation
import LockFree

@testable import Capture

/// A history that is written by hand, and the thread's work without the thread.
final class Bench {
  let history: FrameHistory
  let folder: String
  private(set) var news: [CaptureNews] = []
  private(set) var work: CaptureWork!
  private var written = 0

  /// - Parameter pastMinutes: at 1000 frames a second, so that a minute is short.
  init(capacity: Int = 65_536, pastMinutes: Int = 0) throws {
    history = FrameHistory(capacity: capacity)
    folder = "/tmp/cg-capture-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    work = CaptureWork(
      CaptureDesk.Wishes(mix: history, sampleRate: 1000, pastMinutes: pastMinutes, folder: folder),
      tell: { [unowned self] in news.append($0) })
    work.begin()
  }

  deinit {
    history.deallocate()
    // What cannot be removed stays in the temporary folder.
    try? FileManager.default.removeItem(atPath: folder)
  }

  func file(_ name: String) -> String { "\(folder)/\(name)" }

  /// Plays `count` frames: the next numbers on the left, their negatives on the right; or silence.
  func play(_ count: Int, silent: Bool = false) {
    var done = 0
    while done < count {
      let portion = min(64, count - done)
      let left = (0..<portion).map { silent ? 0 : Float(written + $0 + 1) }
      history.write(left, left.map { -$0 }, frames: portion)
      written += portion
      done += portion
    }
  }

  func start(_ name: String, id: UInt64 = 1, replaces: Bool = false) -> Result<Captured, CaptureError>? {
    work.carryOut(
      .start(
        token: id,
        TakePlan(
          id: id, source: "mix", file: file(name), replaces: replaces, history: history,
          first: history.written)))
    guard case .started(_, let result)? = news.popLast() else { return nil }
    return result
  }

  func stop(_ id: UInt64 = 1) -> Result<Captured, CaptureError>? {
    work.carryOut(.stop(token: 1, id: id, until: history.written))
    guard case .stopped(_, let result)? = news.popLast() else { return nil }
    return result
  }

  /// The last frames, as they were saved.
  func save(_ frames: Int, _ name: String) -> Result<Captured, CaptureError>? {
    work.carryOut(
      .save(token: 7, id: 9, frames: frames, until: history.written, file: file(name), replaces: false))
    while work.isCopying { work.proceed() }
    guard case .saved(_, let result)? = news.popLast() else { return nil }
    return result
  }

  func takeNews() -> [CaptureNews] {
    defer { news = [] }
    return news
  }

  /// A file's bytes as floats, from `offset` on.
  func floats(_ name: String, from offset: Int = 0) throws -> [Float] {
    let data = try Data(contentsOf: URL(fileURLWithPath: file(name))).dropFirst(offset)
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }
}

/// A WAV file read by the letter of its chunks.
struct WaveReading {
  var form = ""
  var channels = 0
  var bits = 0
  var tag = 0
  var rate = 0
  var left: [Float] = []
  var right: [Float] = []

  init(_ path: String) throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    func number(_ place: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
    func word(_ place: Int) -> String { String(decoding: bytes[place..<place + 4], as: UTF8.self) }
    form = word(0)
    guard number(4, 4) + 8 <= bytes.count, word(8) == "WAVE" else { throw CocoaError(.fileReadCorruptFile) }
    var place = 12
    while place + 8 <= number(4, 4) + 8 {
      let size = number(place + 4, 4)
      switch word(place) {
      case "fmt ":
        (tag, channels) = (number(place + 8, 2), number(place + 10, 2))
        (rate, bits) = (number(place + 12, 4), number(place + 22, 2))
      case "data":
        for frame in 0..<size / 8 {
          left.append(Float(bitPattern: UInt32(number(place + 8 + 8 * frame, 4))))
          right.append(Float(bitPattern: UInt32(number(place + 12 + 8 * frame, 4))))
        }
      default: break
      }
      place += 8 + size
    }
  }
}
