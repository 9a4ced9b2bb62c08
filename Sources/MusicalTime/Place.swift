/// A place that a position names by what it is, not by where: `@next-bar` and its like. No marker can be
/// called so.
package enum Place: Sendable, Equatable {
  /// `next-beat`, `next-bar`, and `next-4-bars` for the next of bars 1, 5, 9, …: the first after the
  /// playhead.
  case next(Raster)
  /// The first marker after the playhead.
  case nextMarker
  /// The last marker before the playhead. While it rolls, one that it has passed by less than a beat does not
  /// count: asked for twice in a row, it is the one before.
  case previousMarker
  case loopStart, loopEnd
  /// The marker `start`, else the start of the timeline.
  case start
  /// The end of the last region.
  case end

  /// From its name without the `@`; nil for what is no such name, and so may be a marker's.
  package init?(_ name: some StringProtocol) {
    switch name {
    case "next-beat": self = .next(.beat)
    case "next-bar": self = .next(.bar(every: 1))
    case "next-marker": self = .nextMarker
    case "previous-marker": self = .previousMarker
    case "loop-start": self = .loopStart
    case "loop-end": self = .loopEnd
    case "start": self = .start
    case "end": self = .end
    default:
      guard name.hasPrefix("next-"), name.hasSuffix("-bars"), name.utf8.count > 10 else { return nil }
      let digits = name.dropFirst(5).dropLast(5)
      guard digits.utf8.count <= 4, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let every = Int(digits), (1...TimeLimits.maximumBarRaster).contains(every)
      else { return nil }
      self = .next(.bar(every: every))
    }
  }

  /// Whether a name is kept from markers. `start` is not: the marker of that name says where it is.
  package static func isReserved(_ name: String) -> Bool { name != "start" && Place(name) != nil }

  /// The names, for completion and help.
  package static let names = [
    "next-bar", "next-beat", "next-4-bars", "next-marker", "previous-marker", "loop-start", "loop-end",
    "start", "end",
  ]
}

extension Place: CustomStringConvertible {
  package var description: String {
    switch self {
    case .next(.beat): "next-beat"
    case .next(.bar(every: 1)): "next-bar"
    case .next(.bar(let every)): "next-\(every)-bars"
    case .nextMarker: "next-marker"
    case .previousMarker: "previous-marker"
    case .loopStart: "loop-start"
    case .loopEnd: "loop-end"
    case .start: "start"
    case .end: "end"
    }
  }
}

extension PositionContext {
  /// The tick a place is at now.
  func tick(_ place: Place) throws(PositionError) -> Tick {
    switch place {
    case .next(let raster): return map.line(raster, atOrAfter: afterPlayhead)
    case .nextMarker: return try marker(place, first: { Double($0) >= afterPlayhead })
    case .previousMarker: return try marker(place, last: { Double($0) < beforePlayhead })
    case .loopStart, .loopEnd:
      guard let loop else {
        throw .noSuchPlace(place, why: "no loop range has been set", next: "garden loop 1:1 5:1")
      }
      return place == .loopStart ? loop.lowerBound : loop.upperBound
    case .start: return markers["start"] ?? 0
    case .end: return end
    }
  }

  /// What has come through the frame axis and back is the tick itself when it is as close as this.
  private static let near = 1e-6

  private var afterPlayhead: Double { (exactPlayhead + Self.near).rounded(.down) + 1 }

  private var beforePlayhead: Double {
    isRolling ? exactPlayhead - Double(ticksPerBeat) : exactPlayhead - Self.near
  }

  private func marker(_ place: Place, first isMeant: (Tick) -> Bool) throws(PositionError) -> Tick {
    guard let found = markers.values.filter(isMeant).min() else { throw noMarker(place, "after") }
    return found
  }

  private func marker(_ place: Place, last isMeant: (Tick) -> Bool) throws(PositionError) -> Tick {
    guard let found = markers.values.filter(isMeant).max() else { throw noMarker(place, "before") }
    return found
  }

  private func noMarker(_ place: Place, _ side: String) -> PositionError {
    let why =
      markers.isEmpty
      ? "the timeline has no markers"
      : "no marker lies \(side) the playhead, which is at \(map.barBeat(atTick: playhead))"
    return .noSuchPlace(
      place, why: why, next: markers.isEmpty ? "garden marker add chorus --at 5:1" : "garden marker ls")
  }
}
