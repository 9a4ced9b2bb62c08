import Arrangement
import HootWire
import MusicalTime
import RealtimeEngine

extension Conductor {
  /// What the renderer told since the last time.
  func takeNotices() {
    while let notice = engine.notices.pop() {
      switch notice.kind {
      case .landed where notice.address == 1: missed(notice)
      case .landed:
        entrances.landed(notice.id)
        mixes.landed(notice.id)
        captures.landed(notice.id)?()
        landed(notice)
      case .retiredSchedule: schedules.retired(notice.id)
      case .retiredBank: loader.dispose(banks.retired(notice.address))
      case .retiredHeads: streaming.retired(notice.id)
      case .overtaken: overtaken(notice)
      case .starving, .starved: publishStarvation(notice)
      case .retiredAudition: auditions[notice.address] = nil
      case .retiredEffect: mixes.retired(notice.address)
      case .halted: halted(notice)
      case .countedIn: countedIn(notice)
      case .looped: publish("transport", "looped", notice)
      case .regionStarted: publishRegion("region_started", notice)
      case .regionRefused: publishRegion("region_refused", notice)
      }
    }
  }

  private func landed(_ notice: Notice) {
    for (id, command) in landing.land(notice.id) {
      quantised.landed(id)
      sessionLanded(id)
      ports.onLanding.removeValue(forKey: id)?()
      let before = transport.state
      transport.landed(command.effect, frame: notice.frame, tick: notice.tick)
      publishLanded(id, command, notice)
      if command.effect != .none { transportMoved(from: before, command.effect, notice) }
    }
  }

  private func publishLanded(_ id: UInt64, _ command: Landing.Pending, _ notice: Notice) {
    guard server.isSubscribed(topic: "command") else { return }
    // A schedule's own lateness counts from when it was compiled; an edit's from when it was accepted.
    let isTimed = notice.id == id && command.dueFrame > 0
    let late = isTimed ? notice.late : notice.frame - command.dueFrame
    var fields: [(String, JSONValue)] = [
      ("type", "landed"), ("command", JSONValue(id)), ("tool", .string(command.tool)),
      ("frame", .integer(notice.frame)),
    ]
    fields += placeFields(notice.tick)
    fields.append(("late_frames", .integer(late)))
    server.publishEvent(topic: "command", content: JSONValue(fields))
  }

  private func countedIn(_ notice: Notice) {
    let before = transport.state
    transport.landed(.roll, frame: notice.frame, tick: notice.tick)
    transportMoved(from: before, .roll, notice)
  }

  private func halted(_ notice: Notice) {
    let before = transport.state
    transport.landed(.pause, frame: notice.frame, tick: notice.tick)
    transportMoved(from: before, .pause, notice)
  }

  private func transportMoved(
    from before: TransportView.State, _ effect: TransportView.Effect, _ notice: Notice
  ) {
    let type: String =
      switch effect {
      case .roll: "rolling"
      case .count: "counting_in"
      case .pause, .panic: "paused"
      case .stop: "stopped"
      case .locate, .none: "located"
      }
    publish("transport", type, notice)
    transportMoved(while: effect, at: notice.tick)
    broadcastTransport(tick: notice.tick)
    if before != .rolling, transport.state == .rolling { bringMissingContent() }
    if before != .rolling, transport.state == .rolling { server.publish(iopub: ["type": "playback_started"]) }
    if before == .rolling, transport.state != .rolling { server.publish(iopub: ["type": "playback_stopped"]) }
  }

  func publish(_ topic: String, _ type: String, _ notice: Notice) {
    guard server.isSubscribed(topic: topic) else { return }
    let fields: [(String, JSONValue)] = [("type", .string(type)), ("frame", .integer(notice.frame))]
    server.publishEvent(topic: topic, content: JSONValue(fields + placeFields(notice.tick)))
  }

  private func publishRegion(_ type: String, _ notice: Notice) {
    let entering = entranceStarted(notice.id)
    guard let region = timeline.regions[key: notice.id] ?? entering ?? growth.region(key: notice.id) else {
      return
    }
    if notice.kind == .regionStarted { publishMixedIn(region, tick: notice.tick) }
    guard server.isSubscribed(topic: "region") else { return }
    var fields: [(String, JSONValue)] = [
      ("type", .string(type)), ("region", .string(region.id.uuidString.lowercased())),
      ("name", .string(region.name)), ("frame", .integer(notice.frame)),
    ]
    fields += placeFields(notice.tick)
    if notice.kind == .regionStarted { fields.append(("midway", .bool(notice.late != 0))) }
    server.publishEvent(topic: "region", content: JSONValue(fields))
  }

  /// A place in every form: `beat` counts quarter notes from 0.
  func placeFields(_ tick: Double) -> [(String, JSONValue)] {
    let whole = Tick(max(0, tick).rounded())
    return [
      ("beat", .number(max(0, tick) / Double(ticksPerBeat))),
      ("position", .string(timeline.map.barBeat(atTick: whole).description)),
    ]
  }
}
