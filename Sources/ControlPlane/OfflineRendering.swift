import Media
import RealtimeEngine

/// One render on its way into a file.
struct OfflineRendering: ~Copyable {
  private let engine: Engine
  private let block: Int
  /// Where the right side begins in `samples`: the tail is rendered a grid block at a time, whatever the block.
  private let side: Int
  private var writer: AudioFileWriter
  private var meter: LoudnessMeter.Running
  private var samples: [Float]
  private var regionsStarted = 0
  private var quietFrames = 0

  /// Below −90 dBFS for half a second nothing more is to come.
  private static let silence: Float = 3.16e-5
  private static let quietSeconds = 0.5

  init(engine: Engine, path: String, block: Int) throws(MediaError) {
    let writer = try AudioFileWriter(path: path, sampleRate: Int(engine.sampleRate), channels: 2)
    let meter = try LoudnessMeter.Running(channels: 2, sampleRate: Int(engine.sampleRate))
    self.engine = engine
    self.block = block
    self.writer = writer
    self.meter = meter
    side = max(block, EngineLimits.gridFrames)
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
      engine.render(left, right, frames: frames)
      meter.add(left: left, right: right, frames: frames)
      var peak: Float = 0
      for index in 0..<frames { peak = max(peak, abs(left[index]), abs(right[index])) }
      quietFrames = peak < Self.silence ? quietFrames + frames : 0
      do throws(MediaError) { try writer.write(left: left, right: right, frames: frames) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    while let notice = engine.notices.pop() {
      if case .regionStarted = notice.kind { regionsStarted += 1 }
    }
  }

  consuming func finish() throws(MediaError) -> OfflineSession.Outcome {
    let report = engine.report.read()
    let outcome = OfflineSession.Outcome(
      frames: writer.framesWritten, sampleRate: engine.sampleRate, loudness: meter.result(),
      notesStarted: report.notesStarted, notesRefused: report.notesRefused, regionsStarted: regionsStarted,
      regionsRefused: report.regionsRefused, voicesStolen: report.voicesStolen)
    try writer.close()
    return outcome
  }
}
