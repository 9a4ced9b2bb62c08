import Arrangement
import ControlSocket
import FoundationEssentials
import HootCapnProto
import HootWire
import MusicalTime

/// Where beats and markers were looked for last.
struct BroadcastPulse {
  /// The playhead in ticks; nil while it stands.
  var tick: Double?
  /// Regions from jobs that have been heard.
  var mixedIn: Set<UUID> = []
}

// What hootenanny's broadcasts carry and this daemon is the source of: beats, markers, the transport. Bare messages in
// their own encoding, on a socket of their own.
extension Conductor {
  /// Tells the beats and markers that the playhead has passed since the last turn.
  func publishPulse() {
    guard transport.state == .rolling else {
      pulse.tick = nil
      return
    }
    let tick = exactPlayhead
    // Just before where it began or jumped to, so that what stands there is told too.
    let start = max(-1, transport.landedTick - 0.001)
    var last = pulse.tick ?? start
    if tick < last || tick - last > ControlLimits.pulseTicks {
      last = tick < transport.landedTick ? tick - 0.001 : max(start, tick - ControlLimits.pulseTicks)
    }
    pulse.tick = tick
    guard schemas != nil, tick > last else { return }
    let beats = Int64((last / Double(ticksPerBeat)).rounded(.down)) + 1
    let lastBeat = Int64((tick / Double(ticksPerBeat)).rounded(.down))
    if beats <= lastBeat {
      for beat in max(0, beats)...max(0, lastBeat) { publishBeat(beat, playhead: tick) }
    }
    for marker in timeline.markers(after: last, through: tick) {
      let tick = Double(marker.tick) / Double(ticksPerBeat)
      let metadata: JSONValue = ["name": .string(marker.name)]
      broadcast([
        "marker_reached": [
          "position_beats": .number(tick), "marker_type": .string(marker.name),
          "metadata": .string(metadata.text),
        ]
      ])
    }
  }

  /// The moment is the beat's own, not that of the turn that noticed it.
  private func publishBeat(_ beat: Int64, playhead: Double) {
    let tick = Double(beat) * Double(ticksPerBeat)
    let since = timeline.map.seconds(atTick: playhead) - timeline.map.seconds(atTick: tick)
    let now = Timestamp.now
    let nanos = now.seconds * 1_000_000_000 + Int64(now.nanoseconds) - Int64(max(0, since) * 1e9)
    broadcast([
      "beat_tick": [
        "timestamp": ["nanos": .integer(nanos)], "beat": .integer(beat),
        "position_beats": .number(Double(beat)),
        "tempo_bpm": .number(timeline.map.bpm(atTick: tick)),
      ]
    ])
  }

  func broadcastTransport(tick: Double) {
    let state: String =
      switch transport.state {
      case .rolling, .countIn: "playing"
      case .paused: "paused"
      case .stopped: "stopped"
      }
    broadcast([
      "transport_state_changed": [
        "state": .string(state), "position_beats": .number(max(0, tick) / Double(ticksPerBeat)),
        "tempo_bpm": .number(timeline.map.bpm(atTick: max(0, tick))),
      ]
    ])
  }

  private func broadcast(_ message: @autoclosure () -> JSONValue) {
    guard server.hasBroadcastListeners else { return }
    do {
      if let bytes = try schemas?.write(message(), as: .broadcast) { server.publish(broadcast: bytes) }
    } catch { Log.warning("a broadcast cannot be written: \(error)") }
  }
}

extension Timeline {
  /// The markers behind one tick and up to another, in their order.
  fileprivate func markers(after first: Double, through last: Double) -> ArraySlice<Marker> {
    var (low, high) = (0, markers.count)
    while low < high {
      let middle = (low + high) / 2
      if Double(markers[middle].tick) <= first { low = middle + 1 } else { high = middle }
    }
    return markers[low...].prefix { Double($0.tick) <= last }
  }
}
