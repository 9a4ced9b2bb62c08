import MusicalTime

extension Timeline {
  /// Refuses a region that cannot be on this timeline: its name, its track, its numbers, what it plays of its clip, and
  /// its place, in this order. Every number is checked before anything is computed from it.
  func check(_ region: Region, _ clip: Clip) throws(ArrangementError) {
    try checkMaterial(region, clip)
    guard region.start >= 0, region.length > 0, region.start <= TimeLimits.maximumTick,
      region.length <= TimeLimits.maximumTick - region.start
    else {
      throw ArrangementError(
        .outOfRange, "\(region.name) does not fit on the timeline",
        "it would last from tick \(region.start) for \(region.length) ticks, and the last tick is "
          + "\(TimeLimits.maximumTick)", "garden help positions")
    }
  }

  /// All of `check` but the place. What passes has a natural length.
  func checkMaterial(_ region: Region, _ clip: Clip) throws(ArrangementError) {
    _ = try checkedName(region.name, for: "region")
    guard track(id: region.track) != nil else {
      throw ArrangementError(
        .unknownTrack, "\(region.name) was not placed", "its track is not in this session", "garden track ls")
    }
    try clip.check()
    try region.checkNumbers()
    guard (0...TimeLimits.maximumTick).contains(region.start) else {
      throw ArrangementError(
        .outOfRange, "\(region.name) does not fit on the timeline",
        "it would start at tick \(region.start), and the last tick is \(TimeLimits.maximumTick)",
        "garden help positions")
    }
    let isInside =
      clip.kind == .midi
      ? (0..<max(1, clip.lengthTicks)).contains(region.offsetTicks)
      : region.offsetSeconds * clip.sampleRate < Double(clip.frames)
    guard isInside else {
      let length =
        clip.kind == .midi
        ? "\(Double(clip.lengthTicks) / Double(ticksPerBeat)) beats"
        : "\(Double(clip.frames) / clip.sampleRate) s"
      throw ArrangementError(
        .outOfRange, "the offset lies outside \(clip.fileName)", "the clip is \(length) long",
        "garden clip show \(clip.fileName.shellWord)")
    }
  }
}

extension Region {
  func checkNumbers() throws(ArrangementError) {
    try check(gainDB, "gain in dB", ArrangementLimits.gainDB)
    try check(fadeInSeconds, "fade-in in seconds", 0...ArrangementLimits.maximumFadeSeconds)
    try check(fadeOutSeconds, "fade-out in seconds", 0...ArrangementLimits.maximumFadeSeconds)
    try check(velocityScale, "velocity scale", ArrangementLimits.velocityScale)
    try check(loops, "loop count", ArrangementLimits.loops)
    try check(transpose, "transposition in semitones", ArrangementLimits.transpose)
    try check(channel ?? 1, "channel", ArrangementLimits.channels)
    try check(bank ?? 0, "bank", ArrangementLimits.banks)
    try check(program ?? 0, "program", ArrangementLimits.programs)
    try check(offsetTicks, "offset in ticks", 0...TimeLimits.maximumTick)
    try check(offsetSeconds, "offset in seconds", 0...Double(ArrangementLimits.clipFrames))
    let longest = ArrangementLimits.clipFrames * Int64(ArrangementLimits.loops.upperBound)
    try check(skipTicks, "skipped ticks", 0...longest)
    try check(skipFrames, "skipped frames", 0...longest)
    try automation?.check(of: name)
  }

  private func check<Number: Comparable>(
    _ number: Number, _ what: String, _ range: ClosedRange<Number>
  ) throws(ArrangementError) {
    try checkNumber(number, what, range, of: name, "garden region show \(name.shellWord)")
  }
}

extension Clip {
  func check() throws(ArrangementError) {
    let next = "garden clip show \(fileName.shellWord)"
    try checkNumber(lengthTicks, "length in ticks", 0...TimeLimits.maximumTick, of: fileName, next)
    try checkNumber(frames, "length in frames", 0...ArrangementLimits.clipFrames, of: fileName, next)
    let rates = TimeLimits.minimumSampleRate...TimeLimits.maximumSampleRate
    guard kind == .audio else { return }
    try checkNumber(sampleRate, "sample rate in Hz", rates, of: fileName, next)
  }
}

extension Track {
  func check() throws(ArrangementError) {
    _ = try checkedName(name, for: "track")
    let next = "garden track ls"
    try checkNumber(gainDB, "gain in dB", ArrangementLimits.gainDB, of: name, next)
    try checkNumber(pan, "pan", ArrangementLimits.pan, of: name, next)
    try checkNumber(polyphony, "polyphony", ArrangementLimits.polyphony, of: name, next)
    try automation?.check(of: name)
  }
}

/// Refuses a number outside its range, NaN too.
func checkNumber<Number: Comparable>(
  _ number: Number, _ what: String, _ range: ClosedRange<Number>, of name: String, _ next: String
) throws(ArrangementError) {
  guard range.contains(number) else {
    throw ArrangementError(
      .outOfRange, "the \(what) of \(name) is out of range",
      "it is \(number), and \(range.lowerBound) to \(range.upperBound) are allowed", next)
  }
}
