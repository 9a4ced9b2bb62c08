import HootWire
import MusicalTime

/// When what was last told.
struct Cadence {
  var position = ContinuousClock.now
  var meters = ContinuousClock.now
  var lateBlocks: UInt64 = 0
  var stolen: UInt64 = 0
  var notesRefused: UInt64 = 0
}

extension Conductor {
  /// Positions ten times a second while rolling, meters twenty times while somebody listens, and what went
  /// wrong.
  func publishPeriodically() {
    let now = ContinuousClock.now
    if now - cadence.position >= .milliseconds(100) {
      cadence.position = now
      if transport.state == .rolling { publishPosition() }
      publishTroubles()
      publishGraphChanges()
      watchDevices(at: now)
      tendHeads()
    }
    if now - cadence.meters >= .milliseconds(50) {
      cadence.meters = now
      if server.isSubscribed(topic: "meter") {
        let levels = meters().object?.members.map { ($0.key, $0.value) } ?? []
        server.publishEvent(topic: "meter", content: JSONValue([("type", "meters")] + levels))
      }
    }
  }

  private func publishPosition() {
    let tick = exactPlayhead
    let beat = tick / Double(ticksPerBeat)
    server.publish(
      iopub: [
        "type": "playback_position", "beat": .number(beat),
        "second": .number(timeline.map.seconds(atTick: tick)),
      ])
    server.publishEvent(
      topic: "transport", content: JSONValue([("type", "position")] + placeFields(tick)))
  }

  /// Each kind of trouble is said when its count has grown.
  private func publishTroubles() {
    let report = engine.report.read()
    let status = keeper?.status()
    if let status, status.lateBlocks > cadence.lateBlocks {
      server.publishEvent(
        topic: "xrun", content: ["type": "late_blocks", "count": JSONValue(status.lateBlocks)])
      server.publish(iopub: ["type": "audio_underrun", "count": JSONValue(status.lateBlocks)])
    }
    cadence.lateBlocks = status?.lateBlocks ?? 0
    if report.voicesStolen > cadence.stolen {
      warn(
        "\(report.voicesStolen - cadence.stolen) voices were ended early: the voice budget is \(settings.voices)"
      )
      cadence.stolen = report.voicesStolen
    }
    if report.notesRefused > cadence.notesRefused {
      warn("\(report.notesRefused - cadence.notesRefused) notes were refused: too many began at once")
      cadence.notesRefused = report.notesRefused
    }
  }
}
