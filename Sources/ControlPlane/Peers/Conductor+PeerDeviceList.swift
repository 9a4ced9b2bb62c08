import AudioDrivers
import ControlSocket
import HootWire

extension Conductor {
  /// Places where sound can go and come from, numbered.
  func peerListDevices(_ arguments: PeerArguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let (server, list) = (settings.jackServer, settings.audioDevices)
    let keeper = keeper
    try load(
      { .places(PeerPlaces.found(keeper, serverName: server, list: list)) },
      then: { [self] loaded in
        guard case .places(let places) = loaded else { return }
        resume(incoming) { () throws(Refusal) in
          func listed(_ places: [PeerPlace], _ kind: String) -> JSONValue {
            .array(
              places.map { place in
                [
                  "id": .integer(Int64(place.number)), "name": .string(place.name),
                  "media_class": .string(kind),
                  "nick": arguments.isJSON ? JSONValue(place.nick) : .string(place.nick ?? ""),
                ]
              })
          }
          finish(
            incoming,
            [
              "type": "audio_devices", "sources": listed(places.sources, "Audio/Source"),
              "sinks": listed(places.sinks, "Audio/Sink"),
            ])
        }
      })
    return .later
  }
}

/// Where sound can go to or come from, by the name that attaches it.
struct PeerPlace: Sendable, Equatable {
  let number: Int
  let name: String
  let nick: String?
}

struct PeerPlaces: Sendable, Equatable {
  var sources: [PeerPlace] = []
  var sinks: [PeerPlace] = []

  /// Asks servers and cards, or the list in place of them; loader thread.
  static func found(_ keeper: ClockKeeper?, serverName: String?, list: String) -> PeerPlaces {
    var places = PeerPlaces()
    guard list.isEmpty else {
      for device in VirtualDevice.list(list) {
        let place = PeerPlace(number: device.number, name: device.name, nick: device.nick)
        if device.direction == .output { places.sinks.append(place) } else { places.sources.append(place) }
      }
      return places
    }
    let sinks = DriverChoice.probe(serverName: serverName).filter(\.available).flatMap {
      driver -> [(name: String, nick: String)] in
      switch driver.name {
      case "alsa": ALSACard.all.map { (name: $0.name, nick: $0.title) }
      case "timer": []
      default: [(name: driver.name, nick: driver.detail)]
      }
    }
    places.sinks = sinks.enumerated().map { PeerPlace(number: $0 + 1, name: $1.name, nick: $1.nick) }
    places.sources = (keeper?.inputCandidates() ?? []).enumerated().map { index, candidate in
      PeerPlace(number: sinks.count + index + 1, name: candidate.name, nick: candidate.detail)
    }
    return places
  }
}
