import Media
import MusicalTime
import RealtimeEngine

extension OfflineSession {
  /// Renders into files, which are there when it returns and not when it throws. `progress` is told from 0 to 1.
  package func render(
    to target: RenderTarget, progress: @escaping (Double) -> Void = { _ in }
  ) throws(Refusal) -> Outcome {
    // Stems are taken from the strips after each grid block, so nothing is made ahead for them.
    let threads = target.stems != nil ? 1 : wish.threads > 0 ? wish.threads : OfflineCrew.cores
    do { return try render(to: target, threads: threads, progress) } catch is MoreVoicesThanForeseen {
      // What several threads could not know of each other one does.
      do { return try render(to: target, threads: 1, progress) } catch { throw Self.refusal(error) }
    } catch { throw Self.refusal(error) }
  }

  /// Synths side by side have together exceeded the voice budget.
  private struct MoreVoicesThanForeseen: Error {}

  private static func refusal(_ error: any Error) -> Refusal {
    (error as? Refusal) ?? (error as? MediaError).map { Refusal(writing: $0) }
      ?? (error as? EngineError).map { Refusal($0) }
      ?? Refusal("render", .internalError, "the render failed", "\(error)", "garden doctor")
  }

  private func render(
    to target: RenderTarget, threads: Int, _ progress: @escaping (Double) -> Void
  ) throws -> Outcome {
    let tracks = stemsOfMix
    guard let loudness = target.loudness else {
      let files = try RenderFiles(target, tracks: tracks, sampleRate: wish.sampleRate)
      return try pass(into: files, 1, threads, progress)
    }
    guard target.stems == nil else {
      throw Refusal(
        "conflict", .usage, "stems have no loudness of their own to come to",
        "--lufs goes with -o, and --stems takes the tracks as they are in the mix",
        "two renders, one with each")
    }
    let files = try RenderFiles(target, tracks: tracks, sampleRate: wish.sampleRate)
    let measured = try pass(into: RenderFiles(), 1, threads) { progress($0 / 2) }
    let plan = try LoudnessPlan(measured.loudness, loudness)
    let gain = Float(decibels: plan.gainDB)
    var outcome = try pass(into: files, gain, threads) { progress(0.5 + $0 / 2) }
    outcome.plan = plan
    return outcome
  }

  /// What feeds the main bus: all of it together is the mix.
  private var stemsOfMix: [(name: String, slot: Int)] {
    let tracks = timeline.tracks.filter { timeline.route(of: $0.id).output == nil }
    let buses = timeline.buses.filter { timeline.route(of: $0.id).output == nil }
    return tracks.sorted { $0.slot < $1.slot }.map { (name: $0.name, slot: $0.slot) }
      + buses.sorted { $0.slot < $1.slot }
      .map { (name: $0.name, slot: EngineLimits.firstBusStrip + $0.slot) }
      + (wish.click ? [(name: "click", slot: StemFiles.click)] : [])
  }

  /// The tracks and buses that have no stem, with the bus that theirs is in.
  private var strayStems: [(name: String, bus: String)] {
    let strips = timeline.tracks.map { ($0.name, $0.id) } + timeline.buses.map { ($0.name, $0.id) }
    return strips.compactMap { name, id in
      timeline.route(of: id).output.flatMap { timeline.bus(id: $0) }.map { (name, $0.name) }
    }
  }

  /// The whole of it once.
  private func pass(
    into files: RenderFiles, _ gain: Float, _ threads: Int, _ progress: @escaping (Double) -> Void
  ) throws -> Outcome {
    let (from, to) = try range()
    let engine = try Engine(
      sampleRate: wish.sampleRate, voiceBudget: wish.voices, limiter: wish.limiter, ceilingDB: wish.ceilingDB)
    let banks = try feed(engine, from: from, threads: threads)
    defer { withExtendedLifetime(banks) {} }
    let reader = reader(engine)
    let rendering = try OfflineRendering(
      engine: engine, files: files, block: wish.block, gain: gain, reader: reader,
      crew: OfflineCrew(threads: reader == nil ? threads : 1),
      progress: progress)
    let frames = timeline.map.frame(atTick: to) - timeline.map.frame(atTick: from)
    rendering.dropLookAhead()
    try rendering.run(frames: frames, tail: wish.to == nil)
    if engine.hasExceededAhead { throw MoreVoicesThanForeseen() }
    var outcome = rendering.outcome()
    let stems = files.stems?.stems ?? []
    outcome.stems = stems.map {
      StemOutcome(track: $0.track, path: $0.file.path, peakDB: Double($0.peak).decibels.hundredths)
    }
    if files.stems != nil { outcome.inBuses = strayStems }
    try files.commit()
    return outcome
  }
}
