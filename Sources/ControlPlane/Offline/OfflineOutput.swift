import Media
import RealtimeEngine
import Synchronization

/// Where a mix goes that is rendered: a loudness meter and a file. One thread at a time, which need not be the same.
final class OfflineOutput: @unchecked Sendable {
  // Unchecked: what was given is taken by the one thread that changes the stage, and given by no one before it is.
  private enum Stage {
    static let empty = 0
    static let given = 1
    static let beingTaken = 2
  }

  private let stage = Atomic(Stage.empty)
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

  /// Hands over some frames, which are left alone until `finish` has come back.
  func give(_ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, frames: Int) {
    pending = (left, right, frames)
    stage.store(Stage.given, ordering: .releasing)
  }

  /// Brings what was handed over to its level, measures and writes it. False when there is nothing, or another thread
  /// is at it.
  func take() -> Bool {
    guard stage.load(ordering: .relaxed) == Stage.given,
      stage.compareExchange(
        expected: Stage.given, desired: Stage.beingTaken, ordering: .acquiringAndReleasing
      ).exchanged
    else { return false }
    if let (left, right, frames) = pending { put(left, right, frames) }
    pending = nil
    stage.store(Stage.empty, ordering: .releasing)
    return true
  }

  private func put(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, _ frames: Int
  ) {
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

  /// Comes back when all that was handed over is taken; throws what failed.
  func finish() throws(MediaError) {
    _ = take()
    var waits = 0
    while stage.load(ordering: .acquiring) != Stage.empty { OfflineCrew.wait(&waits) }
    if let failure { throw failure }
  }

  var loudness: Loudness { meter.result() }
}
