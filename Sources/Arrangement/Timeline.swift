import FoundationEssentials
import MusicalTime

/// What should sound: a value. An edit is made on a copy and put in place whole, so a refused one changes nothing.
/// Owned by the control thread.
package struct Timeline: Sendable, Equatable {
  package internal(set) var tracks: [Track] = []
  package internal(set) var buses: [Bus] = []
  /// Where tracks and buses go, by their ids; what is not named goes to the main bus.
  package internal(set) var routes: [UUID: Route] = [:]
  package internal(set) var regions = RegionSet()
  /// By the id that each has in common with its region, once that plays.
  package internal(set) var latents: [UUID: LatentRegion] = [:]
  package internal(set) var clips: [UUID: Clip] = [:]
  package internal(set) var markers: [Marker] = []
  package internal(set) var map: TempoMap
  package internal(set) var loop: Range<Tick>?
  package internal(set) var isLooping = false
  package internal(set) var masterGainDB = 0.0
  package internal(set) var nextKey: UInt64 = 1

  package init(map: TempoMap) { self.map = map }

  /// The end of the last region.
  package var end: Tick { regions.end }

  /// The marker `start`, else the start of the timeline.
  package var startTick: Tick { markers.first { $0.name == "start" }?.tick ?? 0 }

  /// - Parameter named: whether names of markers may be asked for; to gather ten thousand of them takes time.
  package func positionContext(playhead: Tick, named: Bool = true) -> PositionContext {
    PositionContext(
      map: map, playhead: playhead, end: end,
      markers: !named ? [:] : Dictionary(markers.map { ($0.name, $0.tick) }, uniquingKeysWith: { $1 }),
      loop: loop)
  }

  package mutating func setMasterGain(_ gainDB: Double) { masterGainDB = gainDB }

  /// The same session at another sample rate: what counts in frames is counted anew.
  package mutating func resample(to rate: Double) throws(TempoMapError) {
    let ratio = rate / map.sampleRate
    map = try map.resampled(to: rate)
    let changed = regions.map { region in
      var region = region
      region.skipFrames = Int64((Double(region.skipFrames) * ratio).rounded())
      return region
    }
    regions = RegionSet()
    regions.insert(new: changed)
  }

  package mutating func setMap(_ map: TempoMap) { self.map = map }

  /// A loop must be long enough for the renderer's fades.
  package mutating func setLoop(_ range: Range<Tick>, minimumSeconds: Double) throws(ArrangementError) {
    let seconds =
      map.seconds(atTick: Double(range.upperBound)) - map.seconds(atTick: Double(range.lowerBound))
    guard seconds >= minimumSeconds else {
      throw ArrangementError(
        .outOfRange, "the loop is too short",
        "it would last \(seconds) s, and \(minimumSeconds) s is the least",
        "garden loop 1:1 5:1")
    }
    loop = range
    isLooping = true
  }

  package mutating func setLooping(_ isOn: Bool) throws(ArrangementError) {
    guard !isOn || loop != nil else {
      throw ArrangementError(
        .empty, "there is no loop to switch on", "no loop range has been set", "garden loop 1:1 5:1")
    }
    isLooping = isOn
  }
}

extension Timeline {
  /// Keys that regions had which are gone are not given again.
  package mutating func reserveKeys(below key: UInt64) {
    nextKey = max(nextKey, min(key, UInt64(Int64.max)))
  }
}
