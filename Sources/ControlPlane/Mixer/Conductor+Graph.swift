import Arrangement
import FoundationEssentials
import HootWire
import MusicalTime
import Tools

// What stands between a note and the ear, from memory alone: no device, file or host is asked.
extension Conductor {
  /// One thing that sound or notes go through.
  private struct Node {
    var id: String
    var name: String
    var kind: String
    /// Names of what it leads to.
    var to: [String]
    var regions = 0
    var remarks: [String] = []

    var json: JSONValue {
      [
        "id": .string(id), "name": .string(name), "kind": .string(kind),
        "to": .array(to.map { .string($0) }), "regions": .integer(Int64(regions)),
      ]
    }
  }

  private static let masterName = "master"

  private func nodes() -> [Node] {
    var counts: [UUID: Int] = [:]
    for chunk in timeline.regions.chunks {
      for region in chunk.elements { counts[region.track, default: 0] += 1 }
    }
    var nodes = timeline.tracks.map { track -> Node in
      var node = Node(
        id: track.id.wireText, name: track.name, kind: "track", to: targets(of: track.id),
        regions: counts[track.id, default: 0])
      node.remarks = Self.remarks(track.gainDB, track.pan, track.isMuted, track.isSoloed)
      if let port = track.midiPort { node.to = [port] }
      return node
    }
    nodes += timeline.buses.map { bus in
      Node(
        id: bus.id.wireText, name: bus.name, kind: "bus", to: targets(of: bus.id),
        remarks: ["\(bus.effect.kind.rawValue)"]
          + Self.remarks(bus.gainDB, bus.pan, bus.isMuted, bus.isSoloed))
    }
    let device = keeper?.status()
    nodes.append(
      Node(
        id: Self.masterNode, name: Self.masterName, kind: "master", to: device.map { [$0.device] } ?? []))
    if let device {
      nodes.append(
        Node(
          id: device.name, name: device.device, kind: "output", to: [],
          remarks: ["\(Int(device.sampleRate)) Hz"]))
    }
    for port in ports.attached {
      let track = port.track.flatMap { id in timeline.track(id: id)?.name }
      nodes.append(
        Node(
          id: "\(port.isInput ? "midi-in" : "midi-out") \(port.attachment.slot)", name: port.name,
          kind: port.isInput ? "midi-in" : "midi-out", to: track.map { [$0] } ?? []))
    }
    return nodes
  }

  private func targets(of id: UUID) -> [String] {
    let route = timeline.route(of: id)
    func name(_ bus: UUID) -> String { timeline.buses.first { $0.id == bus }?.name ?? Self.masterName }
    return [route.output.map(name) ?? Self.masterName] + route.sends.map { name($0.bus) }
  }

  private static func remarks(_ gain: Double, _ pan: Double, _ isMuted: Bool, _ isSoloed: Bool) -> [String] {
    [
      gain == 0 ? nil : "\(gain.hundredths) dB", pan == 0 ? nil : "pan \(pan.hundredths)",
      isMuted ? "muted" : nil, isSoloed ? "solo" : nil,
    ].compactMap { $0 }
  }

  func findNodes(_ arguments: Arguments) -> JSONValue {
    let name = arguments.text(.name)?.lowercased()
    let kind = arguments.text(.kind)
    let found = nodes().filter { node in
      (name.map { node.name.lowercased().contains($0) } ?? true) && (kind ?? node.kind) == node.kind
    }
    return .ok(["nodes": .array(found.map(\.json))])
  }

  /// One line for the music, one for each node; names are held to one line where they are given.
  func graphContext() -> JSONValue {
    let nodes = nodes()
    let now = anticipated
    let tick = Tick(max(0, now.exact).rounded(.down))
    let signature = timeline.map.signature(atTick: tick)
    let waiting = timeline.silentLatents.count
    var lines = [
      "\(timeline.map.bpm(atTick: max(0, now.exact)).hundredths) BPM, "
        + "\(signature.numerator)/\(signature.denominator), \(transport.state.rawValue) at "
        + "\(timeline.map.barBeat(atTick: tick)); \(timeline.regions.count) regions play, \(waiting) wait."
    ]
    for node in nodes {
      var line = "\(node.kind) \(node.name)"
      if !node.to.isEmpty { line += " -> \(node.to.joined(separator: ", "))" }
      if node.kind == "track" { line += "; \(node.regions) regions" }
      if !node.remarks.isEmpty { line += "; " + node.remarks.joined(separator: ", ") }
      lines.append(line)
    }
    return .ok([
      "context": .string(lines.joined(separator: "\n")), "nodes": .integer(Int64(nodes.count)),
    ])
  }
}
