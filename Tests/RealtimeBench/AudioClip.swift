import Foundation
import RealtimeEngine

/// Samples for audio regions, as the media library would keep them.
package final class AudioClip: @unchecked Sendable {
  // Unchecked: written only in `init`.
  package let frames: Int
  package let left: UnsafePointer<Float>
  package let right: UnsafePointer<Float>
  package let isMono: Bool
  private let memory: UnsafeMutablePointer<Float>

  package init(left: [Float], right: [Float]? = nil) {
    frames = left.count
    isMono = right == nil
    memory = .allocate(capacity: max(1, 2 * left.count))
    for (index, value) in left.enumerated() { memory[index] = value }
    for (index, value) in (right ?? left).enumerated() { memory[left.count + index] = value }
    self.left = UnsafePointer(memory)
    self.right = UnsafePointer(memory + left.count)
  }

  deinit { memory.deallocate() }

  /// Stereo, both sides alike: it passes a track at its defaults bit for bit.
  package static func stereo(_ samples: [Float]) -> AudioClip { AudioClip(left: samples, right: samples) }

  package static func constant(_ value: Float, frames: Int) -> AudioClip {
    stereo([Float](repeating: value, count: frames))
  }

  /// 1/1000, 2/1000, …: every frame tells where in the clip it lies.
  package static func staircase(frames: Int) -> AudioClip {
    stereo((0..<frames).map { Float($0 + 1) / 1_000_000 })
  }

  package static func sine(hertz: Double, frames: Int, amplitude: Double = 0.5) -> AudioClip {
    stereo((0..<frames).map { Float(amplitude * cosine(2 * .pi * hertz * Double($0) / 48_000 - .pi / 2)) })
  }
}

package func cosine(_ angle: Double) -> Double { cos(angle) }
package func decadic(_ value: Double) -> Double { log10(value) }

extension AudioClip {
  /// White noise, the same every time.
  package static func noise(_ frames: Int, amplitude: Float = 0.25) -> [Float] {
    var state: UInt32 = 1
    return (0..<frames).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return amplitude * (Float(state >> 8) / 8_388_608 - 1)
    }
  }
}

package func exponential(_ value: Double) -> Double { exp(value) }
