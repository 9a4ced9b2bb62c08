import Arrangement
import FoundationEssentials
import HootWire
import MusicalTime
import RealtimeEngine

// The whole state in one reply, as older peers ask for it.
extension Conductor {
  func peerSnapshot() throws(Refusal) -> JSONValue {
    peerAudio.snapshots += 1
    let now = anticipated
    let regions = try peerRegions(in: 0..<Tick(TimeLimits.maximumTick) + 1)
    let graph = peerGraph()
    let doors = peerDoors()
    let jobs = timeline.latents.values.filter { $0.status == .pending || $0.status == .running }
    return [
      "type": "snapshot",
      "snapshot": [
        "version": JSONValue(peerAudio.snapshots),
        "transport": [
          "playing": .bool(now.isRolling || transport.state == .countIn),
          "position": .number(max(0, now.exact) / Double(ticksPerBeat)),
          "tempo": .number(timeline.map.bpm(atTick: max(0, now.exact))),
        ],
        "regions": .array(regions.map(snapshotRegion)), "nodes": .array(graph.nodes),
        "edges": .array(graph.edges),
        "latent_jobs": .array(jobs.sorted { $0.key < $1.key }.map(Self.latentJob)),
        "pending_approvals": pendingApprovals()["approvals"].map(Self.briefApprovals) ?? [],
        "outputs": doors.outputs, "inputs": [], "midi_devices": doors.midi, "tempo_map": peerTempoMap(),
      ],
    ]
  }

  private func snapshotRegion(_ region: PeerRegion) -> JSONValue {
    let latent = region.isLatent ? region.latent : nil
    return [
      "id": region.wireID, "position": region.position, "duration": region.duration,
      "behavior_type": region.isLatent ? "latent" : "play_content", "name": JSONValue(region.name),
      "tags": [],
      "content_hash": JSONValue(region.content), "content_type": JSONValue(region.kind?.rawValue),
      "latent_status": JSONValue(latent?.status.rawValue),
      "latent_progress": JSONValue(Float(latent?.progress ?? 0)), "job_id": JSONValue(latent?.job),
      "generation_tool": JSONValue(latent?.tool), "is_resolved": .bool(latent?.status == .resolved),
      "is_approved": .bool(latent?.status == .approved), "is_playable": .bool(region.isPlayable),
      "is_alive": true, "is_tombstoned": false,
    ]
  }

  private static func latentJob(_ latent: LatentRegion) -> JSONValue {
    [
      "id": .string(latent.job ?? ""), "region_id": .string(latent.id.wireText),
      "tool": .string(latent.tool ?? ""), "progress": JSONValue(Float(latent.progress)),
    ]
  }

  private static func briefApprovals(_ approvals: JSONValue) -> JSONValue {
    .array(
      (approvals.array ?? []).map { approval in
        [
          "region_id": approval["region_id"] ?? nil, "content_hash": approval["content_hash"] ?? nil,
          "content_type": approval["content_type"] ?? nil,
        ]
      })
  }

  private func peerTempoMap() -> JSONValue {
    let changes = timeline.map.changes
    return [
      "default_tempo": .number(changes.first?.bpm ?? 120), "ticks_per_beat": .integer(Int64(ticksPerBeat)),
      "changes": .array(
        changes.dropFirst().map { ["tick": .integer($0.tick), "tempo": .number($0.bpm)] }),
    ]
  }

  /// Where sound leaves and MIDI comes in.
  func peerDoors() -> (outputs: JSONValue, midi: JSONValue) {
    let status = isAudioAttached ? keeper?.status() : nil
    let outputs: JSONValue =
      status.map { status in
        [
          [
            "id": "default", "name": .string(status.device), "channels": .integer(Int64(status.outputs)),
            "pw_node_id": nil,
          ]
        ]
      } ?? []
    let midi: JSONValue =
      midi.device.map { device in
        [["id": .string(device.path), "name": .string(device.path), "direction": "input", "pw_node_id": nil]]
      } ?? []
    return (outputs, midi)
  }

  // MARK: The mixer as a graph

  /// The main bus has no id of its own.
  static let masterNode = "00000000-0000-0000-0000-000000000000"

  func peerGraph() -> (nodes: [JSONValue], edges: [JSONValue]) {
    var nodes = [Self.node(Self.masterNode, "master", "master", isSource: false)]
    var edges: [JSONValue] = []
    for track in timeline.tracks {
      nodes.append(Self.node(track.id.wireText, track.name, "track", isSource: true))
      edges += peerEdges(from: track.id)
    }
    for bus in timeline.buses {
      nodes.append(Self.node(bus.id.wireText, bus.name, "bus", isSource: false))
      edges += peerEdges(from: bus.id)
    }
    return (nodes, edges)
  }

  private static func node(_ id: String, _ name: String, _ type: String, isSource: Bool) -> JSONValue {
    let (input, output): (JSONValue, JSONValue) = (
      isSource ? [] : [["name": "in", "signal_type": "audio"]], [["name": "out", "signal_type": "audio"]]
    )
    return [
      "id": .string(id), "name": .string(name), "type_id": .string(type), "inputs": input, "outputs": output,
      "latency_samples": 0, "can_realtime": true, "can_offline": true,
    ]
  }

  private func peerEdges(from id: UUID) -> [JSONValue] {
    let route = timeline.route(of: id)
    let targets = [route.output?.wireText ?? Self.masterNode] + route.sends.map(\.bus.wireText)
    return targets.map { target in
      [
        "source_id": .string(id.wireText), "source_port": "out", "dest_id": .string(target),
        "dest_port": "in",
      ]
    }
  }
}
