import Media
import MusicalTime
import RealtimeEngine

extension OfflineSession {
  /// Renders into files, which are there when it returns and not when it throws. `progress` is told from 0 to 1.
  package func render(
    to target: RenderTarget, progress: @escaping (Double) -> Void = { _ in }
  ) throws(Refusal) -> Outcome {
    do {
      let tracks =
        timeline.tracks.sorted { $0.slot < $1.slot }.map { (name: $0.name, slot: $0.slot) }
        + timeline.buses.sorted { $0.slot < $1.slot }
        .map { (name: $0.name, slot: EngineLimits.firstBusStrip + $0.slot) }
      guard let loudness = target.loudness else {
        return try pass(into: RenderFiles(target, tracks: tracks, sampleRate: wish.sampleRate), 1, progress)
      }
      guard target.stems == nil else {
        throw Refusal(
          "conflict", .usage, "stems have no loudness of their own to come to",
          "--lufs goes with -o, and --stems takes tracks before the master", "two renders, one with each")
      }
      let files = try RenderFiles(target, tracks: tracks, sampleRate: wish.sampleRate)
      let measured = try pass(into: RenderFiles(), 1) { progress($0 / 2) }
      let plan = try LoudnessPlan(measured.loudness, loudness)
      let gain = Float(decibels: plan.gainDB)
      var outcome = try pass(into: files, gain) { progress(0.5 + $0 / 2) }
      outcome.plan = plan
      return outcome
    } catch {
      throw (error as? Refusal) ?? (error as? MediaError).map { Refusal(writing: $0) }
        ?? (error as? EngineError).map { Refusal($0) }
        ?? Refusal("render", .internalError, "the render failed", "\(error)", "garden doctor")
    }
  }

  /// The whole of it once.
  private func pass(
    into files: RenderFiles, _ gain: Float, _ progress: @escaping (Double) -> Void
  ) throws -> Outcome {
    let (from, to) = try range()
    let engine = try Engine(
      sampleRate: wish.sampleRate, voiceBudget: wish.voices, limiter: wish.limiter, ceilingDB: wish.ceilingDB)
    let banks = try feed(engine, from: from)
    defer { withExtendedLifetime(banks) {} }
    var rendering = try OfflineRendering(
      engine: engine, files: files, block: wish.block, gain: gain, reader: reader(engine),
      progress: progress)
    let frames = timeline.map.frame(atTick: to) - timeline.map.frame(atTick: from)
    rendering.dropLookAhead()
    try rendering.run(frames: frames, tail: wish.to == nil)
    var outcome = rendering.outcome()
    let stems = files.stems?.stems ?? []
    outcome.stems = stems.map {
      StemOutcome(track: $0.track, path: $0.file.path, peakDB: Double($0.peak).decibels.hundredths)
    }
    try files.commit()
    return outcome
  }
}
