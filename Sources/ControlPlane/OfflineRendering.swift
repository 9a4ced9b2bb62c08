import Media
import RealtimeEngine

/// One render on its way: measured, and into the files that are wanted.
struct OfflineRendering: ~Copyable {
  private let engine: Engine
  private let block: Int
  /// Reads what streams; asked before every grid block, which nothing outruns.
  private let reader: StreamService?
  /// Where the right side begins in `samples`: the tail is rendered a grid block at a time, whatever the block.
  private let side: Int
  private let files: RenderFiles
  private let gain: Float
  private let progress: (Double) -> Void
  private var meter: LoudnessMeter.Running
  private var samples: [Float]
  private var regionsStarted = 0
  private var quietFrames = 0
  private var framesRendered: Int64 = 0

  /// Below −90 dBFS for half a second nothing more is to come.
  private static let silence: Float = 3.16e-5
  private static let quietSeconds = 0.5

  /// `gain` is applied to the mix; stems are taken before it. `reader` where something streams.
  init(
    engine: Engine, files: RenderFiles, block: Int, gain: Float = 1, reader: StreamService? = nil,
    progress: @escaping (Double) -> Void
  ) throws(MediaError) {
    meter = try LoudnessMeter.Running(channels: 2, sampleRate: Int(engine.sampleRate))
    self.engine = engine
    self.files = files
    self.gain = gain
    self.reader = reader
    self.progress = progress
    // Stems are taken from the strips, which hold a grid block; streams are read before each.
    self.block = files.stems == nil && reader == nil ? block : EngineLimits.gridFrames
    side = max(self.block, EngineLimits.gridFrames)
    samples = [Float](repeating: 0, count: 2 * side)
  }

  /// Leaves out the silence that the limiter gives back first: what lands now is heard in the first frame that is kept.
  mutating func dropLookAhead() {
    samples.withUnsafeMutableBufferPointer { buffer in
      guard let left = buffer.baseAddress else { return }
      engine.render(left, left + side, frames: engine.lookAheadFrames)
    }
  }

  /// Renders `frames`, and then the tails until they are silent.
  mutating func run(frames: Int64, tail: Bool) throws(MediaError) {
    var left = frames
    while left > 0 {
      try render(Int(min(left, Int64(block))))
      left -= Int64(block)
      progress(Double(framesRendered) / Double(frames))
    }
    guard tail else { return }
    // The tail ends on a whole number of grid blocks, so that its length does not depend on the block either.
    var tailLeft = Int64(ControlLimits.tailSeconds * engine.sampleRate)
    quietFrames = 0
    while tailLeft > 0, Double(quietFrames) < Self.quietSeconds * engine.sampleRate {
      try render(EngineLimits.gridFrames)
      tailLeft -= Int64(EngineLimits.gridFrames)
    }
  }

  private mutating func render(_ frames: Int) throws(MediaError) {
    let side = side
    var failure: MediaError?
    samples.withUnsafeMutableBufferPointer { buffer in
      guard let left = buffer.baseAddress else { return }
      let right = left + side
      // The strips are a grid block ahead of the limiter: they still hold what is heard now.
      do throws(MediaError) { try files.stems?.take(from: engine, frames: frames) } catch { failure = error }
      if let reader { while reader.turn() {} }
      engine.render(left, right, frames: frames)
      if gain != 1 {
        for index in 0..<frames {
          left[index] *= gain
          right[index] *= gain
        }
      }
      meter.add(left: left, right: right, frames: frames)
      var peak: Float = 0
      for index in 0..<frames { peak = max(peak, abs(left[index]), abs(right[index])) }
      quietFrames = peak < Self.silence * gain ? quietFrames + frames : 0
      do throws(MediaError) { try files.mix?.write(left: left, right: right, frames: frames) } catch {
        failure = error
      }
    }
    framesRendered += Int64(frames)
    if let failure { throw failure }
    while let notice = engine.notices.pop() {
      if case .regionStarted = notice.kind { regionsStarted += 1 }
    }
  }

  /// What it came to so far.
  borrowing func outcome() -> OfflineSession.Outcome {
    let report = engine.report.read()
    return OfflineSession.Outcome(
      frames: framesRendered, sampleRate: engine.sampleRate, loudness: meter.result(),
      notesStarted: report.notesStarted, notesRefused: report.notesRefused, regionsStarted: regionsStarted,
      regionsRefused: report.regionsRefused, voicesStolen: report.voicesStolen)
  }
}
