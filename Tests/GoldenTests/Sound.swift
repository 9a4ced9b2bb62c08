import Foundation

/// A stereo file as it lies on the disk, read without the library under test.
struct Sound: Equatable {
  /// Left, right, left, right, …
  let samples: [Float]
  let rate: Int

  var frames: Int { samples.count / 2 }

  /// A WAV file of 32 bit floats in two channels.
  init(wav path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    func number(_ offset: Int, _ bytes: Int) -> Int {
      (0..<bytes).reduce(0) { $0 | Int(data[offset + $1]) << (8 * $1) }
    }
    guard data.count >= 44, data.prefix(4).elementsEqual("RIFF".utf8) else {
      throw SoundError("\(path) is no WAV file")
    }
    var (offset, rate) = (12, 0)
    while offset + 8 <= data.count {
      let (name, length) = (String(decoding: data[offset..<offset + 4], as: UTF8.self), number(offset + 4, 4))
      if name == "fmt " {
        guard number(offset + 10, 2) == 2, number(offset + 22, 2) == 32 else {
          throw SoundError("\(path) is not stereo in 32 bits")
        }
        rate = number(offset + 12, 4)
      }
      if name == "data" {
        let bytes = data[(offset + 8)..<min(offset + 8 + length, data.count)]
        self.rate = rate
        samples = [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
          bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
          count = bytes.count / 4
        }
        return
      }
      offset += 8 + length + length % 2
    }
    throw SoundError("\(path) has no samples")
  }

  func left(_ frame: Int) -> Float { samples[2 * frame] }
  func right(_ frame: Int) -> Float { samples[2 * frame + 1] }

  /// The larger side.
  func level(_ frame: Int) -> Float { max(abs(samples[2 * frame]), abs(samples[2 * frame + 1])) }

  func peak(_ range: Range<Int>) -> Float {
    samples.withUnsafeBufferPointer { samples in
      var peak: Float = 0
      for index in (2 * range.lowerBound)..<(2 * min(range.upperBound, samples.count / 2)) {
        peak = max(peak, abs(samples[index]))
      }
      return peak
    }
  }

  func isSilent(_ range: Range<Int>) -> Bool { peak(range) == 0 }

  /// Where each of many separated sounds begins. FluidSynth lets a voice's level rise over 64 frames from nothing, so
  /// the first frame of a note is 0 and it begins one frame before the first one that is not.
  func onsets(gap: Int, above floor: Float = 1e-6) -> [Int] {
    var found: [Int] = []
    var quiet = gap
    samples.withUnsafeBufferPointer { samples in
      for frame in 0..<(samples.count / 2) {
        if abs(samples[2 * frame]) > floor || abs(samples[2 * frame + 1]) > floor {
          if quiet >= gap { found.append(frame - 1) }
          quiet = 0
        } else {
          quiet += 1
        }
      }
    }
    return found
  }
}

struct SoundError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

func decibels(_ amplitude: Double) -> Double { 20 * log10(max(amplitude, 1e-30)) }
