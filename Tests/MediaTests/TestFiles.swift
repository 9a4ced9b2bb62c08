import Foundation
import Media
import Testing

/// A folder that goes with its last reference.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/media-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
  }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
    return self(name)
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

func fixture(_ name: String) throws -> String {
  try #require(Bundle.module.path(forResource: "Fixtures/" + name, ofType: nil))
}

func bytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

extension FixedWidthInteger {
  var little: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
  var big: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}

/// A WAV file byte by byte. `tag` 1 is integer PCM, 3 is float; the claim replaces the true size of the data.
func wavBytes(
  rate: Int, channels: Int, bits: Int, tag: Int = 1, data: [UInt8], claimedDataBytes: Int? = nil
) -> [UInt8] {
  let block = channels * bits / 8
  var file = Array("RIFF".utf8) + UInt32(clamping: 36 + (claimedDataBytes ?? data.count)).little
  file += Array("WAVEfmt ".utf8) + UInt32(16).little + UInt16(tag).little + UInt16(channels).little
  file += UInt32(rate).little + UInt32(rate * block).little + UInt16(block).little + UInt16(bits).little
  file += Array("data".utf8) + UInt32(claimedDataBytes ?? data.count).little + data
  return file
}

func floatWAV(rate: Int, channels: Int, _ samples: [Float]) -> [UInt8] {
  wavBytes(rate: rate, channels: channels, bits: 32, tag: 3, data: samples.flatMap { $0.bitPattern.little })
}

func samples(_ start: UnsafePointer<Float>, _ buffer: AudioBuffer) -> [Float] {
  Array(UnsafeBufferPointer(start: start, count: Int(buffer.frames)))
}

/// What `body` refuses with; nil when it does not.
func refusal<Value>(_ body: () throws(MediaError) -> Value) -> MediaError? {
  do throws(MediaError) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

func loadRefusal(_ path: String, rate: Double = 48_000, limitBytes: Int = MediaLimits.maximumClipBytes)
  -> MediaError?
{
  refusal { () throws(MediaError) in
    try AudioFileReader.load(path: path, sampleRate: rate, limitBytes: limitBytes)
  }
}

extension AudioFileWriter {
  mutating func write(_ left: [Float], _ right: [Float]? = nil) throws(MediaError) {
    try write(left: left, right: right ?? left, frames: left.count)
  }
}

func sine(_ frequency: Double, rate: Double, frames: Int, amplitude: Double = 1, phase: Double = 0) -> [Float]
{
  (0..<frames).map { Float(amplitude * sin(2 * .pi * frequency * Double($0) / rate + phase)) }
}
