import Arrangement
import AudioDrivers
import FoundationEssentials
import HootWire
import MIDI
import MusicalTime
import RealtimeEngine

/// What hootenanny's listeners have been told, so that each change is told once.
struct Announced {
  var isBusy = false
  var nodes: [UUID: String] = [:]
  var edges: Set<Edge> = []
  /// Devices that are there, by name, with the class that is told; nil before the first look.
  var devices: [String: String]?
  var looked = ContinuousClock.now
  var isLooking = false

  struct Edge: Hashable {
    let source: UUID
    let target: UUID?
  }
}

// Events for hootenanny's listeners that no request or notice brings by itself. Only what they know: they refuse an
// event of another name.
extension Conductor {
  func publishExecution(_ state: String) {
    server.publish(iopub: ["type": "status", "execution_state": .string(state)])
  }

  /// Busy while the loader works for somebody.
  func publishBusiness() {
    let isBusy = continuations.count > (announced.isLooking ? 1 : 0)
    guard isBusy != announced.isBusy else { return }
    announced.isBusy = isBusy
    publishExecution(isBusy ? "busy" : "idle")
  }

  // MARK: The mixer

  /// Tracks and buses are the nodes, and where they go the connections.
  func publishGraphChanges() {
    var nodes: [UUID: String] = [:]
    var edges: Set<Announced.Edge> = []
    func add(_ id: UUID, _ name: String) {
      nodes[id] = name
      let route = timeline.route(of: id)
      edges.insert(Announced.Edge(source: id, target: route.output))
      for send in route.sends { edges.insert(Announced.Edge(source: id, target: send.bus)) }
    }
    for track in timeline.tracks { add(track.id, track.name) }
    for bus in timeline.buses { add(bus.id, bus.name) }
    guard nodes != announced.nodes || edges != announced.edges else { return }
    for edge in announced.edges.subtracting(edges) { publish(edge, "connection_broken") }
    for id in announced.nodes.keys where nodes[id] == nil {
      server.publish(iopub: ["type": "node_removed", "node_id": .string(id.wireText)])
    }
    for (id, name) in nodes where announced.nodes[id] == nil {
      server.publish(iopub: ["type": "node_added", "node_id": .string(id.wireText), "name": .string(name)])
    }
    for edge in edges.subtracting(announced.edges) { publish(edge, "connection_made") }
    announced.nodes = nodes
    announced.edges = edges
  }

  private func publish(_ edge: Announced.Edge, _ type: String) {
    server.publish(
      iopub: [
        "type": .string(type), "source": ["node_id": .string(edge.source.wireText), "port_name": "out"],
        "dest": ["node_id": .string(edge.target?.wireText ?? Self.masterNode), "port_name": "in"],
      ])
  }

  // MARK: Regions

  /// The first time that a job's region is heard.
  func publishMixedIn(_ region: Region, tick: Double) {
    guard timeline.latents[region.id]?.isJob == true, pulse.mixedIn.insert(region.id).inserted else { return }
    pulse.mixedIn.formIntersection(timeline.latents.keys)
    publishLatent([
      "type": "mixed_in", "region_id": .string(region.id.wireText),
      "at_beat": .number(max(0, tick) / Double(ticksPerBeat)),
    ])
  }

  // MARK: MIDI

  func publishMIDI(_ message: MIDIMessage, from port: String) {
    let microseconds = (ContinuousClock.now - started).inSeconds * 1e6
    server.publish(
      iopub: [
        "type": "midi_received", "port_name": .string(port), "timestamp_us": .integer(Int64(microseconds)),
        "message": message.peerJSON,
      ])
  }

  // MARK: Devices

  /// Looks every two seconds, on the loader's thread, which devices have come or gone.
  func watchDevices(at now: ContinuousClock.Instant) {
    guard !announced.isLooking, now - announced.looked >= .seconds(ControlLimits.deviceLookSeconds) else {
      return
    }
    announced.looked = now
    // When the loader is full there is more to do than this.
    guard (try? load({ .devices(Self.presentDevices()) }, then: { [self] in found($0) })) != nil else {
      return
    }
    announced.isLooking = true
  }

  private static func presentDevices() -> [String: String] {
    var devices: [String: String] = [:]
    for card in ALSACard.all { devices[card.name] = "Audio/Sink" }
    for path in MIDIDevice.found() { devices[path] = "Midi/Bridge" }
    return devices
  }

  private func found(_ loaded: Loaded) {
    announced.isLooking = false
    guard case .devices(let devices) = loaded else { return }
    let before = announced.devices ?? devices
    announced.devices = devices
    for (name, kind) in devices where before[name] == nil { publishDevice(name, kind) }
    for name in before.keys where devices[name] == nil { publishDeviceGone(name) }
  }

  func publishDevice(_ name: String, _ kind: String) {
    server.publish(
      iopub: [
        "type": "device_connected", "pipewire_id": Self.deviceID(name), "name": .string(name),
        "media_class": .string(kind), "identity_id": nil, "identity_name": nil,
      ])
  }

  func publishDeviceGone(_ name: String) {
    server.publish(
      iopub: ["type": "device_disconnected", "pipewire_id": Self.deviceID(name), "name": .string(name)])
  }

  /// There is no number of PipeWire's here; listeners only need the same one for the same name.
  private static func deviceID(_ name: String) -> JSONValue {
    var hash = StableHash()
    for byte in name.utf8 { hash.add(UInt64(byte)) }
    return .integer(Int64(hash.value & 0x7FFF_FFFF))
  }
}

extension MIDIMessage {
  /// In a peer's words; what they have no word for as raw bytes.
  var peerJSON: JSONValue {
    func fields(_ type: String, _ names: [(String, UInt8)]) -> JSONValue {
      JSONValue(
        [("type", .string(type)), ("channel", .integer(Int64(channel)))]
          + names.map { ($0.0, .integer(Int64($0.1))) })
    }
    switch status & 0xF0 {
    case 0x80: return fields("note_off", [("pitch", data1)])
    case 0x90: return fields("note_on", [("pitch", data1), ("velocity", data2)])
    case 0xB0: return fields("control_change", [("controller", data1), ("value", data2)])
    case 0xC0: return fields("program_change", [("program", data1)])
    case 0xE0:
      let bend = Int64(data1) | Int64(data2) << 7
      return ["type": "pitch_bend", "channel": .integer(Int64(channel)), "value": .integer(bend - 8192)]
    case 0xD0: return ["type": "raw", "bytes": .array([status, data1].map { .integer(Int64($0)) })]
    default: return ["type": "raw", "bytes": .array([status, data1, data2].map { .integer(Int64($0)) })]
    }
  }
}
