/// The lines that a quantised command waits for.
package enum Raster: Sendable, Equatable {
  /// Every beat of the signature's denominator.
  case beat
  /// The bars 1, 1 + `every`, 1 + 2·`every`, …
  case bar(every: Int)
}

extension TempoMap {
  /// The first line of a raster at or after a place.
  package func line(_ raster: Raster, atOrAfter place: Double) -> Tick {
    var number: Tick = 1
    for (index, signature) in signatures.enumerated() {
      let next = index + 1 < signatures.count ? signatures[index + 1].tick : Tick.max
      if let line = Self.line(raster, atOrAfter: place, in: signature, first: number), line < next {
        return line
      }
      guard next != .max else { break }
      number += (next - signature.tick + signature.barTicks - 1) / signature.barTicks
    }
    preconditionFailure("the last signature has no end, and so no last line")
  }

  /// `first` is the number of the bar that the signature begins.
  private static func line(
    _ raster: Raster, atOrAfter place: Double, in signature: SignatureChange, first: Tick
  ) -> Tick? {
    let length = raster == .beat ? signature.beatTicks : signature.barTicks
    let away = max(0, place - Double(signature.tick))
    guard away <= 2 * Double(TimeLimits.maximumTick) else { return nil }
    var count = Tick((away / Double(length)).rounded(.up))
    if case .bar(let every) = raster {
      let over = (first + count - 1) % Tick(every)
      if over > 0 { count += Tick(every) - over }
    }
    return signature.tick + count * length
  }
}
