/// Sound that comes in parts, at the session's rate. What is there may be read while more is written behind it.
///
/// One ordinary thread writes. What `sound` answers may be read by any, the realtime thread included.
package final class GrowingSound {
  /// 1 or 2.
  package let channels: Int
  /// Hz, of the parts.
  package let fileRate: Int
  /// Frames that came, at the parts' rate.
  package private(set) var taken: Int64 = 0
  private let ratio: Double
  private let limit: Int
  private var memory: GrownMemory
  private var resampler: Resampler?

  /// - Parameters:
  ///   - fileRate: of `MediaLimits`' range, else it is refused.
  ///   - limitFrames: the most there may be, at the session's rate.
  package init(channels: Int, fileRate: Int, sampleRate: Double, limitFrames: Int) throws(MediaError) {
    try AudioFileReader.requireRate(Double(fileRate), path: "a part")
    try AudioFileReader.requireRate(sampleRate, path: "a part")
    self.channels = min(2, max(1, channels))
    self.fileRate = fileRate
    ratio = sampleRate / Double(fileRate)
    limit = max(1, limitFrames)
    memory = try GrownMemory(channels: self.channels, frames: min(limit, Self.firstFrames))
    if sampleRate != Double(fileRate) {
      resampler = try Resampler(
        from: Double(fileRate), to: sampleRate, channels: self.channels, path: "a part")
    }
  }

  private static let firstFrames = 1 << 18

  /// Appends samples; those that are no numbers or beyond all range become silence.
  ///
  /// - Parameters:
  ///   - right: not looked at where there is one channel.
  /// - Returns: false where there would be more than the limit: nothing is appended then.
  package func append(left: [Float], right: [Float]) throws(MediaError) -> Bool {
    let count = channels == 2 ? min(left.count, right.count) : left.count
    guard try makeRoom(for: count) else { return false }
    let sides = (left.map(Self.sound), channels == 2 ? right.map(Self.sound) : [])
    sides.0.withUnsafeBufferPointer { left in
      sides.1.withUnsafeBufferPointer { right in
        guard let first = left.baseAddress else { return }
        write(first, right.baseAddress ?? first, count)
      }
    }
    taken += Int64(count)
    return true
  }

  /// Likewise, of silence.
  package func appendSilence(_ count: Int) throws(MediaError) -> Bool {
    var rest = count
    guard try makeRoom(for: count) else { return false }
    while rest > 0 {
      let part = min(rest, 65_536)
      let silence = [Float](repeating: 0, count: part)
      guard try append(left: silence, right: silence) else { return false }
      rest -= part
    }
    return true
  }

  private func makeRoom(for count: Int) throws(MediaError) -> Bool {
    let wanted = Double(count) * ratio + 4096
    guard count >= 0, wanted < Double(limit) else { return false }
    guard memory.samples.room < Int(wanted) else { return true }
    let frames = memory.samples.frames
    guard frames + Int(wanted) <= limit else { return false }
    let larger = try GrownMemory(
      channels: channels, frames: min(limit, max(2 * frames, frames + Int(wanted))))
    larger.samples.append(left: memory.samples.left, right: memory.samples.right, frames: frames)
    memory = larger
    return true
  }

  private func write(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int) {
    let memory = memory
    if resampler == nil {
      memory.samples.append(left: left, right: right, frames: count)
    } else {
      resampler?.append(left: left, right: right, frames: count, to: &memory.samples)
    }
  }

  private static func sound(_ sample: Float) -> Float {
    abs(sample) <= MediaLimits.largestSample ? sample : 0
  }

  /// What is there now.
  package var sound: GrownSound {
    GrownSound(
      channels: channels, frames: Int64(memory.samples.frames), left: memory.samples.left,
      right: memory.samples.right, owner: memory)
  }
}

/// So much of a sound that grows as was there when it was asked for: never written again.
package struct GrownSound: @unchecked Sendable {
  // Unchecked: the samples below `frames` are written before it is made, and never after.
  /// 1 or 2.
  package let channels: Int
  package let frames: Int64
  package let left: UnsafePointer<Float>
  /// Equal to `left` when there is one channel.
  package let right: UnsafePointer<Float>
  /// Keeps the samples.
  package let owner: AnyObject

  package var bytes: Int { Int(frames) * channels * MemoryLayout<Float>.stride }
}

/// Holds samples for as long as anybody reads them.
private final class GrownMemory {
  var samples: SampleMemory

  init(channels: Int, frames: Int) throws(MediaError) {
    guard let samples = SampleMemory(channels: channels, frames: frames) else {
      throw MediaError(.noMemory, path: "a part", asked: "\(frames) frames of memory", found: "none")
    }
    self.samples = samples
  }
}
