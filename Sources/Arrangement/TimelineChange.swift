import FoundationEssentials
import MusicalTime

/// What can be told apart from others of its kind, so that a change of it can be told.
package protocol Changeable: Sendable, Equatable, Codable {
  /// Which one it is.
  var object: TimelineObject { get }
}

/// One thing of a timeline that an edit can change.
package enum TimelineObject: Hashable, Sendable {
  case track(UUID)
  case bus(UUID)
  /// Where a track or a bus goes.
  case route(UUID)
  case region(UUID)
  case latent(UUID)
  case clip(UUID)
  case marker(String)
  case map, loop, masterGain
}

/// One thing before and after an edit; nil where it was not there.
package struct ItemChange<Item: Changeable>: Sendable, Equatable, Codable {
  package var old: Item?
  package var new: Item?
  /// Where it stands among its like, of tracks and buses.
  package var place: Int?

  var object: TimelineObject? { (new ?? old)?.object }
  var inverted: ItemChange { ItemChange(old: new, new: old, place: place) }
}

/// Something that is always there, before and after an edit.
package struct ValueChange<Value: Sendable & Equatable & Codable>: Sendable, Equatable, Codable {
  package var old: Value
  package var new: Value

  package init(old: Value, new: Value) { (self.old, self.new) = (old, new) }

  var inverted: ValueChange { ValueChange(old: new, new: old) }
}

/// What an edit made of a timeline: what was and what is, of everything it touched and of nothing else. A value; it is
/// found by comparing, so that no edit can forget to tell.
package struct TimelineChange: Sendable, Equatable, Codable {
  package struct Map: Sendable, Equatable, Codable {
    package var tempos: [SessionDocument.Tempo]
    package var signatures: [SessionDocument.Signature]
  }

  /// nil within: there is no loop.
  package struct Loop: Sendable, Equatable, Codable {
    package var range: SessionDocument.Loop?
  }

  package var tracks: [ItemChange<Track>]?
  package var buses: [ItemChange<Bus>]?
  package var routes: [ItemChange<SessionDocument.Routing>]?
  package var clips: [ItemChange<Clip>]?
  package var regions: [ItemChange<Region>]?
  package var latents: [ItemChange<LatentRegion>]?
  package var markers: [ItemChange<Marker>]?
  package var map: ValueChange<Map>?
  package var loop: ValueChange<Loop>?
  package var masterGain: ValueChange<Double>?
  /// The key that the next region gets.
  package var nextKey: UInt64

  init(nextKey: UInt64) { self.nextKey = nextKey }

  /// What takes it back.
  package var inverted: TimelineChange {
    var change = TimelineChange(nextKey: nextKey)
    change.tracks = tracks?.map(\.inverted)
    change.buses = buses?.map(\.inverted)
    change.routes = routes?.map(\.inverted)
    change.clips = clips?.map(\.inverted)
    change.regions = regions?.map(\.inverted)
    change.latents = latents?.map(\.inverted)
    change.markers = markers?.map(\.inverted)
    change.map = map?.inverted
    change.loop = loop?.inverted
    change.masterGain = masterGain?.inverted
    return change
  }

  /// How many things it touches.
  package var count: Int {
    (tracks?.count ?? 0) + (buses?.count ?? 0) + (routes?.count ?? 0) + (clips?.count ?? 0)
      + (regions?.count ?? 0) + (latents?.count ?? 0) + (markers?.count ?? 0) + (map == nil ? 0 : 1)
      + (loop == nil ? 0 : 1) + (masterGain == nil ? 0 : 1)
  }

  /// Whether it touches a thing.
  package func touches(_ object: TimelineObject) -> Bool {
    switch object {
    case .track: tracks?.contains { $0.object == object } ?? false
    case .bus: buses?.contains { $0.object == object } ?? false
    case .route: routes?.contains { $0.object == object } ?? false
    case .clip: clips?.contains { $0.object == object } ?? false
    case .region: regions?.contains { $0.object == object } ?? false
    case .latent: latents?.contains { $0.object == object } ?? false
    case .marker: markers?.contains { $0.object == object } ?? false
    case .map: map != nil
    case .loop: loop != nil
    case .masterGain: masterGain != nil
    }
  }
}

extension Track: Changeable { package var object: TimelineObject { .track(id) } }
extension Bus: Changeable { package var object: TimelineObject { .bus(id) } }
extension Region: Changeable { package var object: TimelineObject { .region(id) } }
extension LatentRegion: Changeable { package var object: TimelineObject { .latent(id) } }
extension Clip: Changeable { package var object: TimelineObject { .clip(id) } }
extension Marker: Changeable { package var object: TimelineObject { .marker(name) } }
extension SessionDocument.Routing: Changeable { package var object: TimelineObject { .route(strip) } }
