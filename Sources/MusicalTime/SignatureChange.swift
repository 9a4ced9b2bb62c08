/// A time signature from `tick` on; a change inside a bar starts a new bar there.
package struct SignatureChange: Sendable, Equatable {
  package var tick: Tick
  package var numerator: Int
  package var denominator: Int

  package init(tick: Tick, numerator: Int, denominator: Int) {
    self.tick = tick
    self.numerator = numerator
    self.denominator = denominator
  }

  /// Length of one beat of the signature's denominator, in ticks.
  package var beatTicks: Tick { ticksPerWholeNote / Tick(denominator) }
  package var barTicks: Tick { beatTicks * Tick(numerator) }

  static func normalised(_ changes: [SignatureChange]) throws(TempoMapError) -> [SignatureChange] {
    guard changes.count <= TimeLimits.maximumSignatureChanges else { throw .tooManyChanges(changes.count) }
    for change in changes {
      guard (1...TimeLimits.maximumNumerator).contains(change.numerator),
        [1, 2, 4, 8, 16, 32, 64].contains(change.denominator)
      else {
        throw .badSignature(change.numerator, change.denominator)
      }
      guard (0...TimeLimits.maximumTick).contains(change.tick) else { throw .tickOutOfRange(change.tick) }
    }
    let indexed = changes.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }
    var result: [SignatureChange] = []
    for (_, change) in indexed {
      if result.last?.tick == change.tick { result.removeLast() }
      result.append(change)
    }
    if result.first?.tick != 0 {
      result.insert(SignatureChange(tick: 0, numerator: 4, denominator: 4), at: 0)
    }
    return result
  }
}

/// A musical place: bar and beat count from 1, beats in the signature's denominator, ticks from 0.
package struct BarBeat: Sendable, Equatable, CustomStringConvertible {
  package var bar: Int
  package var beat: Int
  package var tick: Int

  package init(bar: Int, beat: Int, tick: Int = 0) {
    self.bar = bar
    self.beat = beat
    self.tick = tick
  }

  /// `5:1:000`, read back by `Position.parse`.
  package var description: String {
    let digits = String(tick)
    return "\(bar):\(beat):" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}

extension TempoMap {
  /// The signature under a tick.
  package func signature(atTick tick: Tick) -> SignatureChange {
    signatures.last { $0.tick <= tick } ?? signatures[0]
  }

  /// The bar, beat and tick of a place; places before the start count as the start.
  package func barBeat(atTick tick: Tick) -> BarBeat {
    let tick = max(0, tick)
    var bar: Tick = 1
    for (index, signature) in signatures.enumerated() {
      let next = index + 1 < signatures.count ? signatures[index + 1].tick : Tick.max
      guard tick >= next else {
        let inside = tick - signature.tick
        bar += inside / signature.barTicks
        let rest = inside % signature.barTicks
        return BarBeat(
          bar: Int(bar), beat: Int(rest / signature.beatTicks) + 1, tick: Int(rest % signature.beatTicks))
      }
      let length = next - signature.tick
      bar += (length + signature.barTicks - 1) / signature.barTicks
    }
    preconditionFailure("the last signature has no end")
  }

  /// The tick of a place, or nil when its bar has no such beat or its beat no such tick.
  package func tick(of place: BarBeat) -> Tick? {
    guard place.bar >= 1, place.beat >= 1, place.tick >= 0 else { return nil }
    var bar: Tick = 1
    for (index, signature) in signatures.enumerated() {
      let next = index + 1 < signatures.count ? signatures[index + 1].tick : Tick.max
      let bars =
        next == .max ? Tick.max : (next - signature.tick + signature.barTicks - 1) / signature.barTicks
      if Tick(place.bar) - bar < bars {
        guard place.beat <= signature.numerator, Tick(place.tick) < signature.beatTicks else { return nil }
        let (start, overflow) = (Tick(place.bar) - bar).multipliedReportingOverflow(by: signature.barTicks)
        guard !overflow, start <= TimeLimits.maximumTick else { return nil }
        let tick = signature.tick + start + Tick(place.beat - 1) * signature.beatTicks + Tick(place.tick)
        return tick < next ? tick : nil
      }
      bar += bars
    }
    return nil
  }
}
