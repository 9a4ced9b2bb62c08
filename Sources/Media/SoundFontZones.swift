extension SoundFontFile {
  /// Checks what the instruments are made of. Answers the number of zones of each.
  func checkInstruments(_ layout: SoundFontLayout) throws(MediaError) -> [Int] {
    let zones = layout.instrumentZones
    try checkRecords(layout.samples, "samples")
    let ranges = try zoneRanges(of: layout.instruments, indexAt: 20, in: zones, "instruments")
    for zone in 0..<(zones.bags.count - 1) {
      try checkModulators(of: zone, in: zones)
      _ = try target(of: zone, in: zones, generator: 53, count: layout.samples.count - 1)
    }
    return ranges.map(\.count)
  }

  /// Checks what the presets are made of; `instrumentZones` has the number of zones of each instrument.
  func checkPresets(_ layout: SoundFontLayout, instrumentZones: [Int]) throws(MediaError) {
    let zones = layout.presetZones
    _ = try zoneRanges(of: layout.presets, indexAt: 24, in: zones, "presets")
    var layers = 0
    for zone in 0..<(zones.bags.count - 1) {
      try checkModulators(of: zone, in: zones)
      guard let instrument = try target(of: zone, in: zones, generator: 41, count: instrumentZones.count)
      else {
        continue
      }
      layers += instrumentZones[instrument]
      guard layers <= MediaLimits.maximumSoundFontLayers else {
        throw broken(
          "more than that", asked: "at most \(MediaLimits.maximumSoundFontLayers) layers in all presets")
      }
    }
  }

  private func checkRecords(_ table: SoundFontTable, _ what: String) throws(MediaError) {
    guard table.count >= 2 else { throw broken("no \(what)", asked: "at least one of the \(what)") }
    guard table.count - 1 <= MediaLimits.maximumSoundFontRecords else {
      throw broken("\(table.count - 1) \(what)", asked: "at most \(MediaLimits.maximumSoundFontRecords)")
    }
  }

  /// The zones of each record of a table of presets or instruments, which must follow one another without a
  /// gap.
  private func zoneRanges(
    of table: SoundFontTable, indexAt field: Int, in zones: SoundFontZones, _ what: String
  ) throws(MediaError) -> [Range<Int>] {
    try checkRecords(table, what)
    guard zones.bags.count >= 1 else {
      throw broken("an empty table \"\(zones.bags.tag)\"", asked: "its end")
    }
    let ranges = try steps(of: table, field, end: (zones.bags.count - 1)...(zones.bags.count - 1))
    // The record of the end may be missing from these two: files without it are about.
    let (generators, modulators) = (zones.generators.count, zones.modulators.count)
    _ = try steps(of: zones.bags, 0, end: max(0, generators - 1)...generators)
    _ = try steps(of: zones.bags, 2, end: max(0, modulators - 1)...modulators)
    return ranges
  }

  /// The ranges between the indexes in one field of a table, which must start at 0, never fall and end inside
  /// `end`.
  private func steps(of table: SoundFontTable, _ field: Int, end: ClosedRange<Int>) throws(MediaError)
    -> [Range<Int>]
  {
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(table.count)
    var previous = 0
    for record in table.records {
      let index = table.word(record, field)
      guard index >= previous, record > 0 || index == 0 else {
        throw broken(
          "index \(index) in record \(record) of \"\(table.tag)\"",
          asked: record == 0 ? "0 there" : "\(previous) or more there")
      }
      if record > 0 { ranges.append(previous..<index) }
      previous = index
    }
    guard end.contains(previous) else {
      throw broken("\(previous) as the last index of \"\(table.tag)\"", asked: "\(end.upperBound) there")
    }
    return ranges
  }

  /// The instrument or sample that a zone plays: what its first generator of that number names. Nil for a
  /// zone that only has settings for the others.
  private func target(
    of zone: Int, in zones: SoundFontZones, generator wanted: Int, count: Int
  ) throws(MediaError) -> Int? {
    for record in zones.bags.word(zone, 0)..<zones.bags.word(zone + 1, 0)
    where zones.generators.word(record, 0) == wanted {
      let target = zones.generators.word(record, 2)
      guard target < count else {
        throw broken(
          "a zone in \"\(zones.bags.tag)\" that plays number \(target)", asked: "a number below \(count)")
      }
      return target
    }
    return nil
  }

  private func checkModulators(of zone: Int, in zones: SoundFontZones) throws(MediaError) {
    let records = zones.bags.word(zone, 2)..<zones.bags.word(zone + 1, 2)
    guard records.count <= MediaLimits.maximumZoneModulators else {
      throw broken(
        "a zone with \(records.count) modulators", asked: "at most \(MediaLimits.maximumZoneModulators)")
    }
    for record in records {
      // FluidSynth keeps the low byte and writes to the place of that number without looking whether there is
      // one.
      let aim = zones.modulators.word(record, 2)
      guard aim & 0xFF < MediaLimits.soundFontGenerators else {
        throw broken(
          "a modulator in \"\(zones.modulators.tag)\" of generator \(aim)",
          asked: "generator 0 to \(MediaLimits.soundFontGenerators - 1)")
      }
    }
  }
}
