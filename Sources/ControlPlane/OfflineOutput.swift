import Media
import RealtimeEngine

/// Where a mix goes that is rendered: a loudness meter and a file. One thread at a time, which need not be the same.
final class OfflineOutput: @unchecked Sendable {
  // Unchecked: the threads of a crew take turns, and the crew orders them.
  private let file: RenderFile?
  private let gain: Float
  private var meter: LoudnessMeter.Running
  private var failure: MediaError?
  private var pending: (left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>, frames: Int)?

  init(file: RenderFile?, gain: Float, sampleRate: Int) throws(MediaError) {
    meter = try LoudnessMeter.Running(channels: 2, sampleRate: sampleRate)
    self.file = file
    self.gain = gain
  }

  /// Hands over some frames, which are left alone until `take` has come back.
  func give(_ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, frames: Int) {
    pending = (left, right, frames)
  }

  /// Brings what was handed over to its level, measures and writes it, if that is still to be done.
  func take() {
    guard let (left, right, frames) = pending else { return }
    pending = nil
    if gain != 1 {
      for index in 0..<frames {
        left[index] *= gain
        right[index] *= gain
      }
    }
    meter.add(left: left, right: right, frames: frames)
    do throws(MediaError) { try file?.write(left: left, right: right, frames: frames) } catch {
      if failure == nil { failure = error }
    }
  }

  /// Throws what a `take` could not.
  func check() throws(MediaError) { if let failure { throw failure } }

  var loudness: Loudness { meter.result() }
}
