import Foundation
import MIDI
import Media

/// Files that tests play.
enum Material {
  /// A note with its place and length in ticks.
  struct Note {
    var tick: Int64
    var length: Int64
    var key: UInt8
    var channel: UInt8 = 0
  }

  static func midi(
    _ notes: [Note], program: UInt8? = nil, tempos: [(tick: Int64, microseconds: Int)] = [],
    lengthTicks: Int64
  ) -> [UInt8] {
    var track: [(tick: Int64, order: Int, bytes: [UInt8])] = []
    if let program { track.append((0, 0, [0xC0, program])) }
    for tempo in tempos {
      let value = tempo.microseconds
      let bytes = [16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
      track.append((tempo.tick, 0, [0xFF, 0x51, 3] + bytes))
    }
    for note in notes {
      track.append((note.tick, 2, [0x90 | note.channel, note.key, 100]))
      track.append((note.tick + note.length, 1, [0x80 | note.channel, note.key, 64]))
    }
    track.append((lengthTicks, 3, [0xFF, 0x2F, 0]))
    var body: [UInt8] = []
    var now: Int64 = 0
    for event in track.sorted(by: { ($0.tick, $0.order) < ($1.tick, $1.order) }) {
      body += variable(event.tick - now) + event.bytes
      now = event.tick
    }
    return header(division: 960) + chunk("MTrk", body)
  }

  static func header(division: Int, tracks: Int = 1) -> [UInt8] {
    chunk("MThd", [0, tracks > 1 ? 1 : 0, 0, UInt8(tracks), UInt8(division >> 8), UInt8(division & 255)])
  }

  static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    Array(name.utf8) + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: body.count >> $0) } + body
  }

  private static func variable(_ value: Int64) -> [UInt8] {
    var bytes = [UInt8(value & 0x7F)]
    var rest = value >> 7
    while rest > 0 {
      bytes.insert(UInt8(rest & 0x7F | 0x80), at: 0)
      rest >>= 7
    }
    return bytes
  }

  /// A stereo file of 32 bit floats.
  static func wav(_ path: String, rate: Int = 48_000, frames: Int, _ sample: (Int) -> Float) throws {
    var writer = try AudioFileWriter(path: path, sampleRate: rate, channels: 2, format: .float32)
    let samples = (0..<frames).map(sample)
    try samples.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { try writer.write(left: base, right: base, frames: frames) }
    }
    try writer.close()
  }

  /// Noise whose first sample is far from 0, the same on every run.
  static func noise(_ path: String, frames: Int, rate: Int = 48_000) throws {
    var state: UInt32 = 1
    try wav(path, rate: rate, frames: frames) { index in
      state = state &* 1_664_525 &+ 1_013_904_223
      return index == 0 ? 0.25 : Float(Int32(bitPattern: state)) / Float(Int32.max) * 0.25
    }
  }

  /// The samples of a file, left and right.
  static func samples(_ path: String, rate: Double = 48_000) throws -> (left: [Float], right: [Float]) {
    let buffer = try AudioFileReader.load(path: path, sampleRate: rate)
    let count = Int(buffer.frames)
    return (
      Array(UnsafeBufferPointer(start: buffer.left, count: count)),
      Array(UnsafeBufferPointer(start: buffer.right, count: count))
    )
  }
}
