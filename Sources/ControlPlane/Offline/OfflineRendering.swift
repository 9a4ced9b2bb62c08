import Media
import RealtimeEngine

/// One render on its way: measured, and into the files that are wanted. While a stretch is rendered the one before
/// it is measured and written.
final class OfflineRendering {
  private let engine: Engine
  private let crew: OfflineCrew
  /// Reads what streams; asked before every grid block, which nothing outruns.
  private let reader: StreamService?
  private let files: RenderFiles
  private let output: OfflineOutput
  private let progress: (Double) -> Void
  private let block: Int
  /// Two stereo buffers by turns: one is filled while the other is written.
  private let samples: [UnsafeMutablePointer<Float>]
  /// Where the right side begins: the tail is rendered a grid block at a time, whatever the block.
  private let side: Int
  private var turn = 0
  private var regionsStarted = 0
  private var quietFrames = 0
  private var framesRendered: Int64 = 0

  /// Below −90 dBFS for half a second nothing more is to come.
  private static let silence: Float = 3.16e-5
  private static let quietSeconds = 0.5

  /// `gain` is applied to the mix; stems are taken before it. `block` counts for one thread; more take what they
  /// can do side by side. `reader` where something streams, and then the crew is one thread.
  init(
    engine: Engine, files: RenderFiles, block: Int, gain: Float = 1, reader: StreamService? = nil,
    crew: OfflineCrew,
    progress: @escaping (Double) -> Void
  ) throws(MediaError) {
    output = try OfflineOutput(file: files.mix, gain: gain, sampleRate: Int(engine.sampleRate))
    self.engine = engine
    self.files = files
    self.crew = crew
    self.reader = reader
    self.progress = progress
    // Stems are taken from the strips, which hold a grid block; streams are read before each.
    let alone = files.stems == nil && reader == nil ? block : EngineLimits.gridFrames
    self.block = crew.isAlone ? alone : EngineLimits.aheadBlocks * EngineLimits.gridFrames
    side = max(self.block, EngineLimits.gridFrames)
    samples = [.allocate(capacity: 2 * side), .allocate(capacity: 2 * side)]
    for buffer in samples { buffer.initialize(repeating: 0, count: 2 * side) }
  }

  deinit {
    for buffer in samples { buffer.deallocate() }
  }

  /// Leaves out the silence that the limiter gives back first: what lands now is heard in the first frame that is kept.
  func dropLookAhead() {
    if let reader { while reader.turn() {} }
    engine.render(samples[0], samples[0] + side, frames: engine.lookAheadFrames)
  }

  /// Renders `frames`, and then the tails until they are silent.
  func run(frames: Int64, tail: Bool) throws(MediaError) {
    var left = frames
    while left > 0 {
      try render(Int(min(left, Int64(block))))
      left -= Int64(block)
      progress(Double(framesRendered) / Double(frames))
    }
    if tail {
      // The tail ends on a whole number of grid blocks, so that its length does not depend on the block
      // either.
      var tailLeft = Int64(ControlLimits.tailSeconds * engine.sampleRate)
      quietFrames = 0
      while tailLeft > 0, Double(quietFrames) < Self.quietSeconds * engine.sampleRate {
        try render(EngineLimits.gridFrames, listens: true)
        tailLeft -= Int64(EngineLimits.gridFrames)
      }
    }
    try output.finish()
  }

  private func listen(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, _ frames: Int
  ) {
    var peak: Float = 0
    for index in 0..<frames { peak = max(peak, abs(left[index]), abs(right[index])) }
    quietFrames = peak < Self.silence ? quietFrames + frames : 0
  }

  /// The crew's threads measure and write the stretch before, too.
  private var helpers: AheadCrew {
    AheadCrew(
      threads: crew.count, start: { [crew, output] work in crew.start { output.take() ? .did : work() } },
      pause: OfflineCrew.wait)
  }

  private func render(_ frames: Int, listens: Bool = false) throws(MediaError) {
    let left = samples[turn]
    let right = left + side
    turn = 1 - turn
    // The strips are a grid block ahead of the limiter: they still hold what is heard now.
    try files.stems?.take(from: engine, frames: frames)
    if let reader { while reader.turn() {} }
    if crew.isAlone {
      engine.render(left, right, frames: frames)
    } else {
      engine.renderAhead(left, right, frames: frames, crew: helpers)
    }
    try output.finish()
    if listens { listen(left, right, frames) }
    output.give(left, right, frames: frames)
    // While the events of the next stretch are handed out.
    if !crew.isAlone { crew.start { [output] in output.take() ? .did : .over } }
    framesRendered += Int64(frames)
    while let notice = engine.notices.pop() {
      if case .regionStarted = notice.kind { regionsStarted += 1 }
    }
  }

  /// What it came to so far.
  func outcome() -> OfflineSession.Outcome {
    let report = engine.report.read()
    return OfflineSession.Outcome(
      frames: framesRendered, sampleRate: engine.sampleRate, loudness: output.loudness,
      notesStarted: report.notesStarted, notesRefused: report.notesRefused, regionsStarted: regionsStarted,
      regionsRefused: report.regionsRefused, voicesStolen: report.voicesStolen)
  }
}
