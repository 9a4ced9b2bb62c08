import ControlSocket
import HootWire
import MusicalTime
import Tools

/// Somebody waits for events.
struct EventPoll {
  var incoming: Incoming
  var after: UInt64
  var types: [String]
  var limit: Int
  var until: ContinuousClock.Instant
}

extension Conductor {
  /// Answers with what has happened since the cursor, at once where there is something.
  func pollEvents(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    server.log.open()
    let now = ContinuousClock.now
    let types = arguments.texts(.types)
    let limit = arguments.integer(.limit) ?? 100
    var after: UInt64? = server.log.last
    if let cursor = arguments.text(.cursor) {
      after = server.log.number(of: cursor)
    } else if let back = arguments.integer(.sinceMilliseconds) {
      after = server.log.number(before: now - .milliseconds(back))
    }
    let page = server.log.page(after: after, types: types, limit: limit)
    let wait = min(Double(arguments.integer(.timeoutMilliseconds) ?? 0) / 1_000, replySeconds - 1)
    guard after != nil, page.entries.isEmpty, page.missing == 0, wait > 0,
      eventPolls.count < ControlLimits.eventPolls
    else { return .reply(.ok(shown(page, isKnown: after != nil))) }
    eventPolls.append(
      EventPoll(
        incoming: incoming, after: page.seen, types: types, limit: limit,
        until: now + .milliseconds(Int64(wait * 1_000))))
    return .later
  }

  /// Answers those for whom something has happened, or whose time has passed.
  func tendEventPolls() {
    guard !eventPolls.isEmpty else { return }
    let now = ContinuousClock.now
    var left: [EventPoll] = []
    for var poll in eventPolls where peers.isWanted(poll.incoming) {
      let page = server.log.page(after: poll.after, types: poll.types, limit: poll.limit)
      guard page.entries.isEmpty, page.missing == 0, now < poll.until else {
        finish(poll.incoming, .ok(shown(page, isKnown: true)))
        continue
      }
      poll.after = page.seen
      left.append(poll)
    }
    eventPolls = left
  }

  /// - Parameter isKnown: whether the cursor was this daemon's; what is missing before another's cannot be told.
  private func shown(_ page: EventLog.Page, isKnown: Bool) -> JSONValue {
    let now = ContinuousClock.now
    let events = page.entries.map { entry -> JSONValue in
      [
        "cursor": .string(server.log.cursor(entry.number)), "topic": .string(entry.topic),
        "age_ms": .integer(Int64((now - entry.at).inSeconds * 1_000)), "event": entry.content,
      ]
    }
    return [
      "events": .array(events), "cursor": .string(server.log.cursor(page.seen)),
      "missing": isKnown ? .integer(Int64(page.missing)) : nil, "more": .bool(!page.isWhole),
    ]
  }

  /// Beats of the timeline and seconds, by the tempo map as it is.
  func convertTime(_ arguments: Arguments) throws(Refusal) -> Answer {
    let value = arguments.number(.value) ?? 0
    let from = arguments.text(.from) ?? "beats"
    let to = arguments.text(.to) ?? (from == "beats" ? "seconds" : "beats")
    let map = timeline.map
    let tick = from == "beats" ? value * Double(ticksPerBeat) : map.tick(atSeconds: value)
    guard tick.isFinite, (0...Double(TimeLimits.maximumTick)).contains(tick) else {
      throw Refusal(
        "out_of_range", .usage, "\(shownNumber(value)) \(from) is not on the timeline",
        "It ends at beat \(TimeLimits.maximumTick / ticksPerBeat).", "garden status")
    }
    let result = to == "beats" ? tick / Double(ticksPerBeat) : map.seconds(atTick: tick)
    return .reply(
      .ok(JSONValue([("value", .number(result)), ("unit", .string(to))] + placeFields(tick))))
  }
}
