import Arrangement
import FoundationEssentials
import MusicalTime
import RealtimeEngine

/// A region whose content is exchanged while the playhead is in it. Pure; the Conductor asks what the renderer is to play
/// and tells where the playhead is.
struct Entrance {
  enum Phase: Equatable {
    /// What was there plays until `at`, what comes from there on; until `end` they are faded into each other.
    case approaching(at: Tick, end: Tick)
    /// What sounds now sounds on, and what comes is there when the playhead comes back.
    case passing
    case done
  }

  /// The region as it is to be.
  let region: Region
  /// What plays there, if anything does.
  let old: Region?
  /// The renderer's number for the part of the region that enters midway.
  let partKey: UInt64
  let partID = UUID()
  private(set) var phase: Phase
  /// What sounds on while passing.
  private var leaving: Region?
  /// The renderer has begun the part. Before that nothing may tell it not to.
  private var hasBegun = false
  /// Seconds behind its line after which a part has begun, or never will.
  private static let surely = 0.05
  /// How the two are faded into each other; nil: as the regions say.
  var curve: Region.Curve?

  /// - Parameters:
  ///   - line: where it may enter by its rule; nil where that is only the region's start.
  ///   - crossfade: ticks.
  init(_ region: Region, over old: Region?, partKey: UInt64, line: Tick?, crossfade: Tick) {
    self.region = region
    var old = old
    if old?.id == region.id { old?.id = UUID() }
    self.old = old
    self.partKey = partKey
    if let line, line < region.end {
      phase = .approaching(at: line, end: min(line + crossfade, region.end))
    } else {
      phase = .passing
      leaving = old
    }
  }

  /// What the renderer is to play in the region's place, and in which passes.
  func parts(in map: TempoMap) -> [(region: Region, pass: ScheduledRegion.Pass)] {
    switch phase {
    case .approaching(let at, let end):
      var parts = [(part(from: at, until: end, in: map), ScheduledRegion.Pass.every)]
      if var old, old.start < end {
        old.curve = curve ?? old.curve
        if old.end > end { old = old.part(until: end) }
        if end > at {
          old.fadeOutSeconds = map.seconds(atTick: Double(end)) - map.seconds(atTick: Double(at))
        }
        parts.append((old, .every))
      }
      return parts
    case .passing:
      return [(region, .next)] + (leaving.map { [($0, .last)] } ?? [])
    case .done: return [(region, .every)]
    }
  }

  private func part(from at: Tick, until end: Tick, in map: TempoMap) -> Region {
    var part = region.part(from: at, in: map)
    part.id = partID
    part.key = partKey
    part.curve = curve ?? part.curve
    if end > at { part.fadeInSeconds = map.seconds(atTick: Double(end)) - map.seconds(atTick: Double(at)) }
    return part
  }

  /// What is heard of the new content at a tick within the region, as the renderer knows it; nil before it has entered.
  func heard(at tick: Double, in map: TempoMap) -> Region? {
    switch phase {
    case .approaching(let at, let end): tick < Double(at) ? nil : part(from: at, until: end, in: map)
    case .passing: leaving?.key == partKey ? leaving : nil
    case .done: region
    }
  }

  /// The playhead is at a tick; answers whether the renderer has to be told anew.
  ///
  /// - Parameter isInside: it rolls, and is in the region.
  mutating func move(to tick: Double, isInside: Bool, in map: TempoMap) -> Bool {
    guard isInside else {
      guard phase != .done else { return false }
      phase = .done
      return true
    }
    guard case .approaching(let at, let end) = phase, tick >= Double(end) else { return false }
    guard hasBegun || map.seconds(atTick: tick) - map.seconds(atTick: Double(at)) >= Self.surely else {
      return false
    }
    leaving = part(from: at, until: end, in: map)
    phase = .passing
    return true
  }

  /// The renderer has started the part.
  mutating func partBegan() { hasBegun = true }

  /// The renderer has started a region of this number.
  mutating func started(_ key: UInt64) -> Bool {
    guard phase == .passing, key == region.key else { return false }
    phase = .done
    return true
  }
}
